"""What people do with a page: slow clicks, Back, a second look, a second person, a clock that is set."""

from hostile import opened


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


def all_of_it(make, bundle, pictures):
    slow_clicks(make, bundle)
