"""What presses do: slow clicks, digits on sliders, seeks, Enter on options, keys that are turned off, ways back."""

from hostile import at, opened, says


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


def all_of_it(make, bundle, pictures):
    slow_clicks(make, bundle)
    digits_on_sliders(make, bundle)
    seeks(make, bundle)
    keys_turned_off(make, bundle)
    help_from_its_top(make, bundle)
    enter_on_options(make, bundle)
    way_back(make, bundle, pictures)
