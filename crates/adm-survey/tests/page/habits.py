"""What people do with a page: open it twice, lend it to somebody else, set their clock, hold a phone."""

import fixture
from hostile import at, opened, says
from participant import Participant


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
    two_agreements(make, bundle)
    somebody_else(make, bundle, pictures)
    set_back(make, bundle)
    one_sample(make, bundle, pictures)
    grading_on_a_phone(make, bundle, pictures)
