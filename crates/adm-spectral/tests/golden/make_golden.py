"""Writes stereo_complex.json: librosa's spectra of two slices, as `stereo-complex` must give them.

    pip install librosa==0.11.0 numpy==2.4.6
    python make_golden.py

A slice is made of resonators and linear congruential noise, which add and multiply only, so any language that follows
IEEE 754 makes the same samples bit for bit. Of the small tensor every value is kept, of the large one a coarse grid.
"""

import json
import pathlib

import librosa
import numpy as np


def slice_of(frames):
    """Interleaved stereo float32, `[frames, 2]`: two tones and noise a channel."""
    state, tones = 1, [[0.3, 0.3], [0.2, 0.1], [0.25, 0.25], [0.1, 0.05]]
    turns = [1.999, 1.2, 1.9, -0.7]  # 2 cos(2 pi f / rate)
    samples = np.zeros((frames, 2), dtype=np.float32)
    for index in range(frames):
        for channel in range(2):
            state = (state * 1664525 + 1013904223) % 2**32
            value = 0.1 * ((state >> 8) / 2**23 - 1.0)
            for tone in (2 * channel, 2 * channel + 1):
                before, now = tones[tone]
                tones[tone] = [now, turns[tone] * now - before]
                value += 0.1 * now
            samples[index, channel] = np.float32(value)
    return samples


def tensor_of(samples, bins, frames):
    """`[bins, frames, 4]` float32: right real, right imaginary, left real, left imaginary; Nyquist in bin 0."""
    hop = -(-len(samples) // (frames - 1))
    padded = np.pad(samples, ((0, hop * (frames - 1) - len(samples)), (0, 0)))
    planes = []
    for channel in (1, 0):
        settings = dict(n_fft=2 * bins, hop_length=hop, window="hann", center=True, pad_mode="constant")
        spectrum = librosa.stft(np.ascontiguousarray(padded[:, channel]), **settings)
        assert spectrum.shape == (bins + 1, frames), spectrum.shape
        packed = spectrum[:bins].copy()
        packed[0] = spectrum[0].real + 1j * spectrum[bins].real
        planes += [packed.real, packed.imag]
    return np.stack(planes, axis=-1).astype(np.float32)


def case(slice_frames, bins, frames, step):
    samples = slice_of(slice_frames)
    tensor = tensor_of(samples, bins, frames)
    kept = tensor[:: step[0], :: step[1]]
    return {
        "slice_frames": slice_frames,
        "bins": bins,
        "frames": frames,
        "step": step,
        "last_samples": [float(value) for value in samples[-1]],
        "power": [float(np.square(tensor[..., depth].astype(np.float64)).sum()) for depth in range(4)],
        # Nine digits hold a float32 exactly.
        "values": [float(f"{value:.9g}") for value in kept.ravel()],
    }


if __name__ == "__main__":
    golden = {
        "librosa": librosa.__version__,
        "numpy": np.__version__,
        "cases": [case(600, 32, 16, [1, 1]), case(20354, 256, 256, [17, 15])],
    }
    path = pathlib.Path(__file__).with_name("stereo_complex.json")
    path.write_text(json.dumps(golden) + "\n")
    print(path, path.stat().st_size, "bytes")
