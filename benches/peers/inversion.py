"""librosa's spectrogram inversion on a recording, beside `cargo run --release -p adm-spectral --example inversion`.

    pip install librosa==0.11.0 soundfile==0.14.0
    OMP_NUM_THREADS=1 python inversion.py MUSIC.wav [N_FFT HOP [SECONDS]]

Prints the spectral convergence of `librosa.griffinlim` with 32 iterations in dB (lower is better), the same on a fixed
transform of 2,048 samples at a hop of 128, both the medians of five seeds, and seconds of sound a second, the best of
five.
"""

import sys
import time

import librosa
import numpy as np
import soundfile

SEEDS = 5


def spectrum(signal, n_fft, hop):
    return np.abs(librosa.stft(signal, n_fft=n_fft, hop_length=hop, pad_mode="constant"))


def decibels(wanted, got):
    return 20 * np.log10(np.linalg.norm(got - wanted) / np.linalg.norm(wanted))


def main():
    path = sys.argv[1]
    n_fft, hop, seconds = [int(sys.argv[at]) if len(sys.argv) > at else default for at, default in ((2, 2048), (3, 512), (4, 10))]
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True, frames=-1)
    signal = np.ascontiguousarray(samples[: seconds * rate].mean(axis=1))
    wanted = spectrum(signal, n_fft, hop)
    print(f"{path}: {len(signal) / rate:.1f} s at {rate} Hz, n_fft {n_fft}, hop {hop}; librosa {librosa.__version__}")
    for name, momentum in (("griffin-lim", 0.0), ("fast-griffin-lim", 0.99)):
        best, near, fixed = float("inf"), [], []
        for seed in range(SEEDS):
            begin = time.perf_counter()
            got = librosa.griffinlim(
                wanted, n_iter=32, n_fft=n_fft, hop_length=hop, momentum=momentum, length=len(signal), random_state=seed
            )
            best = min(best, time.perf_counter() - begin)
            near.append(decibels(wanted, spectrum(got, n_fft, hop)))
            fixed.append(decibels(spectrum(signal, 2048, 128), spectrum(got, 2048, 128)))
        speed = len(signal) / rate / best
        print(f"{name:20} {32:>10} {np.median(near):>8.2f} {np.median(fixed):>10.2f} {speed:>8.1f}")


main()
