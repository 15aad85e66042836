//! *Tuning*: how far the tones of a slice lie from the equal-tempered notes of A = 440 Hz.

use super::Detail;
use std::f32::consts::TAU;
use std::ops::Range;

/// A point in the unit disc: its angle is the deviation, a whole turn for a semitone; its distance from the centre is how
/// much the tones agree on it, from 0 (noise) to 1.
pub const VALUES: usize = 2;

/// Where tones are looked for, in Hz: below, a bin is wider than a semitone is accurate; above, partials are not in tune.
const RANGE_HZ: [f64; 2] = [200.0, 4_000.0];
/// Peaks weaker than this part of the strongest one's power, -20 dB, are left out: many are a note's side lobes and noise.
const WEAKEST: f32 = 1e-2;
/// Powers below this, -110 dBFS, are silence.
const SILENCE: f32 = 1e-11;

/// Where a spectrum is looked at.
#[derive(Debug, Clone)]
pub(super) struct Window {
    bins: Range<usize>,
    hz_per_bin: f32,
}

impl Window {
    /// For the spectrum of a transform of `size` frames at `rate` Hz.
    pub fn new(rate: f64, size: usize) -> Self {
        let bin = |hz: f64| (hz * size as f64 / rate).round() as usize;
        let last = (size / 2).max(1);
        let first = bin(RANGE_HZ[0]).clamp(1, last);
        Self { bins: first..bin(RANGE_HZ[1]).clamp(first, last), hz_per_bin: (rate / size as f64) as f32 }
    }
}

/// The mean direction of all spectral peaks, weighted by amplitude.
pub(super) fn measure(power: &[f32], window: &Window) -> [f32; VALUES] {
    let strongest = power[window.bins.clone()].iter().fold(0f32, |most, &power| most.max(power));
    let least = (strongest * WEAKEST).max(SILENCE);
    let [mut x, mut y, mut sum] = [0f32; 3];
    for bin in window.bins.clone() {
        let [left, here, right] = [power[bin - 1], power[bin], power[bin + 1]];
        if here < least || here <= left || here < right {
            continue;
        }
        let hz = (bin as f32 + peak_offset(left, here, right)) * window.hz_per_bin;
        let (sine, cosine) = (TAU * 12.0 * (hz / 440.0).log2()).sin_cos();
        let weight = here.sqrt();
        (x, y, sum) = (x + weight * cosine, y + weight * sine, sum + weight);
    }
    if sum > 0.0 { [x / sum, y / sum] } else { [0.0; VALUES] }
}

/// Where the parabola through three logarithmic powers has its peak, -1/2 to 1/2 bin from the middle one.
fn peak_offset(left: f32, here: f32, right: f32) -> f32 {
    let [left, here, right] = [left, here, right].map(|power| power.max(f32::MIN_POSITIVE).ln());
    let bend = left - 2.0 * here + right;
    if bend < 0.0 { (0.5 * (left - right) / bend).clamp(-0.5, 0.5) } else { 0.0 }
}

/// The deviation from the nearest note in cents, -50 to 50; 0 without tones.
pub fn cents(values: &[f32]) -> f32 {
    values[1].atan2(values[0]) * 100.0 / TAU
}

/// Half the distance between the two points: 0 for the same tuning or none in both, 1 for tunings that are sure and a
/// quarter tone apart; at the fine level twice that. A threshold of 0.3 is 10 cents between sure tunings, finely 5.
pub fn distance(detail: Detail, a: &[f32], b: &[f32]) -> f32 {
    let apart = (a[0] - b[0]).hypot(a[1] - b[1]);
    if detail == Detail::Fine { apart.min(1.0) } else { (0.5 * apart).min(1.0) }
}
