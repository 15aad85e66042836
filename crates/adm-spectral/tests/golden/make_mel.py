"""Writes mel.json: librosa's mel filters and spectrograms, as `mel` must give them.

    pip install librosa==0.11.0 numpy==2.4.6
    python make_mel.py

The signal is make_golden.py's: resonators and linear congruential noise, the same samples bit for bit in any language. Of
each spectrogram a coarse grid is kept, and the sums of its rows.
"""

import json
import pathlib

import librosa
import numpy as np

from make_golden import slice_of

CASES = [
    dict(rate=22050, slice_frames=10177, frames=64, n_fft=2048, bins=128, mels="slaney", norm="slaney", fmin=0.0, fmax=None, power=2),
    dict(rate=44100, slice_frames=20354, frames=128, n_fft=1024, bins=80, mels="htk", norm="none", fmin=50.0, fmax=16000.0, power=1),
    dict(rate=8000, slice_frames=3693, frames=33, n_fft=501, bins=40, mels="slaney", norm="none", fmin=20.0, fmax=None, power=1),
    dict(rate=48000, slice_frames=22154, frames=50, n_fft=4096, bins=100, mels="htk", norm="slaney", fmin=0.0, fmax=20000.0, power=2),
]


def case(rate, slice_frames, frames, n_fft, bins, mels, norm, fmin, fmax, power):
    mono = slice_of(slice_frames)[:, 0]
    hop = -(-slice_frames // (frames - 1))
    padded = np.pad(mono, (0, hop * (frames - 1) + n_fft % 2 - slice_frames))
    settings = dict(n_mels=bins, fmin=fmin, fmax=fmax, htk=mels == "htk", norm=None if norm == "none" else norm)
    spectrogram = librosa.feature.melspectrogram(
        y=padded, sr=rate, n_fft=n_fft, hop_length=hop, window="hann", center=True, pad_mode="constant", power=power, **settings
    )
    assert spectrogram.shape == (bins, frames), spectrogram.shape
    config = dict(name="mel", bins=bins, frames=frames, n_fft=n_fft, mels=mels, norm=norm, fmin=fmin, power=power)
    if fmax is not None:
        config["fmax"] = fmax
    values = spectrogram[::7, ::5]
    return {
        "config": config,
        "rate": rate,
        "slice_frames": slice_frames,
        "step": [7, 5],
        "rows": [float(f"{value:.9g}") for value in spectrogram.astype(np.float64).sum(axis=1)],
        "values": [float(f"{value:.9g}") for value in values.ravel()],
    }


golden = {"librosa": librosa.__version__, "numpy": np.__version__, "cases": [case(**settings) for settings in CASES]}
path = pathlib.Path(__file__).with_name("mel.json")
path.write_text(json.dumps(golden) + "\n")
print(path, path.stat().st_size, "bytes")
