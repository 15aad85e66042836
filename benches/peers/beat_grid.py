"""librosa's beat tracker on recordings whose beats are known, for comparison with `cargo run … --example grid`.

    python benches/peers/beat_grid.py DIR

scores every NAME.wav with a NAME.beats.json beside it by mir_eval's F-measure at 70, 25 and 10 ms, with the first five seconds
left out. Made with librosa 0.11.0 and mir_eval 0.8.2; `sets.py` beside this makes such sets.
"""

import json
import sys
import time
from pathlib import Path

import librosa
import mir_eval
import numpy as np

if __name__ == "__main__":
    for path in sorted(Path(sys.argv[1]).glob("*.wav")):
        truth = json.loads(path.with_suffix(".beats.json").read_text())["beats"]
        sound, rate = librosa.load(path, sr=22_050)
        began = time.perf_counter()
        _, found = librosa.beat.beat_track(y=sound, sr=rate, units="time")
        took = time.perf_counter() - began
        truth, found = (mir_eval.beat.trim_beats(np.asarray(beats)) for beats in (truth, found))
        scores = [mir_eval.beat.f_measure(truth, found, window) for window in (0.07, 0.025, 0.01)]
        print(path.stem.ljust(16), *(f"{score:.3f}" for score in scores), f"{len(sound) / rate / took:.0f} x")
