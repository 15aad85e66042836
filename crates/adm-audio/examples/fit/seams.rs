//! What the seams between slices add to the sound.

use crate::{Cut, HZ};
use adm_core::Seeds;
use adm_core::seeds::RngExt;
use std::f64::consts::TAU;

/// Samples on either side of a seam that are looked at.
const REACH: usize = 800;

/// Percentiles of what seams add, over all of them.
pub struct Seams {
    /// Energy above 5 kHz within 0.5 ms, beside that of the recording at the same beats, in dB.
    pub excess: Vec<f64>,
    /// The step from one frame to the next, full scale being 1.
    pub step: Vec<f64>,
}

impl Seams {
    /// The slices one after another.
    pub fn in_order(cut: &Cut, recording: &[f32]) -> Self {
        Self::of(cut, recording, |n| n - 1)
    }

    /// Before each slice any other.
    pub fn shuffled(cut: &Cut, recording: &[f32]) -> Self {
        let mut random = Seeds::new(0).stream("seams", 0);
        Self::of(cut, recording, |_| random.random_range(0..cut.slices.len()))
    }

    fn of(cut: &Cut, recording: &[f32], mut before: impl FnMut(usize) -> usize) -> Self {
        let (mut excess, mut step) = (Vec::new(), Vec::new());
        for (n, slice) in cut.slices.iter().enumerate().skip(1) {
            let before = &cut.slices[before(n)];
            let seam = [&before[before.len() - REACH..], &slice[..REACH]].concat();
            let whole = &recording[cut.starts[n] * 2 - REACH..cut.starts[n] * 2 + REACH];
            excess.push(10.0 * ((high_energy(&seam) + 1e-9) / (high_energy(whole) + 1e-9)).log10());
            let jump = |channel: usize| f64::from((seam[REACH + channel] - seam[REACH - 2 + channel]).abs());
            step.push(jump(0).max(jump(1)));
        }
        excess.sort_by(f64::total_cmp);
        step.sort_by(f64::total_cmp);
        Self { excess, step }
    }
}

/// A percentile of sorted values.
pub fn percentile(sorted: &[f64], percent: usize) -> f64 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

/// Energy above 5 kHz within half a millisecond of the middle, by a sharp high-pass of 127 taps.
fn high_energy(samples: &[f32]) -> f64 {
    let middle = samples.len() / 4;
    let tap = |k: i64| {
        let window = 0.5 + 0.5 * (TAU * k as f64 / 128.0).cos();
        let cut = 2.0 * 5_000.0 / HZ;
        let low = if k == 0 { cut } else { (TAU / 2.0 * cut * k as f64).sin() / (TAU / 2.0 * k as f64) };
        window * (if k == 0 { 1.0 } else { 0.0 } - low)
    };
    let taps: Vec<f64> = (-63..=63).map(tap).collect();
    let filtered = |n: usize, channel: usize| {
        taps.iter().enumerate().map(|(k, tap)| tap * f64::from(samples[2 * (n + k - 63) + channel])).sum::<f64>()
    };
    (middle - 22..middle + 22).flat_map(|n| [filtered(n, 0), filtered(n, 1)]).map(|sample| sample * sample).sum()
}
