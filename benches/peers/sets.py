"""DJ sets with exact beat times that no code of this project made, to judge the beat tracker by.

    python benches/peers/sets.py DIR [SEEDS]

writes KIND_SEED.wav and KIND_SEED.beats.json for seven kinds of music: house, techno, trance, drum and bass, two-step garage,
hip-hop, and a set of one odd tempo. Each has three tracks of about 100 s at tempi of their own, one right after the other, with
a breakdown of 64 or 96 beats without drums; kicks, claps, snares, hats, basses and stabs are drawn anew a track, off-beats are
swung, everything but the kick is played a little unevenly. Made with numpy 2.4.6 and scipy 1.17.1.
"""

import json
import sys
import wave
from pathlib import Path

import numpy as np
from scipy.signal import butter, sosfilt

RATE = 44_100
TEMPI = {
    "house": [122, 125, 128],
    "techno": [136, 138, 142],
    "trance": [138, 140, 138],
    "dnb": [174, 174, 170],
    "garage": [132, 130, 134],
    "hiphop": [92, 95, 90],
    "odd": [126.3, 126.3, 126.3],
}
SWING = {"garage": 0.58, "hiphop": 0.56, "house": 0.52}
FLOOR = ("house", "techno", "trance", "odd")


class Voices:
    def __init__(self, rng):
        self.rng = rng

    def decay(self, frames, rate):
        return np.exp(-np.arange(frames) / RATE * rate)

    def noise(self, frames, low, high):
        return sosfilt(butter(2, [low, high], "band", fs=RATE, output="sos"), self.rng.standard_normal(frames))

    def kick(self, low, high, sweep, decay, click):
        frames = int(0.35 * RATE)
        time = np.arange(frames) / RATE
        phase = 2 * np.pi * (low * time + (high - low) / sweep * (1 - np.exp(-sweep * time)))
        sound = np.sin(phase) * np.exp(-decay * time)
        sound[:90] += click * self.rng.standard_normal(90) * np.hanning(180)[90:]
        return sound

    def clap(self):
        frames = int(0.2 * RATE)
        sound = self.noise(frames, 900, 5_500) * self.decay(frames, 22)
        for late in (int(0.010 * RATE), int(0.021 * RATE)):
            sound[late:] += 0.6 * self.noise(frames - late, 900, 5_500) * self.decay(frames - late, 60)
        return 0.5 * sound

    def snare(self):
        frames = int(0.22 * RATE)
        body = np.sin(2 * np.pi * 190 * np.arange(frames) / RATE) * self.decay(frames, 28)
        return 0.45 * (body + 1.1 * self.noise(frames, 1_500, 9_000) * self.decay(frames, 20))

    def hat(self, is_open):
        frames = int((0.25 if is_open else 0.05) * RATE)
        return 0.16 * self.noise(frames, 6_500, 16_000) * self.decay(frames, 12 if is_open else 70)

    def bass(self, hz, seconds):
        frames = int(seconds * RATE)
        time = np.arange(frames) / RATE
        rise = np.minimum(1, np.arange(frames) / (0.006 * RATE))
        fall = np.minimum(1, (frames - np.arange(frames)) / (0.02 * RATE))
        return 0.28 * np.tanh(2 * np.sin(2 * np.pi * hz * time) + 0.5 * np.sin(4 * np.pi * hz * time)) * rise * fall

    def stab(self, hz):
        frames = int(0.18 * RATE)
        time = np.arange(frames) / RATE
        chord = sum(0.09 * np.sign(np.sin(2 * np.pi * hz * ratio * time)) for ratio in (1, 1.189, 1.498))
        return chord * self.decay(frames, 14)


def kicks_of(kind, quarter, bar, on, off):
    """When a beat has kicks."""
    if kind in FLOOR:
        return [on]
    if kind == "garage":
        return [on] * (quarter in (0, 2)) + [off] * (quarter == 3 and bar % 2 == 1)
    if kind == "dnb":
        return [on] * (quarter == 0) + [off] * (quarter == 2)
    return [on] * (quarter == 0 or (quarter == 2 and bar % 2 == 0)) + [off] * (quarter == 1)


def track(kind, bpm, start, rng, events, beats, downbeats):
    voices = Voices(rng)
    beat = 60 / bpm
    bars = int(100 / (4 * beat)) // 8 * 8
    pause = range(bars // 2, bars // 2 + (24 if kind == "dnb" else 16))
    root = rng.choice([41.2, 43.65, 49, 51.9, 55])
    uneven = rng.uniform(0, 0.003)
    drum = dict(low=rng.uniform(42, 58), high=rng.uniform(110, 260), sweep=rng.uniform(25, 50))
    drum |= dict(decay=rng.uniform(5, 11), click=rng.uniform(0, 0.6))
    now = start
    for bar in range(bars):
        downbeats.append(now)
        for quarter in range(4):
            on = now + quarter * beat
            off = on + beat * SWING.get(kind, 0.5)
            late = lambda time: time + rng.normal(0, uneven)
            beats.append(on)
            if bar not in pause:
                events += [(time, voices.kick(**drum)) for time in kicks_of(kind, quarter, bar, on, off)]
                if quarter in (1, 3) and bar >= 8:
                    events.append((late(on), voices.clap() if kind in FLOOR else voices.snare()))
            if bar >= 4:
                events.append((late(off), voices.hat(kind in ("house", "trance"))))
                if kind in ("dnb", "garage", "hiphop", "techno"):
                    events.append((late(on), 0.7 * voices.hat(False)))
            if bar >= 8:
                if kind in ("house", "trance", "odd", "garage"):
                    events.append((late(off), voices.bass(root * 2 ** (rng.choice([0, 3, 7]) / 12), 0.4 * beat)))
                elif kind == "techno":
                    events += [(late(on + beat * n / 4), 0.7 * voices.bass(root, 0.2 * beat)) for n in (1, 2, 3)]
                elif quarter in (0, 2):
                    events.append((late(on), voices.bass(root, 0.9 * beat)))
            if bar // 4 % 2 and rng.random() < 0.5:
                events.append((late(on + beat * rng.choice([0, 0.25, 0.5, 0.75])), voices.stab(8 * root)))
        now += 4 * beat
    return now


def make(kind, seed, folder):
    rng = np.random.default_rng(seed)
    events, beats, downbeats = [], [], []
    now = float(rng.uniform(0, 1.5))
    for bpm in TEMPI[kind]:
        now = track(kind, bpm, now, rng, events, beats, downbeats)
    time = np.arange(int((now + 2) * RATE)) / RATE
    sound = 0.03 * (np.sin(2 * np.pi * 110 * time) + np.sin(2 * np.pi * 164.8 * time))
    for at, voice in events:
        first = max(0, round(at * RATE))
        there = sound[first : first + len(voice)]
        there += voice[: len(there)]
    with wave.open(str(folder / f"{kind}_{seed}.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.tanh(0.8 * sound) * 32_000).astype("<i2").tobytes())
    text = json.dumps({"beats": beats, "downbeats": downbeats})
    (folder / f"{kind}_{seed}.beats.json").write_text(text)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for kind in TEMPI:
        for seed in range(1, 1 + int(sys.argv[2] if len(sys.argv) > 2 else 2)):
            make(kind, seed, folder)
