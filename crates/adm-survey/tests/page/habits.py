"""What people do with a page: slow clicks, Back, a second look, a second person, a clock that is set."""

import fixture
from hostile import opened, says
from participant import Participant


def at(participant, kind, position=0):
    """Goes straight to the first page of a kind (a kind of block, or of page) and waits for its sounds."""
    participant.page.evaluate("""([kind, position]) => {
      const page = adm.manifest.pages.findIndex(page => page.kind === kind || adm.manifest.blocks[page.block]?.kind === kind);
      Object.assign(adm.store.state, { page, position });
      adm.app.show();
    }""", [kind, position])
    participant.until("loaded", "!adm.app.at.listening || adm.app.at.listening.buffers !== null")


def slow_clicks(make, bundle):
    """A mouse that is held for a while pauses, though the page says ten times a second where it is."""
    with opened(make, bundle) as (_, participant):
        page = participant.page
        participant.agree()
        at(participant, "samples")
        for part in [".toggle span:last-child", ".toggle .icon"]:
            participant.press("1")
            participant.until("playing", "adm.app.at.listening.playing && adm.app.at.listening.player.position() > 0.2")
            box = page.locator(part).bounding_box()
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            page.mouse.down()
            page.wait_for_timeout(250)
            page.mouse.up()
            assert not page.evaluate("adm.app.at.listening.playing"), f"a click on {part} does not pause"
    print("ok: slow clicks pause", flush=True)


def two_agreements(make, bundle):
    """Who opens a page twice and agrees in both goes on in the second where the first was, and loses nothing."""
    with opened(make, bundle) as (browser, first):
        second = Participant(browser.page())
        second.page.goto(first.page.url)
        first.agree()
        at(first, "questions")
        first.page.focus("[type=radio]")
        first.press("Space")
        before = first.page.evaluate("adm.store.state")
        second.tab_to(second.page.evaluate("adm.say('agree')"))
        second.press("Enter")
        second.until("begun", "adm.store.state !== null")
        after = second.page.evaluate("adm.store.state")
        assert after["participant"] == before["participant"] and after["page"] == before["page"], "the other tab's answers are gone"
        place = f"{after['page']}.0"
        assert after["places"][place]["answers"] == before["places"][place]["answers"]
        says(second, "resumed", ".notice")
        says(first, "superseded", "h1")


BACK = "(() => { const now = Date.now; Date = class extends Date { constructor(...of) { super(...(of.length ? of : [now() - 86_400_000])); } static now() { return now() - 86_400_000; } }; })()"


def set_back(make, bundle):
    """A clock that is set back a day meanwhile, in one tab or between two, puts no end before the beginning."""
    for again in [False, True]:
        with opened(make, bundle) as (browser, participant):
            page = participant.page
            participant.agree()
            started = page.evaluate("adm.store.state.started")
            page.wait_for_timeout(50)
            if again:
                browser.context.add_init_script(BACK)
                page.reload()
                participant.until("resumed", "adm.app.at !== null")
            else:
                page.evaluate(BACK)
            page.evaluate("adm.store.save()")
            at(participant, "closing")
            answers = page.evaluate("adm.answers.collect()")
            assert started == answers["started"] < answers["finished"], (answers["started"], answers["finished"])
            assert page.evaluate("Date.now()") < page.evaluate("Date.parse(adm.store.state.started)"), "the clock was not set back"
    print("ok: a clock may be set back", flush=True)


def digits_on_sliders(make, bundle):
    """A digit plays that version though the slider of another has the focus, and leaves grades alone."""
    with opened(make, bundle) as (_, participant):
        page = participant.page
        participant.agree()
        at(participant, "mushra")
        page.focus(".grade")
        participant.press("PageUp", "ArrowRight")
        before = page.evaluate("[...document.querySelectorAll('output.value')].map(output => output.textContent)")
        participant.press("3")
        participant.until("version 3 sounds", "adm.app.at.listening.playing && adm.app.at.listening.player.chosen === 2")
        assert page.evaluate("[...document.querySelectorAll('output.value')].map(output => output.textContent)") == before, before
        assert page.evaluate("adm.app.at.listening.record.answers['1:mushra'].response") == "61"
    print("ok: digits on sliders choose versions", flush=True)


def seeks(make, bundle):
    """The end is the end, not the beginning; outside a loop there is none any longer, and that is said."""
    position = "adm.app.at.listening.player.position()"
    with opened(make, bundle) as (_, participant):
        page = participant.page
        participant.agree()
        at(participant, "samples")
        page.focus("input.position")
        participant.press("End")
        assert abs(page.evaluate(position) - 1.9) < 1e-3, page.evaluate(position)
        participant.press("Home", ".", "[")
        assert page.evaluate("adm.app.at.listening.player.region") == [1, 2]
        participant.press(",")
        assert page.evaluate(position) == 1 and page.evaluate("adm.app.at.listening.player.region") == [1, 2], "a step stays within the loop"
        participant.press("Home")
        assert page.evaluate(position) == 0 and page.evaluate("adm.app.at.listening.player.region") is None
        assert page.inner_text(".status") == page.evaluate("adm.say('loop_whole')")
    print("ok: seeks go where they should", flush=True)


def help_from_its_top(make, bundle):
    """In a low window, help begins with its title."""
    with opened(make, bundle) as (_, participant):
        page = participant.page
        for width, height in [(390, 500), (640, 300), (1280, 400)]:
            page.set_viewport_size({"width": width, "height": height})
            participant.press("?")
            assert page.evaluate("document.querySelector('dialog').scrollTop") == 0, (width, height)
            assert page.evaluate("document.activeElement.matches('dialog h2')"), page.evaluate("document.activeElement.outerHTML")
            participant.press("Escape")
            participant.until("help closed", "document.querySelector('dialog') === null")
    print("ok: help begins with its title", flush=True)


def keys_turned_off(make, bundle):
    """Letters, digits and signs can be turned off, and stay so when the page is opened anew; other keys work on."""
    with opened(make, bundle) as (_, participant):
        page = participant.page
        participant.press("?", "Tab", "Space", "Escape")
        assert page.evaluate("[adm.store.keys, localStorage.length]") == [False, 0], "nothing is kept before consent"
        participant.agree()
        at(participant, "samples")
        page.reload()
        participant.until("resumed", "adm.app.at?.listening?.buffers != null")
        participant.press("2", "p", "[", "?", "h", ".")
        assert page.evaluate("adm.app.at.listening.player === null && document.querySelector('dialog') === null")
        assert page.evaluate("document.querySelectorAll('button .single').length > 3 && ![...document.querySelectorAll('.single')].some(sign => sign.checkVisibility())")
        assert page.evaluate("document.querySelectorAll('[aria-keyshortcuts]:not(.toggle)').length") == 0
        participant.press("Space")
        assert page.evaluate("adm.app.at.listening.playing")
        participant.press("Space")
        participant.tab_to(page.evaluate("adm.say('help')"))
        participant.press("Enter", "Tab", "Space", "Escape", "2")
        assert page.evaluate("adm.app.at.listening.playing && adm.app.at.listening.player.chosen === 1 && adm.store.state.keys")
        assert page.evaluate("document.querySelector('.sample .single').checkVisibility() && document.querySelectorAll('[aria-keyshortcuts]').length > 4")
    print("ok: single keys can be turned off", flush=True)


def way_back(make, bundle, pictures):
    """Back goes within a run of pages, by button, key and browser; answers may be changed, times go on, and trials stay closed."""
    kind, chosen = "adm.manifest.pages[adm.store.state?.page ?? 0].kind", "document.querySelector('[type=radio]:checked')?.value"
    with opened(make, bundle) as (_, participant):
        page = participant.page
        participant.agree()
        assert page.locator(".previous").count() == 0, "one cannot go back to consent"
        at(participant, "questions")
        page.focus("[type=radio]")
        participant.press("Space")
        first, spent = page.evaluate(chosen), page.evaluate("adm.clock.now()")
        participant.tab_to(page.evaluate("adm.say('previous')"))
        participant.press("Enter")
        assert page.evaluate(kind) == "training"
        participant.until("loaded", "adm.app.at.listening.buffers !== null")
        pictures.take(page, "previous")
        participant.press("Backspace")
        assert page.evaluate(kind) == "volume"
        participant.until("loaded", "adm.app.at.listening.buffers !== null")
        page.go_back()
        participant.until("the browser's Back", f"{kind} === 'text'")
        for _ in range(3):
            participant.listen()
            participant.next()
        assert page.evaluate(kind) == "questions" and page.evaluate(chosen) == first, "answers are gone"
        assert page.evaluate("adm.clock.now()") >= spent, "times begin anew"
        page.focus("[type=radio]")
        participant.press("ArrowDown")
        assert page.evaluate(chosen) != first
        at(participant, "samples", 1)
        assert page.locator(".previous").count() == 0
        participant.press("2", "Backspace")
        page.go_back()
        says(participant, "no_way_back", ".notice")
        assert page.evaluate("[adm.store.state.position, adm.app.at.listening.player.chosen]") == [1, 1]
        page.go_back()
        participant.until("left", "typeof adm === 'undefined'")
        page.go_forward()
        participant.until("and come back", "adm.app.at?.listening?.buffers != null && adm.store.state.position === 1")
        at(participant, "closing")
        page.go_back()
        says(participant, "no_way_back", ".notice")


def enter_on_options(make, bundle):
    """Enter takes the option it is pressed on and only then goes on; neither does it take what it led to, nor an answer away."""
    with opened(make, bundle) as (_, participant):
        page = participant.page
        participant.agree()
        at(participant, "questions")
        participant.press("Enter", "Enter", "Enter")
        assert page.evaluate("document.querySelectorAll(':checked').length") == 0, "Enter twice took an option"
        participant.press("Tab", "Shift+Tab", "Enter")
        assert page.evaluate("document.activeElement.type === 'radio' && document.activeElement.checked")
        assert page.evaluate("document.querySelectorAll('[type=radio]:checked').length") == 1
        page.focus(".decline input")
        participant.press("Enter")
        assert page.evaluate("document.querySelectorAll('[type=radio]:checked').length") == 1, "Enter took an answer away"
        page.focus(".question:nth-child(2) .option:nth-child(2) input")
        participant.press("Enter")
        assert page.evaluate("document.activeElement.checked && document.querySelector('[type=radio]:checked') !== null")
        at(participant, "questions")
        page.evaluate("() => { adm.store.state.places = {}; adm.app.show(); }")
        page.focus(".decline input")
        participant.press("Enter")
        assert page.evaluate("document.activeElement.checked")
    print("ok: Enter takes options", flush=True)


def somebody_else(make, bundle, pictures):
    """The closing page lets another participant begin, and drops what was not handed over only when it is asked twice."""
    with opened(make, bundle) as (browser, participant):
        page = participant.page
        numbers = []
        for saved in [False, True, True]:
            participant.agree()
            numbers.append(page.evaluate("adm.store.state.participant"))
            participant.listen()
            participant.next()
            participant.until("saved before long", f"JSON.parse(localStorage.getItem(adm.store.key())).participant === '{numbers[-1]}'")
            at(participant, "closing")
            if saved:
                participant.tab_to(page.evaluate("adm.say('download_json')"))
                with page.expect_download():
                    participant.press("Enter")
                page.reload()
            pictures.take(page, "closing-again")
            participant.tab_to(page.evaluate("adm.say('another')"))
            participant.press("Enter")
            if not saved:
                assert page.evaluate("adm.store.state !== null") and page.evaluate("adm.say('another_sure')") in page.inner_text("main")
                participant.press("Enter")
            assert page.evaluate("[adm.store.state, localStorage.length]") == [None, 0]
            assert page.inner_text("h1") == page.evaluate("adm.say('title_consent')") and page.inner_text(".notice") == ""
        assert len(set(numbers)) == 3
        page = browser.page()
        page.goto(f"{participant.page.url}#sheet=1")
        participant = Participant(page)
        participant.agree()
        at(participant, "closing")
        assert page.evaluate("adm.say('another')") not in page.inner_text("main"), "a link's sheet is one participant's"
    print("ok: somebody else can begin", flush=True)


def alone(sounds):
    """A training page of one example, trials of one sample and of two, with eleven numbers for each."""
    trials = {fixture.name("one", k): dict(block="ones", samples=sounds(k + 1)) for k in range(2)}
    rated = fixture.question("Wie musikalisch?", "scale", each_sample=True, low=0, high=10, low_label="gar nicht", high_label="sehr", slider=False)
    pages = [dict(title=None, text=None, **page) for page in [
        dict(kind="consent"), dict(kind="training", samples=[[sounds(1)[0], "Von einem Menschen"]]), dict(kind="block", block="ones"), dict(kind="closing")]]
    blocks = {"ones": dict(kind="samples", text=None, questions=["rated"], heard=0.5)}
    return dict(pages=pages, questions={"rated": rated}, blocks=blocks, trials=trials, sheets=[{"ones": [fixture.shown(trial, name, 0) for name, trial in trials.items()]}])


def one_sample(make, bundle, pictures):
    """Nobody is told to switch where there is one sample; numbers are the language's, and not too small for a finger."""
    folder = bundle.parent / "alone"
    fixture.write(folder, "de", alone)
    with opened(make, folder) as (_, participant):
        page = participant.page
        participant.agree()
        said = [page.inner_text("main p")]
        for position in range(2):
            at(participant, "samples", position)
            said.append(page.inner_text("main p"))
            page.set_viewport_size({"width": 320, "height": 640})
            least = page.evaluate("Math.min(...[...document.querySelectorAll('.scale .option')].map(option => option.getBoundingClientRect().width))")
            rows = page.evaluate("new Set([...document.querySelectorAll('.card')[0].querySelectorAll('.scale .option')].map(option => option.offsetTop)).size")
            assert least >= 24 and rows == 1, (least, rows)
            page.set_viewport_size({"width": 1280, "height": 900})
        assert said == [page.evaluate(f"adm.say('{key}')") for key in ["example_text", "sample_text", "samples_text"]], said
        assert page.inner_text(".time") == "0,0 / 2,0", page.inner_text(".time")
        assert "0,0 s" in page.get_attribute(".position", "aria-valuetext")
        pictures.take(page, "alone")
    print("ok: one sample, and a decimal comma", flush=True)


PLACES = """() => Object.fromEntries([['words', '.words span'], ['numbers', '.numbers span'], ['reference', '.anchor .sample'], ['toggle', '.toggle'], ['track', '.grade']]
  .map(([name, selector]) => [name, [...document.querySelectorAll(selector)].map(element => { const { left, right, top, bottom } = element.getBoundingClientRect(); return { left, right, top, bottom }; })]))"""


def grading_on_a_phone(make, bundle, pictures):
    """The scale's words and numbers are there on every width, where sliders have them; on a phone they and the reference stay in sight."""
    for language in ["en", "de"]:
        folder = bundle.parent / "grades"
        fixture.write(folder, language)
        with opened(make, folder) as (_, participant):
            page = participant.page
            participant.agree()
            at(participant, "mushra")
            pictures.take(page, f"grades-{language}")
            for width in [1280, 390, 320]:
                page.set_viewport_size({"width": width, "height": 640})
                page.evaluate("scrollTo(0, 0)")
                places = page.evaluate(PLACES)
                track, numbers = places["track"][0], places["numbers"]
                assert len(places["words"]) == 5 and len(numbers) == 6 and all(one["bottom"] > one["top"] for one in places["words"] + numbers)
                for k, one in enumerate(numbers):
                    where = track["left"] + 8 + k / 5 * (track["right"] - track["left"] - 16)
                    assert abs((one["left"] + one["right"]) / 2 - where) < 2, (width, k, one, where)
                page.evaluate("document.querySelectorAll('.grade')[3].scrollIntoView({ block: 'center' })")
                places = page.evaluate(PLACES)
                seen = lambda one: 0 <= one["top"] and one["bottom"] <= 640
                if width < 640:
                    assert all(seen(places[name][0]) for name in ["reference", "toggle", "words", "numbers"]), (width, places)
                    assert places["track"][3]["top"] > places["numbers"][0]["bottom"], "the slider is hidden behind what stays"
                    page.screenshot(path=pictures.folder / f"grades-{language}-{width}-scrolled.png")
            assert "\u00ad" not in page.evaluate("(() => { const input = document.querySelector('.grade'); input.value = 90; input.dispatchEvent(new Event('input')); return input.getAttribute('aria-valuetext'); })()")
    print("ok: grades have words, numbers and a reference at hand", flush=True)


def all_of_it(make, bundle, pictures):
    grading_on_a_phone(make, bundle, pictures)
    somebody_else(make, bundle, pictures)
    one_sample(make, bundle, pictures)
    way_back(make, bundle, pictures)
    enter_on_options(make, bundle)
    keys_turned_off(make, bundle)
    seeks(make, bundle)
    help_from_its_top(make, bundle)
    digits_on_sliders(make, bundle)
    set_back(make, bundle)
    two_agreements(make, bundle)
    slow_clicks(make, bundle)
