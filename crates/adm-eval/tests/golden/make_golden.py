"""The figures of crates/adm-eval/src/distance/golden.rs, straight from the papers' formulas.

Made with numpy 2.4.6 and scipy: python make_golden.py
"""

import numpy as np
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist

FEATURES, MASK = 416, 0xFFFFFFFF


def number(beat, feature, seed):
    """A number in [0, 1) from a small hash, the same in the test."""
    x = (beat * 1_000_003 + feature * 7_919 + seed * 104_729) & MASK
    x = (x * 2_654_435_761) & MASK
    x ^= x >> 16
    x = (x * 2_246_822_519) & MASK
    x ^= x >> 13
    return x / 2**32


def beats(seed, count, spread, level):
    """Levels in dB: a part that 20 neighbours share, and one of each feature's own."""
    rows = [[level + spread * (number(b, 1_000 + f // 20, seed) - 0.5) + 6.0 * (number(b, f, seed) - 0.5)
             for f in range(FEATURES)] for b in range(count)]
    return np.array(rows, dtype=np.float32).astype(float)


def blurred(points):
    mel, course = points[:, :288].reshape(-1, 48, 6), points[:, 288:].reshape(-1, 16, 8)
    return np.concatenate([mel.sum(2) / np.sqrt(6), course.sum(2) / np.sqrt(8)], axis=1)


def frechet(a, b):
    root = sqrtm(np.cov(a.T) @ np.cov(b.T)).real
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(np.cov(a.T) + np.cov(b.T) - 2 * root)


def radii(within, neighbours):
    return np.sort(within, axis=1)[:, neighbours]  # column 0 is the beat itself


def figures(reference, candidate):
    mean, scale = reference.mean(0), np.maximum(reference.std(0), 0.5)
    r, c = (reference - mean) / scale, (candidate - mean) / scale
    rr, cc, rc = cdist(r, r), cdist(c, c), cdist(r, c)
    pairs = lambda table: table[np.tril_indices(len(table), -1)]
    sigma = np.sort(pairs(rr))[len(pairs(rr)) // 2]
    kernel = lambda distance: np.exp(-(distance**2) / (2 * sigma**2)).mean()
    yield "kad", 1000 * (kernel(pairs(rr)) + kernel(pairs(cc)) - 2 * kernel(rc))
    yield "fad", frechet(blurred(r), blurred(c))
    five, three, theirs = radii(rr, 5), radii(rr, 3), radii(cc, 3)
    yield "density", (rc < five[:, None]).sum() / (5 * len(c))
    yield "coverage", (rc.min(1) < five).mean()
    yield "precision", (rc <= three[:, None]).any(0).mean()
    yield "recall", (rc <= theirs[None, :]).any(1).mean()
    yield "diversity", pairs(cc).mean() / pairs(rr).mean()


for name, count, spread, level in [("alike", 90, 30.0, -40.0), ("narrower", 70, 22.0, -38.0), ("few", 12, 34.0, -41.0)]:
    print(name, {key: float(value) for key, value in figures(beats(1, 80, 30.0, -40.0), beats(2, count, spread, level))})
