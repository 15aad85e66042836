"""A participant who has a keyboard and nothing else, and a page seen through their eyes."""

import contextlib
import random
import time

from playwright.sync_api import Error

TRICKY = 'commas, "quotes", 1 2 a [ ] ? 😀\nand a second line'

# Every visible question with the card it is in and what is chosen there, as the page shows it.
SHOWN = """() => [...document.querySelectorAll('fieldset.question')].filter(field => field.offsetParent).map(field => {
  const text = field.querySelector('legend').firstChild.textContent, card = field.closest('.card')?.getAttribute('aria-label') ?? '';
  const inputs = [...field.querySelectorAll('.option:not(.decline) input')], area = field.querySelector('textarea'), range = field.querySelector('[type=range]');
  const response = area ? area.value : range ? (range.classList.contains('unset') ? '' : range.value) : inputs.filter(i => i.checked).map(i => i.value).join('|');
  return [text, card, response, field.querySelector('.decline input')?.checked ?? false];
})"""

FOCUSED = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const group = element.type === 'radio' ? [...document.getElementsByName(element.name)] : [];
  return { tag: element.tagName, type: element.type ?? '', id: element.className, next: element.classList.contains('next'), text: element.textContent,
    declines: !!element.closest('.decline'), unset: element.classList.contains('unset'), options: group.length, checked: group.some(i => i.checked),
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, position: element.classList.contains('position'),
    boxes: element.type === 'checkbox' ? [...element.closest('fieldset').querySelectorAll('[type=checkbox]')].indexOf(element) : -1 };
}"""


class Participant:
    """Goes through the pages by keys, and remembers what was shown as answered."""

    def __init__(self, page, seed=1):
        self.page, self.random, self.shown, self.declined = page, random.Random(seed), {}, 0

    def until(self, what, expression, seconds=15):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            # A page that is just being loaded anew has no answer yet.
            with contextlib.suppress(Error):
                if self.page.evaluate(expression):
                    return
            time.sleep(0.03)
        raise AssertionError(f"{what}: not within {seconds} s; the page says {self.page.inner_text('body')!r}")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def place(self):
        """Kind, page and position that the page shows."""
        return self.page.evaluate("""() => {
          const { page = 0, position = 0 } = adm.store.state ?? {}, one = adm.manifest.pages[page];
          return [one.kind === 'block' ? adm.manifest.blocks[one.block].kind : one.kind, page, position];
        }""")

    def tab_to(self, words):
        """Tabs to the button that says `words`."""
        for _ in range(60):
            self.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            if focused["tag"] == "BUTTON" and words in focused["text"]:
                assert focused["outlined"], f"no visible focus on {words}"
                return
        raise AssertionError(f"Tab never comes to {words!r}")

    def agree(self):
        self.tab_to(self.page.evaluate("adm.say('agree')"))
        self.press("Enter")
        self.until("consent taken", "adm.store.state !== null && adm.store.state.page === 1")

    def listen(self):
        """Hears as much of every sample as is needed, by their keys."""
        count = self.page.evaluate("adm.app.at?.listening?.names.length ?? 0")
        if not count:
            return
        self.until("sounds loaded", "adm.app.at.listening.buffers !== null")
        keys = self.page.evaluate("adm.app.at.listening.keys")
        for k in range(count):
            self.press(keys[k] or (str(k + 1) if k < 9 else "Space"))
            self.until(f"sample {k + 1} sounds", f"adm.app.at.listening.playing && adm.app.at.listening.player.chosen === {k}")
            self.until(f"enough heard of sample {k + 1}", f"adm.app.at.listening.percent({k}) >= adm.app.at.listening.need && adm.app.at.listening.sounded({k})", 60)
        self.press("p")
        self.until("paused", "!adm.app.at.listening.playing")

    def answer(self):
        """Tabs through the page and answers whatever comes, until Next has the focus."""
        for _ in range(300):
            self.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            if focused["tag"] == "BODY":
                continue
            assert focused["outlined"], f"no visible focus on {focused}"
            if focused["next"]:
                return
            self.one(focused)
        raise AssertionError("Tab never comes to Next")

    def one(self, focused):
        if focused["tag"] == "TEXTAREA":
            self.press("Control+a")
            first, second = TRICKY.split("\n")
            self.page.keyboard.type(first)
            self.press("Enter")
            self.page.keyboard.type(second)
        elif focused["type"] == "radio" and not focused["checked"]:
            self.press("Space", *["ArrowDown"] * self.random.randrange(focused["options"]))
        elif focused["declines"]:
            # The first that may be declined is, though it was answered just before.
            self.press(*["Space"] * (self.declined == 0))
            self.declined += 1
        elif focused["type"] == "checkbox" and (focused["boxes"] == 0 or self.random.random() < 0.3):
            self.press("Space")
        elif focused["type"] == "range" and focused["unset"]:
            self.press(*[self.random.choice(["PageUp", "PageDown"])] * self.random.randrange(6), "ArrowRight")

    def note(self):
        """Remembers what the page shows as answered here."""
        _, page, position = self.place()
        self.shown[page, position] = self.page.evaluate(SHOWN)

    def fill(self):
        """Does all that the page asks for but going on."""
        self.listen()
        self.answer()
        self.note()

    def next(self):
        """Goes on with Enter."""
        before = self.place()
        self.press("Enter")
        self.until(f"on from {before}", f"adm.store.state.page !== {before[1]} || adm.store.state.position !== {before[2]}", 5)
