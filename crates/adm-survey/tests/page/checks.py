"""What must hold of a page and of the answers it gives, reckoned without its code."""

import csv
import hashlib
import io
import pathlib
import re

HEAD = ["format", "version", "bundle", "participant", "sheet", "started", "finished", "device_rate"]
ROW = ["page", "block", "position", "trial", "question", "slot", "stimulus", "response", "declined", "ms", "plays", "heard"]

# The smallest contrast of a page's text, with its words.
CONTRAST = (pathlib.Path(__file__).resolve().parents[4] / "tests" / "page" / "contrast.js").read_text()

UNNAMED = """() => [...document.querySelectorAll('button, input, textarea, progress, [role=group], [role=radiogroup], dialog')].filter(element =>
  element.checkVisibility() && !(element.labels?.length || element.textContent.trim() || element.ariaLabel || element.getAttribute('aria-labelledby')))
  .map(element => element.outerHTML)"""


def looks(page, folder, kind):
    """Contrast, names and width in both schemes on a desk and a phone, with pictures of each."""
    for scheme in ["light", "dark"]:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width, height in [(1280, 900), (390, 844)]:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(60)
            slack = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert slack <= 0, f"{kind}: {slack} pixels too wide at {width}"
            page.screenshot(path=folder / f"{kind}-{width}-{scheme}.png", full_page=True)
        ratio, words = page.evaluate(CONTRAST)
        assert ratio >= 4.5, f"{kind}, {scheme}: contrast {ratio:.2f} of {words!r}"
    page.set_viewport_size({"width": 320, "height": 640})
    slack = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert slack <= 0, f"{kind}: {slack} pixels too wide at 320"
    page.set_viewport_size({"width": 1280, "height": 900})
    assert "[object" not in page.inner_text("body") and "undefined" not in page.inner_text("body"), page.inner_text("body")
    unnamed = page.evaluate(UNNAMED)
    assert not unnamed, f"{kind}: without a name: {unnamed}"


def text(value):
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def checksum(answers):
    """As src/answers/record.rs has it."""
    lines = [[text(answers[name]) for name in HEAD]] + [[text(row[name]) for name in ROW] for row in answers["rows"]]
    return hashlib.sha256("".join("\x1f".join(line) + "\x1e" for line in lines).encode()).hexdigest()


def same_csv(answers, raw):
    """CSV says what JSON says, cell by cell, by the rules of RFC 4180."""
    assert raw.endswith("\r\n")
    head, *lines = list(csv.reader(io.StringIO(raw, newline=""), strict=True))
    assert head == HEAD + ROW + ["checksum"], head
    wanted = [[text(answers[name]) for name in HEAD] + [text(row[name]) for name in ROW] + [answers["checksum"]] for row in answers["rows"]]
    assert lines == wanted, [pair for pair in zip(lines, wanted) if pair[0] != pair[1]][:1] or (len(lines), len(wanted))


def wanted_rows(manifest, answers):
    """The rows that the sheet and the questions ask for, as (page, block, position, trial, question, slot, stimulus)."""
    given = {(row["page"], row["position"], row["question"], row["slot"]): row["response"] for row in answers["rows"]}
    sheet, questions = manifest["sheets"][answers["sheet"]], manifest["questions"]

    def asked(page, position, ids, slots):
        for one in ids:
            each = questions[one]["each_sample"] and slots
            for slot in [str(k + 1) for k in range(slots)] if each else [""]:
                when = questions[one].get("when")
                if when:
                    theirs = slot if questions[when["question"]]["each_sample"] and slots else ""
                    if given.get((page, position, when["question"], theirs)) != when["is"]:
                        continue
                yield one, slot

    for index, page in enumerate(manifest["pages"]):
        if page["kind"] == "questions":
            yield from ((index, "", "", "", one, slot, "") for one, slot in asked(index, "", page["questions"], 0))
        for position, shown in enumerate(sheet[page["block"]] if page["kind"] == "block" else []):
            trial, block, place = manifest["trials"][shown["trial"]], manifest["blocks"][page["block"]], str(position)
            names = [trial["samples"][slot] for slot in shown["slots"]]
            own = [("abx", "", trial["copies"][shown["x"]])] if block["kind"] == "abx" else []
            own += [("mushra", str(k + 1), one) for k, one in enumerate(names)] if block["kind"] == "mushra" else []
            own += [(one, slot, names[int(slot) - 1] if slot else "") for one, slot in asked(index, place, block["questions"], len(names))]
            yield from ((index, page["block"], place, shown["trial"], *rest) for rest in own)


def possible(question, response, slots):
    """Whether a response is possible for its question."""
    kind = question["kind"]
    values = [option["value"] for option in question.get("options", [])]
    if kind == "choice":
        return response in values
    if kind == "many":
        return [value for value in values if value in response.split("|")] == response.split("|")
    if kind == "scale":
        return re.fullmatch(r"-?\d+", response) and question["low"] <= int(response) <= question["high"]
    if kind == "text":
        return len(response) <= question["most"]
    places = response.split("|")
    return response == "none" and question["pick"] == "any" or places == sorted(set(places)) and all(1 <= int(one) <= slots for one in places)


def rows(manifest, digest, answers, shown):
    """Holds answers against the manifest, and against what the participant saw as answered."""
    assert list(answers) == HEAD + ["rows", "checksum"] and all(list(row) == ROW for row in answers["rows"])
    assert answers["bundle"] == digest and answers["checksum"] == checksum(answers)
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", answers["participant"])
    assert answers["started"] < answers["finished"] and answers["device_rate"] >= 8000, answers["device_rate"]
    seen = [tuple(row[name] for name in ROW[:7]) for row in answers["rows"]]
    wanted = list(wanted_rows(manifest, answers))
    assert seen == wanted, [pair for pair in zip(seen, wanted) if pair[0] != pair[1]][:1] or (len(seen), len(wanted))
    noted = {(page, position if manifest["pages"][page]["kind"] == "block" else "", legend, card): (response, declined)
             for (page, position), fields in shown.items() for legend, card, response, declined in fields}
    for row in answers["rows"]:
        question, one = manifest["questions"].get(row["question"]), row["question"]
        slots = len(manifest["trials"][row["trial"]]["samples"]) if row["trial"] else 0
        assert 0 <= row["heard"] <= 100 and row["ms"] >= 0, row
        if row["block"]:
            need = manifest["blocks"][row["block"]]["heard"] * 100
            assert row["heard"] >= int(need) and row["plays"] >= 1, row
        if one == "abx":
            assert row["response"] in ["a", "b"] and row["plays"] >= 3, row
        elif one == "mushra":
            assert 0 <= int(row["response"]) <= 100, row
        else:
            assert row["response"] or row["declined"] or not question["required"], row
            assert row["declined"] or not row["response"] or possible(question, row["response"], slots), row
            card = manifest["texts"]["sample"].replace("{n}", row["slot"]) if row["slot"] else ""
            place = (row["page"], int(row["position"]) if row["position"] else "", question["text"], card)
            assert noted[place] == (row["response"], row["declined"]), (row, noted.get(place))
            assert row["ms"] > 0 or not row["response"], row
