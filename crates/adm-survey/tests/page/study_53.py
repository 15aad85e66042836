#!/usr/bin/env python3
"""The founding document's survey from end to end: the demo's output packed, one participant in a real browser, a report.

    python3 -m pip install -r crates/adm-survey/tests/page/requirements.txt
    cargo build --release
    python3 crates/adm-survey/tests/page/study_53.py [--screenshots FOLDER] [--demo FOLDER]

The participant opens the bundle from disk, uses the keyboard alone, and closes the tab midway. Answers are downloaded, put beside
those of a rehearsal, and reported; the participant's right answers are counted here once more, from answers and key. Without
--demo it makes one whose networks are hardly trained, which takes about a minute; the rest takes another.
"""

import argparse
import csv
import json
import pathlib
import subprocess
import tempfile

from playwright.sync_api import sync_playwright

from drive import Browser, Pictures, participation

ROOT = pathlib.Path(__file__).resolve().parents[4]
PEOPLE = 30


def adm(folder, *words, code=0):
    """Runs `adm` and gives what it prints."""
    ran = subprocess.run([ROOT / "target/release/adm", *words, "--device", "cpu"], cwd=folder, capture_output=True, text=True)
    assert ran.returncode == code, (words, ran.returncode, ran.stderr)
    return ran.stdout


def right_by_hand(answers, key):
    """How many labels of this participant are right, without what was asked twice."""
    truths = {stimulus["name"]: stimulus["truth"] for stimulus in key["stimuli"]}
    seen, right, count = set(), 0, 0
    for row in answers["rows"]:
        if row["question"] == "origin" and (row["trial"], row["stimulus"]) not in seen:
            seen.add((row["trial"], row["stimulus"]))
            count += 1
            right += row["response"] == truths[row["stimulus"]]
    return right, count


def right_by_report(report, participant):
    with open(report / "scored.csv", newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["person"] == participant and row["question"] == "origin"]
    rows = [row for row in rows if row["repeated"] != "true"]
    return sum(row["right"] == "true" for row in rows), len(rows)


def reported(folder, given):
    """The participant and a rehearsal, in one report."""
    adm(folder, "survey-rehearse", "study", "-o", "rehearsed", "--people", str(PEOPLE), "--right", "0.7")
    # The same answers came as JSON and as CSV: one of them is listed as a duplicate, and the exit code says that something was.
    said = json.loads(adm(folder, "survey-report", "study", "answers", "rehearsed", "-o", "report", "--json", code=3))
    assert said["participants"] == PEOPLE + 1, said["participants"]
    assert [listed["reason"] for listed in said["listed"]] == ["duplicate"], said["listed"]
    key = json.loads((folder / "study.key.json").read_text())
    by_hand, by_report = right_by_hand(given, key), right_by_report(folder / "report", given["participant"])
    assert by_hand == by_report and by_hand[1] == 20, (by_hand, by_report)
    print(f"ok: {by_hand[0]} of {by_hand[1]} labels right, by hand and in the report", flush=True)


def looked_at(playwright, folder, screenshots):
    """Pictures of the report, wide and narrow."""
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(playwright, profile)
        page = browser.open()
        page.goto((folder / "report/report.html").as_uri())
        assert page.locator("svg").count() > 0, "a report without figures"
        for width in [1280, 390]:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"the report is {wide} wide on {width}"
            page.screenshot(path=screenshots / f"report-{width}.png", full_page=True)
        browser.close()
    print("ok: the report fits a phone", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--screenshots", type=pathlib.Path, default=ROOT / "target/survey-study-53")
    parser.add_argument("--demo", type=pathlib.Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder, pictures = pathlib.Path(scratch), Pictures(given.screenshots)
        if given.demo:
            (folder / "adm-demo").symlink_to(given.demo.resolve())
        else:
            adm(folder, "demo", "--config", "complex", "--steps", "4", "--set-minutes", "2", "--bars", "2")
        packed = json.loads(adm(folder, "survey-pack", "study-53", "-o", "study", "--json"))
        print(f"ok: {packed['stimuli']} stimuli packed in {packed['seconds']:.1f} s", flush=True)
        (folder / "answers").mkdir()
        answers = participation(playwright, folder / "study", pictures, folder / "answers")
        reported(folder, answers)
        looked_at(playwright, folder, given.screenshots)
    print("the survey works")


if __name__ == "__main__":
    main()
