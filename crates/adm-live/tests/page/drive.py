#!/usr/bin/env python3
"""Drives the live page in a real browser, and checks what it does by what the server and the sound become.

    python3 -m pip install -r crates/adm-live/tests/page/requirements.txt
    python3 crates/adm-live/tests/page/drive.py [--screenshots FOLDER] [URL]

Without a URL it plays a synthesised band (`cargo run --release -p adm-live --example page`) with a late bar now and then, and
restarts it to see the page come back. With the URL of `adm live --serve`, it drives that. Needs Debian's `chromium`, or
another at $CHROMIUM. Takes about a minute.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import time
import urllib.request

from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[4]
PORT = 8437

# What a browser that listens must find: two analysers on the sound as it leaves, looked at for `seconds`. Time is taken from
# the sound card's clock, amplitudes between steps of 50 ms.
LISTEN = """async seconds => {
  const { sound } = admLive, context = sound.context, wave = new Float32Array(4096);
  const begun = context.currentTime, first = admLive.stats();
  let loud = 0, quietest = 1, longest = 0, quiet = null;
  while (context.currentTime < begun + seconds) {
    let peak = 0;
    for (const analyser of sound.analysers) {
      analyser.getFloatTimeDomainData(wave);
      for (const value of wave) peak = Math.max(peak, Math.abs(value));
    }
    loud = Math.max(loud, peak);
    quietest = Math.min(quietest, peak);
    if (peak > 1e-4) quiet = null;
    else longest = Math.max(longest, context.currentTime - (quiet ??= context.currentTime));
    await new Promise(done => setTimeout(done, 50));
  }
  const last = admLive.stats();
  return { loud, quietest, longest, passed: context.currentTime - begun, packets: last.packets - first.packets,
           gaps: last.gaps - first.gaps, skips: last.skips - first.skips };
}"""

# The smallest contrast of a page's text, with its words.
CONTRAST = (ROOT / "tests" / "page" / "contrast.js").read_text()


class Band:
    """The example, as a process."""

    def start(self):
        command = ["cargo", "run", "--release", "-q", "--example", "page", "--"]
        command += [f"127.0.0.1:{PORT}", "--stall", "9"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://"), f"no address: {self.url!r}"
        return self

    def stop(self):
        self.process.kill()
        self.process.wait()


class Driver:
    """A page and the server behind it."""

    def __init__(self, page, url):
        self.page, self.url = page, url

    def server(self):
        """The controls as the server has them."""
        base, _, query = self.url.partition("?")
        with urllib.request.urlopen(f"{base}controls?{query}", timeout=5) as reply:
            return json.load(reply)["controls"]

    def until(self, what, check, seconds=20):
        """Waits until `check` holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if check():
                print(f"ok: {what}", flush=True)
                return
            time.sleep(0.1)
        raise AssertionError(f"{what}: not within {seconds} s; the server has {self.server()}")

    def bar(self):
        """The last bar that the server told the page of."""
        return self.page.evaluate("admLive.bars().at(-1)")

    def slide(self, name, keys, target):
        """Moves a slider by the keyboard; the server must come to have what it shows."""
        self.page.focus(f"#c-{name}")
        for key in keys:
            self.page.keyboard.press(key)
        shown = float(self.page.input_value(f"#c-{name}"))
        assert abs(shown - target(shown)) < 1e-9, f"{name} shows {shown}"
        self.until(f"{name} is {shown} at the server", lambda: self.server()[name] == shown)
        return shown


def hear(driver, seconds=4):
    """Listens, and checks that it sounds without a gap."""
    heard = driver.page.evaluate(LISTEN, seconds)
    assert heard["loud"] > 0.05, f"nothing sounds: {heard}"
    assert heard["passed"] >= seconds and heard["packets"] > seconds * 40, f"it does not flow: {heard}"
    assert heard["gaps"] == 0 and heard["skips"] == 0 and heard["longest"] < 0.5, f"it has gaps: {heard}"
    print(f"ok: it sounds: {json.dumps(heard)}", flush=True)


def by_keyboard(driver):
    """Tab reaches every control in its order, each with a name and a visible focus."""
    page = driver.page
    page.focus("#listen")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    reached = []
    for _ in range(12):
        name, outline = page.evaluate("""() => {
          const element = document.activeElement, style = getComputedStyle(element);
          return [element.id, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2];
        }""")
        if name:
            assert outline, f"no visible focus on {name}"
            reached.append(name)
        page.keyboard.press("Tab")
    wanted = ["listen", "play", "hold", "next", "c-bpm", "c-temperature", "c-morph", "c-mix", "c-seed", "sow", "dice", "volume"]
    assert reached[: len(wanted)] == wanted, reached
    unnamed = page.evaluate("""() => [...document.querySelectorAll('button, input, [role=meter], canvas')].filter(element =>
      !(element.labels?.length || element.textContent.trim() || element.ariaLabel || element.getAttribute('aria-labelledby')))
      .map(element => element.id)""")
    assert not unnamed, f"without a name: {unnamed}"
    ratio, words = page.evaluate(CONTRAST)
    assert ratio >= 4.5, f"too little contrast, {ratio:.2f}: {words}"
    print(f"ok: by keyboard, named, contrast at least {ratio:.1f}", flush=True)


def transport(driver):
    """Pause, play, hold, next section."""
    page = driver.page
    page.click("#play")
    driver.until("paused at the server", lambda: driver.server()["playing"] is False)
    driver.until("and so the button says", lambda: page.text_content("#play") == "Play music")
    driver.until("and silent here", lambda: page.evaluate(LISTEN, 0.5)["loud"] < 1e-4)
    page.click("#play")
    driver.until("plays on", lambda: driver.server()["playing"] is True)
    driver.until("and sounds here", lambda: page.evaluate(LISTEN, 0.5)["loud"] > 0.05)
    page.click("#hold")
    driver.until("held at the server", lambda: driver.server()["hold"] is True)
    driver.until("a held bar is told", lambda: driver.bar()["repeat"] == "held")
    page.click("#hold")
    driver.until("goes on", lambda: driver.server()["hold"] is False and driver.bar()["repeat"] is None)
    section, wishes = driver.bar()["section"], driver.server()["next_section"]
    page.click("#next")
    driver.until("a wish for the next section", lambda: driver.server()["next_section"] == wishes + 1)
    if section:
        driver.until("which comes", lambda: driver.bar()["section"] != section, 30)


def music(driver):
    """Tempo, temperature, morph, mix, seed, volume."""
    page = driver.page
    before = driver.server()
    bpm = driver.slide("bpm", ["ArrowRight"] * 6, lambda _: before["bpm"] + 3)
    driver.until("and heard", lambda: abs(driver.bar()["bpm"] - bpm) < 1e-6, 30)
    driver.until("and shown when it is heard", lambda: page.text_content("#bpm") == f"{bpm:.1f}")
    driver.slide("temperature", ["End"], lambda value: value)
    driver.slide("morph", ["End"], lambda _: 1.0)
    driver.slide("mix", ["End"], lambda _: 1.0)
    driver.until("recorded beats come", lambda: all(beat["recorded"] for beat in driver.bar()["beats"]), 30)
    driver.slide("mix", ["Home"], lambda _: 0.0)
    driver.slide("morph", ["Home", "ArrowRight"], lambda _: 0.01)
    page.fill("#c-seed", "4711")
    page.press("#c-seed", "Enter")
    driver.until("a seed is set", lambda: driver.server()["seed"] == 4711)
    page.click("#dice")
    driver.until("a seed is drawn", lambda: driver.server()["seed"] != 4711)
    page.focus("#volume")
    page.keyboard.press("Home")
    driver.until("volume is of this page alone", lambda: page.evaluate("admLive.sound.gain.gain.value") < 1e-3)
    page.keyboard.press("End")
    driver.until("and comes back", lambda: page.evaluate("admLive.sound.gain.gain.value") > 0.9)


def refusals(driver):
    """What the server refuses is said, and the page shows what is."""
    page = driver.page
    page.evaluate("ask({ bpm: 9999 })")
    driver.until("a refusal is said", lambda: "bpm must be between" in page.text_content("#say"))
    shown = float(page.input_value("#c-bpm"))
    assert shown == driver.server()["bpm"], shown


def loss(driver, band):
    """The server goes and comes back."""
    page = driver.page
    band.stop()
    page.wait_for_selector("#link[data-state=lost]", timeout=10_000)
    print("ok: the loss is shown", flush=True)
    band.start()
    page.wait_for_selector("#link[data-state=live]", timeout=20_000)
    driver.until("and sounds again by itself", lambda: page.evaluate(LISTEN, 0.5)["loud"] > 0.05)
    hear(driver, 2)


def pictures(page, folder):
    """The page as a desk and a phone show it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, width, height in [("phone", 390, 844), ("wide", 1100, 900)]:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(6_000)
        slack = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert slack <= 0, f"{slack} pixels too wide on a {name}"
        page.screenshot(path=folder / f"{name}.png", full_page=True)
    print(f"ok: pictures in {folder}", flush=True)


def is_elsewhere(url, home):
    """Whether a request leaves the page's own server."""
    return not url.startswith("data:") and url.split("/")[2] != home


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?")
    parser.add_argument("--screenshots", type=pathlib.Path, default=pathlib.Path("target/live-page"))
    words = parser.parse_args()
    band = None if words.url else Band().start()
    try:
        with sync_playwright() as playwright:
            chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1100, "height": 900})
            faults, strangers = [], []
            page.on("pageerror", lambda error: faults.append(str(error)))
            url = words.url or band.url
            home = url.split("/")[2]
            page.on("request", lambda request: strangers.append(request.url) if is_elsewhere(request.url, home) else None)
            page.goto(url)
            page.wait_for_selector("#listen:enabled")
            page.wait_for_selector("#play:enabled", timeout=20_000)
            driver = Driver(page, url)
            page.click("#listen")
            driver.until("sound begins", lambda: page.evaluate("admLive.stats().time") > 0.5)
            hear(driver)
            by_keyboard(driver)
            transport(driver)
            music(driver)
            refusals(driver)
            hear(driver)
            if band:
                driver.until("a late bar is told", lambda: int(page.text_content("#f-repeats")) > 0, 40)
            pictures(page, words.screenshots)
            if band:
                loss(driver, band)
            page.click("#listen")
            driver.until("and ends when asked", lambda: page.evaluate("admLive.sound.context.state") == "suspended")
            assert not faults, faults
            assert not strangers, f"asked elsewhere: {strangers}"
            browser.close()
    finally:
        if band:
            band.stop()
    print("the page works")


if __name__ == "__main__":
    main()
