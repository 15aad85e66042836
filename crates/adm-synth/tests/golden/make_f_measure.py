"""Writes f_measure.json: mir_eval's F-measure of lists of beats, as the tests' own must give it.

    pip install mir_eval==0.8.2 numpy==2.4.6
    python make_f_measure.py

Times are whole milliseconds and windows odd halves of one but for the last list, so that no error lies on a window's edge
by rounding alone.
"""

import json
import pathlib
import random

import mir_eval
import numpy as np

WINDOWS = [0.0705, 0.0255, 0.0105]
random.seed(1)


def beats(period, seconds, jitter):
    """Beats of a steady tempo, each moved by up to `jitter` seconds."""
    times = {round(n * period + random.uniform(-jitter, jitter), 3) for n in range(1, int(seconds / period))}
    return sorted(times)


def kept(times, share):
    """A random share of all times."""
    return [time for time in times if random.random() < share]


truth = beats(0.469, 60, 0.0)
cases = [
    (truth, truth),
    (truth, []),
    ([], truth),
    (truth, [time + 30 for time in truth]),
    (truth, beats(0.469, 60, 0.02)),
    (truth, beats(0.469, 60, 0.09)),
    (truth, beats(0.47, 60, 0.0)),
    (truth, beats(0.2345, 60, 0.01)),
    (truth, kept(beats(0.469, 60, 0.03), 0.7)),
    (kept(truth, 0.6), beats(0.469, 60, 0.03)),
    # Closer to each other than the windows are wide: which is paired with which matters.
    (beats(0.05, 20, 0.02), beats(0.06, 20, 0.03)),
    (kept(beats(0.03, 20, 0.01), 0.5), kept(beats(0.03, 20, 0.01), 0.5)),
    ([4.999, 5.0, 6.0], [5.01, 6.0]),
]


def f_measure(reference, estimate, window):
    trimmed = [mir_eval.beat.trim_beats(np.array(times, dtype=float)) for times in (reference, estimate)]
    return mir_eval.beat.f_measure(*trimmed, f_measure_threshold=window)


rows = []
for reference, estimate in cases:
    reference, estimate = [[round(time, 3) for time in times] for times in (reference, estimate)]
    rows.append({"reference": reference, "estimate": estimate, "f": [f_measure(reference, estimate, w) for w in WINDOWS]})

golden = {"mir_eval": mir_eval.__version__, "windows": WINDOWS, "cases": rows}
path = pathlib.Path(__file__).with_name("f_measure.json")
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
