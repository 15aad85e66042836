"""Writes griffin_lim.json: librosa.griffinlim's signals from known phases, as `fast-griffin-lim` must give them.

    pip install librosa==0.11.0 numpy==2.4.6
    python make_griffin_lim.py

The signal and the phases come from adding and multiplying only, so any language that follows IEEE 754 makes the same
ones bit for bit. Of each inverted signal every `step`-th sample is kept.

Momentum lets differences grow: at n_fft 2048 librosa's own single and double precision are 3e-5 apart after 16
iterations and 6e-5 after 32, so 32 iterations with momentum are those of a short signal.
"""

import json
import pathlib

import librosa
import numpy as np

STATES = []
state = 1
for _ in range(2_000_000):
    state = (state * 1664525 + 1013904223) % 2**32
    STATES.append(state)
STATES = np.array(STATES, dtype=np.uint64)


def signal_of(samples):
    """Two tones and noise, float32 `[samples]`."""
    tones, turns = [[0.3, 0.3], [0.25, 0.25]], [1.999, 1.2]  # 2 cos(2 pi f / rate)
    signal = np.zeros(samples, dtype=np.float32)
    for index in range(samples):
        value = 0.1 * ((int(STATES[index]) >> 8) / 2**23 - 1.0)
        for tone, turn in zip(tones, turns):
            before, now = tone
            tone[:] = [now, turn * now - before]
            value += 0.3 * now
        signal[index] = np.float32(value)
    return signal


class KnownPhases(np.random.RandomState):
    """The numbers that librosa asks for, in [0, 1): frame by frame, in each bin by bin."""

    def random(self, size):
        bins, frames = size
        return (STATES[: bins * frames] / 2.0**32).reshape(frames, bins).T


def case(n_fft, win_length, hop, samples, iterations, momentum, step):
    signal = signal_of(samples)
    settings = dict(n_fft=n_fft, win_length=win_length, hop_length=hop, window="hann", center=True, pad_mode="constant")
    wanted = np.abs(librosa.stft(signal, **settings))
    got = librosa.griffinlim(
        wanted, n_iter=iterations, momentum=momentum, length=samples, random_state=KnownPhases(0), **settings
    )
    off = np.linalg.norm(np.abs(librosa.stft(got, **settings)) - wanted) / np.linalg.norm(wanted)
    return {
        "n_fft": n_fft,
        "win_length": win_length,
        "hop": hop,
        "samples": samples,
        "frames": wanted.shape[1],
        "iterations": iterations,
        "momentum": momentum,
        "decibels": 20.0 * float(np.log10(off)),
        "step": step,
        # Nine digits hold a float32 exactly.
        "signal": [float(f"{value:.9g}") for value in got[::step]],
    }


golden = {
    "librosa": librosa.__version__,
    "numpy": np.__version__,
    "cases": [
        case(64, 64, 16, 600, 0, 0.99, 1),
        case(64, 64, 16, 600, 1, 0.99, 1),
        case(64, 64, 16, 600, 3, 0.99, 1),
        case(64, 64, 16, 600, 3, 0.5, 1),
        case(64, 64, 16, 600, 3, 0.0, 1),
        case(64, 64, 16, 600, 32, 0.99, 1),
        case(50, 40, 10, 500, 16, 0.99, 1),
        case(63, 63, 15, 480, 16, 0.99, 1),
        case(101, 101, 25, 505, 16, 0.0, 1),
        case(512, 512, 128, 20_000, 24, 0.99, 97),
        case(2048, 2048, 512, 20_000, 16, 0.99, 97),
        case(2048, 2048, 512, 20_000, 32, 0.0, 97),
    ],
}
path = pathlib.Path(__file__).with_name("griffin_lim.json")
path.write_text(json.dumps(golden) + "\n")
print(path, path.stat().st_size, "bytes", [round(case["decibels"], 2) for case in golden["cases"]])
