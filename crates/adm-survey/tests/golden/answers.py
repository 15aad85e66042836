"""Writes answers-manifest.json, answers-key.json, answers.json and answers.csv: a small test with every kind of trial and
question, its key, and the answers of one participant. Python's own json, csv and hashlib write them, so that what Rust and
the page's JavaScript write can be held against a third program. Texts are such as trip programs up.

python3 answers.py
"""

import csv
import hashlib
import io
import json
import pathlib

HERE = pathlib.Path(__file__).parent
HEAD = ["format", "version", "bundle", "participant", "sheet", "started", "finished", "device_rate"]
ROW = ["page", "block", "position", "trial", "question", "slot", "stimulus", "response", "declined", "ms", "plays", "heard"]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def options(*values):
    return [{"value": value, "label": value.capitalize()} for value in values]


def question(text, kind, each=False, required=True, decline=False, when=None, **rest):
    made = {"text": text, "kind": kind, "each_sample": each, "required": required, "may_decline": decline, **rest}
    return made | ({"when": {"question": when[0], "is": when[1]}} if when else {})


QUESTIONS = {
    "skill": question("How do you make music?", "choice", decline=True, options=options("none", "some", "much")),
    "gear": question("With what?", "text", required=False, when=("skill", "much"), most=200),
    "genres": question("What do you hear?", "many", required=False, options=options("techno", "house", "trance")),
    "check": question("Please answer 3.", "scale", low=1, high=5, low_label="", high_label="", slider=False),
    "label": question("What is it?", "choice", each=True, options=options("real", "fake")),
    "sure": question("How sure are you?", "scale", each=True, when=("label", "fake"), low=0, high=10,
                     low_label="not", high_label="very", slider=False),
    "which": question("Which is generated?", "samples", pick="one"),
    "any": question("Which are generated, if any?", "samples", pick="any"),
    "note": question("Anything else?", "text", required=False, most=100),
}

TRIALS = {
    "t1": ("pairs", ["s1", "s2"]), "t2": ("pairs", ["s3", "s4"]), "t3": ("pairs", ["s5", "s6"]),
    "t4": ("same", ["s7", "s8"]), "t5": ("rate", ["m1", "m2", "m3", "m4"]), "t6": ("rate", ["n1", "n2", "n3", "n4"]),
}

SHEETS = [
    {
        "pairs": [("t1", [0, 1]), ("t2", [1, 0]), ("t3", [0, 1]), ("t1", [1, 0])],
        "same": [("t4", [0, 1], 0), ("t4", [1, 0], 1)],
        "rate": [("t5", [2, 0, 3, 1]), ("t6", [0, 1, 2, 3])],
    },
    {
        "pairs": [("t2", [0, 1]), ("t1", [1, 0]), ("t3", [1, 0]), ("t2", [1, 0])],
        "same": [("t4", [1, 0], 1), ("t4", [0, 1], 0)],
        "rate": [("t6", [3, 2, 1, 0]), ("t5", [0, 1, 2, 3])],
    },
]


def manifest(commitment):
    trial = lambda block, samples: {"block": block, "samples": samples}
    trials = {name: trial(*given) for name, given in TRIALS.items()}
    trials["t4"]["copies"] = ["c1", "c2"]
    trials["t5"]["reference"], trials["t6"]["reference"] = "r1", "r2"
    shown = lambda trial, slots, x=None: {"trial": trial, "slots": slots} | ({} if x is None else {"x": x})
    block = lambda kind, *questions: {"kind": kind, "text": None, "questions": list(questions), "heard": 0.0}
    page = lambda kind, **rest: {"kind": kind, **rest, "title": None, "text": None}
    return {
        "format": "adm-bundle", "version": 1, "title": "Golden", "language": "en", "texts": {},
        "commitment": commitment, "seed": "1",
        "sound": {"rate": 44100, "channels": 2, "frames": 441000, "looped": True, "fade_ms": 5.0},
        "volume": "v1",
        "pages": [
            page("consent"), page("volume"), page("training", samples=[["e1", "generated"]]),
            page("questions", questions=["skill", "gear", "genres", "check"]),
            page("block", block="pairs"), page("block", block="same"), page("block", block="rate"), page("closing"),
        ],
        "questions": QUESTIONS,
        "blocks": {
            "pairs": block("samples", "label", "sure", "which", "any", "note"),
            "same": block("abx"), "rate": block("mushra"),
        },
        "trials": trials,
        "sheets": [{name: [shown(*one) for one in trials] for name, trials in sheet.items()} for sheet in SHEETS],
    }


def key():
    measured = {"lufs": -14.0, "true_peak": -0.5, "bandwidth": 16000.0, "gain": -9.0}

    def stimulus(name, id, truth, role="sample"):
        return {"name": name, "id": id, "truth": truth, "role": role, "item": None, "source": f"{id}.wav", "measured": measured}

    rated = lambda m: [
        stimulus(f"{m}1", f"{m}-original", "original", "hidden-reference"), stimulus(f"{m}2", f"{m}-original", "anchor35", "low-anchor"),
        stimulus(f"{m}3", f"{m}-original", "anchor70", "mid-anchor"), stimulus(f"{m}4", f"{m}-made", "made"),
    ]
    pairs = [("s1", "ai"), ("s2", "human"), ("s3", "human"), ("s4", "ai"), ("s5", "ai"), ("s6", "ai"), ("s7", "ai"), ("s8", "human")]
    trial = lambda name, **rest: {"name": name, "id": f"trial {name}", "block": TRIALS[name][0], "samples": TRIALS[name][1], **rest}
    questions = [{"id": id, "text": q["text"], "kind": q["kind"]} for id, q in QUESTIONS.items()]
    by_id = {q["id"]: q for q in questions}
    by_id["label"]["scoring"] = {"truth": {"real": "human", "fake": "ai"}}
    by_id["which"]["scoring"] = {"target": {"truth": "ai"}}
    by_id["any"]["scoring"] = {"target": {"truth": "ai", "points": {"exact": 2.0, "mixed": 1.0, "part": 1.0}}}
    by_id["check"]["expect"] = "3"
    return {
        "format": "adm-survey-key", "version": 1, "salt": "00" * 32, "seed": "1",
        "study": {"title": "Golden", "stimuli": [], "questions": questions, "blocks": []},
        "stimuli": [
            *(stimulus(name, f"{truth}-{name}", truth) for name, truth in pairs),
            stimulus("c1", "ai-s7", "ai", "copy"), stimulus("c2", "human-s8", "human", "copy"),
            *rated("m"), *rated("n"),
            stimulus("r1", "m-original", "original", "reference"), stimulus("r2", "n-original", "original", "reference"),
            stimulus("v1", "volume", "human", "volume"), stimulus("e1", "example", "ai", "training"),
        ],
        "trials": [
            trial("t1"), trial("t2"), trial("t3", expect={"any": "ai|ai"}), trial("t4", copies=[0, 1]), trial("t5"), trial("t6"),
        ],
    }


def rows():
    made, ms = [], 1000

    def add(page, question, response, trial=("", "", ""), slot="", stimulus="", declined=False):
        nonlocal ms
        ms += 7
        block, position, name = trial
        made.append(dict(zip(ROW, [page, block, position, name, question, slot, stimulus, response, declined, ms,
                                   3 if block else 0, 97 if block else 0])))

    add(3, "skill", "much")
    add(3, "gear", 'Two "303s", a 909;\na mixer,\n\n=1+1 and 🎛️ – "ja"\t\u2028 ')
    add(3, "genres", "techno|trance")
    add(3, "check", "3")
    # By position: labels by slot, sureness of those that were labelled fake, which, any, note.
    answered = [
        (["fake", "real"], ["8", None], "1", "1", ""), (["real", "real"], [None, None], "2", "1|2", "a,b"),
        (["fake", "fake"], ["5", "10"], "2", "1|2", '"'), (["fake", "real"], ["7", None], "2", "none", "é\r"),
    ]
    for position, (labels, sure, which, some, note) in enumerate(answered):
        name, slots = SHEETS[0]["pairs"][position]
        trial = ("pairs", str(position), name)
        at = lambda slot: TRIALS[name][1][slots[slot]]
        for slot, label in enumerate(labels):
            add(4, "label", label, trial, str(slot + 1), at(slot))
        for slot, value in enumerate(sure):
            if value:
                add(4, "sure", value, trial, str(slot + 1), at(slot))
        for id, value in [("which", which), ("any", some), ("note", note)]:
            add(4, id, value, trial)
    for position, value in enumerate(["a", "a"]):
        name, _, x = SHEETS[0]["same"][position]
        add(5, "abx", value, ("same", str(position), name), stimulus=f"c{x + 1}")
    for position, ratings in enumerate([["60", "100", "45", "20"], ["89", "15", "50", "70"]]):
        name, slots = SHEETS[0]["rate"][position]
        for slot, value in enumerate(ratings):
            add(6, "mushra", value, ("rate", str(position), name), str(slot + 1), TRIALS[name][1][slots[slot]])
    return made


def text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def main():
    key_bytes = json.dumps(key(), ensure_ascii=False, indent=1).encode()
    manifest_bytes = json.dumps(manifest(sha256(key_bytes)), ensure_ascii=False, indent=1).encode()
    answers = dict(zip(HEAD, ["adm-answers", 1, sha256(manifest_bytes), "0b8f5a52-6a3e-4c1d-9f27-5d0e8c7b4a19", 0,
                              "2026-05-01T12:00:00.000Z", "2026-05-01T12:21:03.250Z", 48000])) | {"rows": rows()}
    lines = [[answers[name] for name in HEAD], *([row[name] for name in ROW] for row in answers["rows"])]
    answers["checksum"] = sha256("".join("\x1f".join(map(text, line)) + "\x1e" for line in lines).encode())
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow([*HEAD, *ROW, "checksum"])
    for line in lines[1:]:
        writer.writerow([text(value) for value in [*lines[0], *line, answers["checksum"]]])
    (HERE / "answers-key.json").write_bytes(key_bytes)
    (HERE / "answers-manifest.json").write_bytes(manifest_bytes)
    (HERE / "answers.json").write_bytes(json.dumps(answers, ensure_ascii=False, indent=1).encode())
    (HERE / "answers.csv").write_bytes(table.getvalue().encode())


main()
