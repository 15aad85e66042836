#!/usr/bin/env python3
"""Writes a small bundle of synthetic sounds: every kind of page, block and question, by the contract of src/bundle/manifest.rs.

    python3 crates/adm-survey/tests/page/fixture.py FOLDER [--language de] [--many]

With --many it has 20 trials of two stimuli of 10 s in stereo and nothing else, to see how fast a page opens.
"""

import argparse
import base64
import hashlib
import io
import json
import pathlib
import shutil
import tomllib
import wave

import numpy

CRATE = pathlib.Path(__file__).resolve().parents[2]
RATE = 44_100


def noise(seed, seconds, channels=2):
    """Noise with a slow beat, faded at its edges: no two positions and no two seeds are alike."""
    frames = int(seconds * RATE)
    sound = numpy.random.default_rng(seed).normal(0, 0.1, (frames, channels))
    sound *= (0.6 + 0.4 * numpy.sin(numpy.arange(frames) * (2 + seed % 5) * 6.28 / RATE))[:, None]
    edge = int(0.01 * RATE)
    ramp = numpy.linspace(0, 1, edge)[:, None]
    sound[:edge] *= ramp
    sound[-edge:] *= ramp[::-1]
    return numpy.clip(numpy.round(sound * 32768), -32768, 32767).astype("<i2")


def wav(samples):
    """The bytes of a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(samples.shape[1])
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


def name(*parts):
    """A hashed name."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:16]


def question(text, kind, required=True, may_decline=False, each_sample=False, **more):
    return dict(text=text, kind=kind, each_sample=each_sample, required=required, may_decline=may_decline, **more)


def options(*words):
    return [dict(value=word.lower().replace(" ", "-"), label=word) for word in words]


QUESTIONS = {
    "age": question("How old are you?", "choice", may_decline=True, options=options("Under 30", "30 to 60", "Over 60")),
    "genres": question("What do you listen to?", "many", options=options("Techno", "House", "Jazz", "Classical music", "Nothing of these")),
    "plays": question("Do you play an instrument?", "choice", options=options("Yes", "No")),
    "which": question("Which one?", "text", may_decline=True, most=120, when={"question": "plays", "is": "yes"}),
    "skill": question("How well do you know electronic dance music?", "scale", low=0, high=10, low_label="not at all", high_label="by heart", slider=False),
    "hours": question("Hours of music a week", "scale", required=False, low=0, high=100, low_label="none", high_label="100", slider=True),
    "made": question("Who made it?", "choice", each_sample=True, options=options("Human", "AI")),
    "sure": question("How sure are you?", "scale", each_sample=True, low=1, high=5, low_label="guessed", high_label="certain", slider=False, when={"question": "made", "is": "ai"}),
    "better": question("Which do you like better?", "samples", pick="one"),
    "machine": question("Which are made by a machine?", "samples", pick="any"),
    "why": question("Why?", "text", required=False, most=300),
    "remarks": question("Anything you want to tell us?", "text", required=False, most=1000),
}

PROSE = "This is a listening test. It takes about ten minutes.\n\nYou can stop whenever you like, and need not say why."


def whole(sounds):
    """Pages, blocks and trials of the whole bundle; `sounds(count)` gives names of new sounds."""
    trials, order = {}, {"pairs": [], "abx": [], "grades": []}
    for k in range(3):
        order["pairs"].append(name("pair", k))
        trials[order["pairs"][-1]] = dict(block="pairs", samples=sounds(2))
    order["pairs"].append(order["pairs"][0])
    for k in range(2):
        order["abx"].append(name("abx", k))
        trials[order["abx"][-1]] = dict(block="abx", samples=sounds(2), copies=sounds(2))
    order["grades"].append(name("grade", 0))
    trials[order["grades"][-1]] = dict(block="grades", samples=sounds(4), reference=sounds(1)[0])
    blocks = {
        "pairs": dict(kind="samples", text=None, questions=["made", "sure", "better", "machine", "why"], heard=0.6),
        "abx": dict(kind="abx", text=None, questions=["why"], heard=0.3),
        "grades": dict(kind="mushra", text=None, questions=[], heard=0.0),
    }
    page = lambda kind, title=None, text=None, **more: dict(kind=kind, **more, title=title, text=text)
    training = [[one, word] for one, word in zip(sounds(2), ["Made by a person", "Made by a machine"])]
    pages = [
        page("consent", text=PROSE), page("text", "How it goes", PROSE), page("volume"), page("training", samples=training),
        page("questions", "About you", questions=["age", "genres", "plays", "which", "skill", "hours"]),
        page("block", "Person or machine?", block="pairs"), page("block", block="abx"), page("block", block="grades"),
        page("questions", "One more thing", questions=["remarks"]), page("closing"),
    ]
    sheets = [{block: [shown(trials[one], one, sheet + k) for k, one in enumerate(turned(names, sheet))] for block, names in order.items()} for sheet in range(6)]
    return dict(pages=pages, questions=QUESTIONS, blocks=blocks, trials=trials, sheets=sheets)


def many(sounds):
    """Twenty trials of two samples, straight after consent."""
    trials = {name("trial", k): dict(block="pairs", samples=sounds(2)) for k in range(20)}
    blocks = {"pairs": dict(kind="samples", text=None, questions=["better"], heard=0.0)}
    pages = [dict(kind=kind, title=None, text=None, **more) for kind, more in [("consent", {}), ("block", {"block": "pairs"}), ("closing", {})]]
    sheets = [{"pairs": [shown(trials[one], one, k) for k, one in enumerate(turned(list(trials), sheet))]} for sheet in range(60)]
    return dict(pages=pages, questions={"better": QUESTIONS["better"]}, blocks=blocks, trials=trials, sheets=sheets)


def turned(items, by):
    by %= len(items)
    return items[by:] + items[:by]


def shown(trial, its_name, turn):
    """A trial with its samples turned round."""
    one = dict(trial=its_name, slots=turned(list(range(len(trial["samples"]))), turn))
    return one | {"x": turn % 2} if "copies" in trial else one


def string(text):
    """A JavaScript string literal."""
    return json.dumps(text).replace("</", "<\\/")


def write(folder, language="en", design=whole, seconds=2.0):
    """Writes the bundle into a new folder and returns its manifest."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "audio").mkdir(parents=True)
    (folder / "page").mkdir()
    for file in (CRATE / "page").iterdir():
        shutil.copy(file, folder if file.name == "index.html" else folder / "page")
    count = 0

    def sounds(number):
        nonlocal count
        names = []
        for _ in range(number):
            count += 1
            names.append(name("sound", count))
            text = base64.b64encode(wav(noise(count, seconds))).decode()
            (folder / "audio" / f"{names[-1]}.js").write_text(f'adm.sound("{names[-1]}","{text}")\n')
        return names

    made = design(sounds)
    manifest = dict(
        format="adm-bundle", version=1, title="Can you tell who made it?", language=language,
        texts=tomllib.loads((CRATE / "texts" / f"{language}.toml").read_text()), commitment="0" * 64, seed="18446744073709551615",
        sound=dict(rate=RATE, channels=2, frames=int(seconds * RATE), looped=True, fade_ms=5.0), volume=sounds(1)[0], **made,
    )
    text = json.dumps(manifest, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    (folder / "study.js").write_text(f'adm.study({string(text)},"{digest}");\n')
    return manifest


def read(folder):
    """The manifest of a bundle, and its id."""
    text = (folder / "study.js").read_text().strip()
    inner, digest = json.JSONDecoder().decode("[" + text[len("adm.study("):].rstrip(";").rstrip(")") + "]")
    assert hashlib.sha256(inner.encode()).hexdigest() == digest
    return json.loads(inner), digest


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--language", default="en")
    parser.add_argument("--many", action="store_true")
    given = parser.parse_args()
    write(given.folder, given.language, many if given.many else whole, 10.0 if given.many else 2.0)
