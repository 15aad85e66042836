#!/usr/bin/env python3
"""Drives the participant's page in a real browser, from disk and by keyboard alone, and holds what it gives against the bundle.

    python3 -m pip install -r crates/adm-survey/tests/page/requirements.txt
    python3 crates/adm-survey/tests/page/drive.py [--screenshots FOLDER] [--answers FOLDER] [BUNDLE]

Without a bundle it writes a synthetic one and does everything: a whole participation with the tab closed midway, pictures of
every page, switching rendered offline, damaged and hostile surroundings, presses and habits of people, a server, and the time a
page takes to open. With a bundle, it is one participation in that, whose answers go to --answers. Needs Debian's `chromium`, or
another at $CHROMIUM. Takes about three minutes.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import tempfile
import time
import tomllib

from playwright.sync_api import sync_playwright

import checks
import fixture
import habits
import hostile
import offline
import presses
import served
from participant import SHOWN, Participant


# Seconds in which a bundle of forty stimuli should be open.
WISHED = 3.0


class Browser:
    """A profile that outlives its windows, and everything that goes wrong in them."""

    def __init__(self, playwright, profile):
        self.playwright, self.profile, self.faults, self.strangers = playwright, profile, [], []

    def open(self):
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile, executable_path=chromium, args=["--no-sandbox"], viewport={"width": 1280, "height": 900})
        self.context.on("request", self.asked)
        return self.page()

    def page(self):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        return page

    def asked(self, request):
        if not re.match(r"file:|data:|blob:", request.url):
            self.strangers.append(request.url)

    def close(self):
        self.context.close()
        assert not self.faults, self.faults
        assert not self.strangers, f"asked of a network: {self.strangers}"


def golden(page):
    """What the page writes is, byte for byte, what Python and Rust write of the same answers."""
    folder = fixture.CRATE / "tests" / "golden"
    answers, table = json.loads((folder / "answers.json").read_text()), (folder / "answers.csv").read_bytes().decode()
    written, checksum = page.evaluate("answers => [adm.answers.csv(answers), adm.answers.checksum(answers)]", answers)
    assert written == table and checksum == answers["checksum"] == checks.checksum(answers)
    assert page.evaluate("answers => JSON.parse(adm.answers.json(answers))", answers) == answers
    print("ok: golden answers are written as elsewhere", flush=True)


def words_agree():
    """The page says no word that English lacks, nor has English one that it never says; src/bundle/words.rs holds languages to each other."""
    english = tomllib.loads((fixture.CRATE / "texts" / "en.toml").read_text())
    source = "".join(file.read_text() for file in (fixture.CRATE / "page").glob("*.js"))
    quoted = set(re.findall(r"'(\w+)'", source))
    built = {prefix for prefix in re.findall(r"`(\w+_)\$\{", source)}
    unsaid = [key for key in english if key not in quoted and not any(key.startswith(prefix) for prefix in built) and not key.endswith("_text")]
    lacking = [key for key in re.findall(r"say\('(\w+)'", source) if key not in english]
    assert not unsaid and not lacking, (unsaid, lacking)
    listed = re.findall(r'src="page/(\w+\.js)"', (fixture.CRATE / "page" / "index.html").read_text())
    assert sorted(listed) == sorted(file.name for file in (fixture.CRATE / "page").glob("*.js")), listed
    print(f"ok: {len(english)} words, all of them said", flush=True)


class Pictures:
    """Pictures of each kind of page, the first time it is seen."""

    def __init__(self, folder):
        self.folder, self.seen = folder, set()
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page, kind):
        if kind not in self.seen:
            self.seen.add(kind)
            checks.looks(page, self.folder, kind)


def unanswered(participant, pictures):
    """Next says what is missing and goes there rather than being silently dead."""
    page = participant.page
    before = participant.place()
    participant.press("Enter")
    assert participant.place() == before, "one can go on without answering"
    said = page.inner_text("[role=alert].bad")
    assert page.evaluate("adm.say('still_missing', { what: '' })").strip() in said, said
    assert page.evaluate("document.activeElement.matches('input, textarea, button')"), "it does not go to what is missing"
    pictures.take(page, f"missing-{before[0]}")
    page.evaluate("document.querySelector('h1').focus()")


def help_panel(participant, pictures):
    participant.press("?")
    assert participant.page.evaluate("document.querySelector('dialog').open")
    participant.press("1", "n", ".")
    pictures.take(participant.page, "help")
    participant.press("Escape")
    participant.until("help closed", "document.querySelector('dialog') === null")


def through(participant, pictures, stop=None):
    """From page to page until the last, or until `stop(kind, page, position)` holds; then that place is half filled."""
    while True:
        kind, page, position = participant.place()
        if kind == "closing":
            return
        if participant.page.evaluate("adm.app.at.missing().length"):
            unanswered(participant, pictures)
        participant.fill()
        pictures.take(participant.page, kind)
        if stop and stop(kind, page, position):
            return
        participant.next()
        print(f"ok: {kind} {page}.{position}", flush=True)


def resumed(browser, participant, url):
    """The tab is closed, and opened again in the same profile."""
    page = participant.page
    place, state = participant.place(), page.evaluate("adm.store.state")
    browser.close()
    page = browser.open()
    page.goto(url)
    participant.page = page
    participant.until("resumed", "adm.app.at !== null")
    assert participant.place() == place, (participant.place(), place)
    assert page.evaluate(SHOWN) == participant.shown[tuple(place[1:])], "answers are gone"
    now = page.evaluate("adm.store.state")
    assert (now["participant"], now["sheet"], now["started"]) == (state["participant"], state["sheet"], state["started"])
    record = f"{place[1]}.{place[2]}"
    assert now["places"][record]["heard"] == state["places"][record]["heard"], "what was heard is gone"
    assert page.inner_text(".notice") == page.evaluate("adm.say('resumed')")
    print("ok: resumed where it was, answers kept", flush=True)
    return participant


def downloads(participant, folder):
    """Both files, by keyboard."""
    files = []
    for key in ["download_json", "download_csv"]:
        participant.tab_to(participant.page.evaluate(f"adm.say('{key}')"))
        with participant.page.expect_download() as waiting:
            participant.press("Enter")
        files.append(folder / waiting.value.suggested_filename)
        waiting.value.save_as(files[-1])
    return files


def participation(playwright, bundle, pictures, answers, seed=3):
    """One whole participation from disk; returns the answers."""
    manifest, digest = fixture.read(bundle)
    url = f"{bundle.resolve().as_uri()}/index.html"
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(playwright, profile)
        page = browser.open()
        page.goto(url)
        participant = Participant(page, seed)
        assert page.evaluate("[adm.store.state, localStorage.length]") == [None, 0], "something is kept before consent"
        pictures.take(page, "consent")
        help_panel(participant, pictures)
        participant.agree()
        trials = [index for index, one in enumerate(manifest["pages"]) if one["kind"] == "block"]
        halfway = lambda kind, page, position: page == trials[0] and position == 1
        through(participant, pictures, halfway)
        if participant.place()[0] != "closing":
            participant = resumed(browser, participant, url)
            participant.page.evaluate("document.querySelector('.next').focus()")
            participant.next()
            through(participant, pictures)
        pictures.take(participant.page, "closing")
        assert participant.page.evaluate("adm.sounds.count()") <= 16, "sounds pile up"
        files = downloads(participant, answers)
        given = json.loads(files[0].read_text())
        checks.rows(manifest, digest, given, participant.shown)
        checks.same_csv(given, files[1].read_bytes().decode())
        print(f"ok: {len(given['rows'])} rows as the sheet asks for, checksum and CSV agree", flush=True)
        browser.close()
    return given


def opening(playwright, folder):
    """How long a page of forty stimuli of 10 s takes."""
    fixture.write(folder, design=fixture.many, seconds=10.0)
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(playwright, profile)
        page = browser.open()
        begun = time.perf_counter()
        page.goto(f"{folder.resolve().as_uri()}/index.html", wait_until="commit")
        page.wait_for_selector("button.main")
        interactive = time.perf_counter() - begun
        page.focus("button.main")
        agreed = time.perf_counter()
        page.keyboard.press("Enter")
        page.wait_for_selector(".toggle:not([aria-disabled])")
        playable = time.perf_counter() - agreed
        share = (interactive + playable) / WISHED
        print(f"40 stimuli of 10 s: first page after {interactive:.2f} s, first trial {playable:.2f} s after consent; "
              f"{share:.2f} of the {WISHED:.0f} s that are wished for", flush=True)
        participant = Participant(page)
        for position in range(3):
            participant.until("loaded", "adm.app.at.listening.buffers !== null")
            participant.fill()
            participant.next()
        participant.until("loaded", "adm.app.at.listening.buffers !== null")
        assert page.evaluate("adm.sounds.count()") <= 4, page.evaluate("adm.sounds.count()")
        print("ok: no more than two trials' sounds are held", flush=True)
        browser.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", nargs="?", type=pathlib.Path)
    parser.add_argument("--screenshots", type=pathlib.Path, default=pathlib.Path("target/survey-page"))
    parser.add_argument("--answers", type=pathlib.Path, default=pathlib.Path("target/survey-answers"))
    given = parser.parse_args()
    given.answers.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder, pictures = pathlib.Path(scratch), Pictures(given.screenshots)
        if given.bundle:
            participation(playwright, given.bundle, pictures, given.answers)
            print("the page works")
            return
        words_agree()
        bundle = folder / "bundle"
        manifest = fixture.write(bundle)
        rendered(playwright, bundle, manifest)
        answered = participation(playwright, bundle, pictures, given.answers)
        asked = {row["question"] for row in answered["rows"]}
        assert asked == set(manifest["questions"]) | {"abx", "mushra"}, "the participant's seed does not reach every question"
        assert any(row["declined"] for row in answered["rows"])
        hostile.all_of_it(lambda profile: Browser(playwright, profile), bundle, pictures)
        presses.all_of_it(lambda profile: Browser(playwright, profile), bundle, pictures)
        habits.all_of_it(lambda profile: Browser(playwright, profile), bundle, pictures)
        served.all_of_it(lambda profile: Browser(playwright, profile), bundle, pictures)
        opening(playwright, folder / "many")
    print("the page works")


def rendered(playwright, bundle, manifest):
    """Switching, rendered offline by the page's own player."""
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(playwright, profile)
        page = browser.open()
        page.goto(f"{bundle.resolve().as_uri()}/index.html")
        names = next(trial["samples"] for trial in manifest["trials"].values() if len(trial["samples"]) >= 3)[:3]
        offline.switching(page, bundle, names)
        offline.ends(page, names)
        golden(page)
        browser.close()


if __name__ == "__main__":
    main()
