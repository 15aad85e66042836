"""Surroundings that do not mean well: no storage, damaged files, two tabs, a participant who says no."""

import base64
import contextlib
import json
import shutil
import tempfile

import fixture
from participant import Participant

REFUSED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
KEY = "`adm-survey:${adm.bundle}`"


@contextlib.contextmanager
def opened(make, bundle, script=None, expected=()):
    """A fresh profile with the bundle's page open; faults that are expected are taken out."""
    with tempfile.TemporaryDirectory() as profile:
        browser = make(profile)
        page = browser.open()
        if script:
            browser.context.add_init_script(script)
        page.goto(f"{bundle.resolve().as_uri()}/index.html")
        yield browser, Participant(page)
        browser.faults = [fault for fault in browser.faults if not any(word in fault for word in expected)]
        browser.close()


def says(participant, key, where="body"):
    words = participant.page.evaluate(f"adm.say('{key}')").split("{")[0]
    participant.until(f"{key} is said", f"document.querySelector({json.dumps(where)}).innerText.includes({json.dumps(words)})")
    print(f"ok: {key} is said", flush=True)


def at(participant, kind, position=0):
    """Goes straight to the first page of a kind (a kind of block, or of page) and waits for its sounds."""
    participant.page.evaluate("""([kind, position]) => {
      const page = adm.manifest.pages.findIndex(page => page.kind === kind || adm.manifest.blocks[page.block]?.kind === kind);
      Object.assign(adm.store.state, { page, position });
      adm.app.show();
    }""", [kind, position])
    participant.until("loaded", "!adm.app.at.listening || adm.app.at.listening.buffers !== null")


def no_storage(make, bundle, pictures):
    """Where nothing can be stored, one goes on and is told."""
    for script in [REFUSED, FULL]:
        with opened(make, bundle, script) as (_, participant):
            participant.agree()
            says(participant, "not_saved", ".notice")
            participant.next()
            pictures.take(participant.page, "not-saved")


def full_storage(make, bundle):
    """A store that is really full, and has room again."""
    fill = """() => {
      let text = 'x'.repeat(1 << 20);
      for (let k = 0; text.length; k++) try { localStorage.setItem('junk' + k, text); } catch { text = text.slice(text.length >> 1 || 1); }
    }"""
    with opened(make, bundle) as (_, participant):
        participant.page.evaluate(fill)
        participant.agree()
        says(participant, "not_saved", ".notice")
        participant.page.evaluate("() => { for (const key of Object.keys(localStorage)) if (key.startsWith('junk')) localStorage.removeItem(key); }")
        participant.next()
        participant.until("saved again", "document.querySelector('.notice').innerText === '' && localStorage.getItem(" + KEY + ") !== null")
        print("ok: saved again when there is room", flush=True)


def damaged_state(make, bundle):
    """What was saved and cannot be read is said and kept aside."""
    good = dict(version=1, participant="6f1c2a34-1111-4222-8333-444455556666", sheet=1, started="", finished="", rate=0, page=5, position=0, sent="", places={})
    bad = ["{\"version\":1,", "null", "[]", json.dumps(good | {"sheet": 99}), json.dumps(good | {"page": -1}), json.dumps(good | {"position": 7}),
           json.dumps(good | {"participant": "<b>"}), json.dumps(good | {"places": {"5.0": {"spent": 1, "answers": {"0:why": {"response": 5}}}}})]
    with opened(make, bundle) as (_, participant):
        page = participant.page
        for text in bad:
            page.evaluate(f"text => localStorage.setItem({KEY}, text)", text)
            page.reload()
            assert page.inner_text(".notice") == page.evaluate("adm.say('damaged')"), text
            assert page.evaluate(f"localStorage.getItem({KEY} + ':damaged')") == text
            assert page.evaluate("adm.store.state") is None
            page.evaluate("localStorage.clear()")
        good["places"] = {"5.0": {"spent": 1, "answers": {}, "plays": "none", "heard": [5, "01"]}}
        page.evaluate(f"text => localStorage.setItem({KEY}, text)", json.dumps(good))
        page.reload()
        participant.until("taken up", "adm.app.at?.listening?.buffers != null")
    print("ok: damaged states are said and kept aside", flush=True)


def damages(text):
    """Scripts of a sound that was cut off, is no WAV file, has another rate, other bits, or says nothing."""
    head, data = text[: text.index(',"') + 2], base64.b64decode(text[text.index(',"') + 2 : text.rindex('"')])
    changed = [data[:1000], b"RIFX" + data[4:], data[:24] + (22_050).to_bytes(4, "little") + data[28:], data[:34] + b"\x18" + data[35:], b""]
    return [head + base64.b64encode(one).decode() + '")' for one in changed] + [head + '!!!")', "adm.sound()", ""]


def damaged_files(make, bundle, pictures):
    """A study that was changed, or is missing; sounds that are missing, or damaged."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(bundle, f"{folder}/copy", dirs_exist_ok=True)
        copy = bundle.__class__(copy)
        study = (copy / "study.js").read_text()
        (copy / "study.js").write_text(study.replace("How old are you?", "How old are you!"))
        with opened(make, copy) as (_, participant):
            says(participant, "study_changed")
            assert participant.page.evaluate("adm.app.at === null && document.querySelectorAll('main button').length === 0")
            pictures.take(participant.page, "changed")
        (copy / "study.js").unlink()
        with opened(make, copy, expected=["ERR_FILE_NOT_FOUND"]) as (_, participant):
            participant.until("said in four languages", "document.querySelectorAll('.early p').length === 4")
            participant.until("and seen", "getComputedStyle(document.querySelector('.early')).visibility === 'visible'")
        (copy / "study.js").write_text(study)
        manifest, _ = fixture.read(copy)
        sound = copy / "audio" / f"{manifest['volume']}.js"
        text = sound.read_text()
        sound.unlink()
        with opened(make, copy, expected=["ERR_FILE_NOT_FOUND"]) as (_, participant):
            participant.agree()
            participant.next()
            says(participant, "sound_missing", "main")
            pictures.take(participant.page, "sound-missing")
            for damage in damages(text):
                sound.write_text(damage)
                participant.tab_to(participant.page.evaluate("adm.say('retry')"))
                participant.press("Enter")
                says(participant, "sound_damaged", "main")
            sound.write_text(text)
            participant.tab_to(participant.page.evaluate("adm.say('retry')"))
            participant.press("Enter")
            participant.until("loaded when it is there again", "adm.app.at.listening.buffers !== null && !document.querySelector('.toggle[aria-disabled]')")
            participant.listen()
    print("ok: damaged files are said, and one can try again", flush=True)


def no_sound(make, bundle):
    """Where the browser lets no sound out, that is said and not counted as heard."""
    still = "".join(f"Object.defineProperty(AudioContext.prototype, '{name}', {{ get: () => {value} }});" for name, value in [("state", "'suspended'"), ("currentTime", "0")])
    with opened(make, bundle, still) as (_, participant):
        participant.agree()
        participant.next()
        participant.until("loaded", "adm.app.at.listening.buffers !== null")
        participant.press("Space")
        says(participant, "no_sound", "main")
        assert participant.page.evaluate("[adm.app.at.listening.playing, adm.app.at.missing().length]") == [False, 1]


def no_network(make, bundle):
    """The page's own policy forbids it every network, scripts within it, and styles."""
    tries = """async () => {
      const broken = [];
      document.addEventListener('securitypolicyviolation', event => broken.push(event.effectiveDirective));
      await fetch('http://127.0.0.1:9/').catch(() => {});
      document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/a.png' }));
      const parts = [['script', { src: 'http://127.0.0.1:9/a.js' }], ['script', { textContent: 'window.ran = true' }], ['style', { textContent: 'body { color: red }' }]];
      for (const [tag, more] of parts) {
        document.head.append(Object.assign(document.createElement(tag), more));
      }
      await new Promise(done => setTimeout(done, 300));
      return [broken.sort(), window.ran ?? false];
    }"""
    with opened(make, bundle, expected=["Content Security Policy", "violates"]) as (browser, participant):
        broken, ran = participant.page.evaluate(tries)
        assert broken == ["connect-src", "img-src", "script-src-elem", "script-src-elem", "style-src-elem"] and not ran, broken
        browser.strangers = [url for url in browser.strangers if ":9/" not in url]
    print("ok: the page's policy forbids it the network", flush=True)


def two_tabs(make, bundle, pictures):
    """The older of two tabs says so and saves no more."""
    with opened(make, bundle) as (browser, participant):
        participant.agree()
        participant.next()
        newer = Participant(browser.page())
        newer.page.goto(participant.page.url)
        newer.until("resumed", "adm.store.state?.page === 2")
        says(participant, "superseded", "h1")
        pictures.take(participant.page, "two-tabs")
        newer.listen()
        newer.next()
        participant.page.evaluate("adm.store.save()")
        assert participant.page.evaluate(f"JSON.parse(localStorage.getItem({KEY})).page") == 3, "the older tab has saved"
        participant.tab_to(participant.page.evaluate("adm.say('superseded_here')"))
        participant.press("Enter")
        participant.until("taken over", "adm.store.state?.page === 3 && adm.app.at !== null")
        says(newer, "superseded", "h1")


def refusal(make, bundle, pictures):
    """Who says no leaves nothing behind."""
    with opened(make, bundle) as (browser, participant):
        participant.tab_to(participant.page.evaluate("adm.say('refuse')"))
        participant.press("Enter")
        says(participant, "refused", "h1")
        pictures.take(participant.page, "refused")
        assert participant.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie, adm.store.state, adm.sounds.count()]") == [0, 0, "", None, 0]


def sheets(make, bundle):
    """The address may ask for a sheet; each has a state of its own."""
    with opened(make, bundle) as (browser, participant):
        url = participant.page.url
        for sheet in [2, 5]:
            page = browser.page()
            page.goto(f"{url}#sheet={sheet}")
            other = Participant(page)
            other.agree()
            assert page.evaluate("adm.store.state.sheet") == sheet
        for wrong in ["99", "-1", "x", ""]:
            page = browser.page()
            page.goto(f"{url}#sheet={wrong}")
            says(Participant(page), "no_such_sheet")


def typing(make, bundle):
    """While one writes, keys are letters; and a loop, a seek and a pause do what they say."""
    with opened(make, bundle) as (_, participant):
        page = participant.page
        participant.agree()
        page.evaluate("() => { Object.assign(adm.store.state, { page: 5, position: 0 }); adm.app.show(); }")
        participant.until("loaded", "adm.app.at.listening.buffers !== null")
        page.focus("textarea")
        page.keyboard.type("12 ab[]?x p,.")
        assert page.evaluate("adm.app.at.listening.player === null && document.querySelector('dialog') === null")
        assert page.input_value("textarea") == "12 ab[]?x p,."
        page.focus("h1")
        participant.press("2")
        participant.until("some way on", "adm.app.at.listening.player.position() > 0.3")
        participant.press("[")
        participant.until("looped", "adm.app.at.listening.player.region !== null")
        low, high = page.evaluate("adm.app.at.listening.player.region")
        assert low >= 0.3 and high == 2.0, (low, high)
        participant.press("Space")
        rest = page.evaluate("adm.app.at.listening.player.position()")
        participant.press(".")
        there = page.evaluate("adm.app.at.listening.player.position()")
        assert abs(there - min(rest + 1, high - 0.1)) < 0.01, (rest, there)
        participant.press("\\")
        assert page.evaluate("adm.app.at.listening.player.region") is None
        page.focus("[type=radio]")
        participant.press("Space")
        assert page.evaluate("document.activeElement.checked && !adm.app.at.listening.playing"), "Space takes the option"
        participant.press("Space")
        assert page.evaluate("adm.app.at.listening.playing"), "and plays where there is nothing to take"
    print("ok: keys do what they say, and nothing while one writes", flush=True)


def all_of_it(make, bundle, pictures):
    no_storage(make, bundle, pictures)
    full_storage(make, bundle)
    damaged_state(make, bundle)
    damaged_files(make, bundle, pictures)
    no_sound(make, bundle)
    no_network(make, bundle)
    two_tabs(make, bundle, pictures)
    refusal(make, bundle, pictures)
    sheets(make, bundle)
    typing(make, bundle)
