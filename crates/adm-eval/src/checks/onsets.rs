//! Where kicks and bass notes start, and how well that agrees with a grid.
//!
//! The envelope of the band from 35 to 160 Hz is found by shifting the band's centre down to 0 Hz and smoothing with a
//! Hann window of 32 ms, whose main lobe is exactly as wide as the band. The window is symmetric, so nothing is
//! delayed: when a tone in the band starts sharply, the envelope is steepest at its very start. A kick whose pitch falls
//! into the band from above comes later by the time of that fall, typically 5 to 15 ms.

use crate::robust::median_and_distance;
use adm_core::SampleRate;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::f64::consts::TAU;

/// Centre and half width of the low band in Hz.
const CENTRE_HZ: f64 = 97.5;
const HALF_WIDTH_HZ: f64 = 62.5;

/// Envelope values a second.
const ENVELOPE_RATE: f64 = 500.0;

/// Onsets closer together than this are one: a sixteenth at 190 BPM.
const LEAST_GAP: f64 = 0.078;

/// Rise of the envelope that counts as an onset, relative to the strong ones (the 95th percentile of all peaks).
const THRESHOLD: f64 = 0.25;

/// Onset times in the low band of interleaved `samples`, shape `[frames, channels]`, in seconds, in order.
pub fn low_band_onsets(samples: &[f32], channels: usize, rate: SampleRate) -> Vec<f64> {
    let envelope = envelope(samples, channels.max(1), rate.as_f64());
    let rise: Vec<f64> = envelope.windows(2).map(|pair| (pair[1] - pair[0]).max(0.0)).collect();
    // A rise lies between the two envelope values that it is the difference of.
    pick(&rise, ENVELOPE_RATE, THRESHOLD).into_iter().map(|at| (at + 0.5) / ENVELOPE_RATE).collect()
}

/// Peaks of a curve of rises with `per_second` values a second, to fractions of a position: [`LEAST_GAP`] apart, and above
/// `threshold` times the strong ones.
pub(super) fn pick(rise: &[f64], per_second: f64, threshold: f64) -> Vec<f64> {
    let peaks = peaks(rise, (LEAST_GAP * per_second) as usize);
    let mut strengths: Vec<f64> = peaks.iter().map(|&peak| rise[peak]).collect();
    strengths.sort_by(f64::total_cmp);
    let strong = strengths.get(strengths.len() * 95 / 100).copied().unwrap_or(0.0);
    let keep = |peak: &usize| rise[*peak] > threshold * strong && rise[*peak] > 0.0;
    peaks.into_iter().filter(keep).map(|peak| summit(rise, peak)).collect()
}

/// Magnitude of the low band at each 500th of a second.
fn envelope(samples: &[f32], channels: usize, rate: f64) -> Vec<f64> {
    let half = (rate / HALF_WIDTH_HZ).round() as isize;
    let kernel: Vec<(f64, f64)> = (-half..=half)
        .map(|n| {
            let (window, angle) =
                (0.5 + 0.5 * (TAU * n as f64 / (2 * half) as f64).cos(), TAU * CENTRE_HZ * n as f64 / rate);
            (window * angle.cos(), window * angle.sin())
        })
        .collect();
    let frames = samples.len() / channels;
    let count = (frames as f64 / rate * ENVELOPE_RATE) as usize;
    let magnitude = |index: usize| {
        let first = (index as f64 * rate / ENVELOPE_RATE).round() as isize - half;
        let (mut re, mut im) = (0.0, 0.0);
        for (n, (cos, sin)) in (first..).zip(&kernel) {
            let Some(frame) = usize::try_from(n).ok().and_then(|n| samples.get(n * channels..(n + 1) * channels))
            else {
                continue;
            };
            let sample = f64::from(frame.iter().sum::<f32>());
            re += sample * cos;
            im += sample * sin;
        }
        re.hypot(im)
    };
    (0..count).into_par_iter().map(magnitude).collect()
}

/// Positions that nothing within `reach` to either side exceeds.
fn peaks(rise: &[f64], reach: usize) -> Vec<usize> {
    let is_peak = |&at: &usize| {
        let before = &rise[at.saturating_sub(reach)..at];
        let after = &rise[at + 1..(at + 1 + reach).min(rise.len())];
        rise[at] > 0.0 && before.iter().all(|&other| other < rise[at]) && after.iter().all(|&other| other <= rise[at])
    };
    (0..rise.len()).filter(is_peak).collect()
}

/// The summit of the parabola through a peak and its neighbours.
fn summit(rise: &[f64], peak: usize) -> f64 {
    let at = |index: Option<usize>| index.and_then(|index| rise.get(index)).copied().unwrap_or(0.0);
    let (before, here, after) = (at(peak.checked_sub(1)), rise[peak], at(Some(peak + 1)));
    let bend = before - 2.0 * here + after;
    peak as f64 + if bend < 0.0 { 0.5 * (before - after) / bend } else { 0.0 }
}

/// How well onsets agree with a grid.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GridAgreement {
    /// Share of onsets that have a grid time near by.
    pub precision: f64,
    /// Share of grid times that have an onset near by.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f_measure: f64,
    /// Median of onset minus grid time over matched pairs in milliseconds; positive is late. 0 without matches.
    pub median_deviation_ms: f64,
    /// Median distance of the deviations from their median in milliseconds.
    pub spread_ms: f64,
}

/// Matches `onsets` to `grid` (both in seconds and in order), each at most once, nearest neighbours first in time, within
/// `tolerance` seconds.
pub fn grid_agreement(onsets: &[f64], grid: &[f64], tolerance: f64) -> GridAgreement {
    let deviations: Vec<f64> =
        matched(onsets, grid, tolerance).into_iter().map(|(onset, beat)| onsets[onset] - grid[beat]).collect();
    let share = |of: usize| if of == 0 { 0.0 } else { deviations.len() as f64 / of as f64 };
    let (precision, recall) = (share(onsets.len()), share(grid.len()));
    let sum = precision + recall;
    let (late, spread) = if deviations.is_empty() { (0.0, 0.0) } else { median_and_distance(&deviations) };
    GridAgreement {
        precision,
        recall,
        f_measure: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 },
        median_deviation_ms: 1_000.0 * late,
        spread_ms: 1_000.0 * spread,
    }
}

/// Positions in `onsets` and `grid` of the pairs: both lists are walked once, and of two onsets near one grid time the nearer
/// is taken.
pub(crate) fn matched(onsets: &[f64], grid: &[f64], tolerance: f64) -> Vec<(usize, usize)> {
    let (mut onset, mut pairs) = (0, Vec::new());
    for (index, &beat) in grid.iter().enumerate() {
        while onsets.get(onset).is_some_and(|&time| time < beat - tolerance) {
            onset += 1;
        }
        while onset + 1 < onsets.len() && (onsets[onset + 1] - beat).abs() < (onsets[onset] - beat).abs() {
            onset += 1;
        }
        if onsets.get(onset).is_some_and(|&time| time <= beat + tolerance) {
            pairs.push((onset, index));
            onset += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kicks at `times`: a 60 Hz tone that starts sharply and dies away, in stereo at 22,050 Hz over a loud 1 kHz tone.
    fn kicks(times: &[f64], seconds: f64) -> Vec<f32> {
        let frames = (seconds * 22_050.0) as usize;
        let sample = |n: usize| {
            let now = n as f64 / 22_050.0;
            let kick = |&start: &f64| {
                let age = now - start;
                if age < 0.0 { 0.0 } else { 0.8 * (-age / 0.08).exp() * (TAU * 60.0 * age).sin() }
            };
            (times.iter().map(kick).sum::<f64>() + 0.3 * (TAU * 1_000.0 * now).sin()) as f32
        };
        (0..frames).flat_map(|n| [sample(n); 2]).collect()
    }

    #[test]
    fn kicks_are_found_where_they_start() {
        let rate = SampleRate::new(22_050).unwrap();
        for bpm in [60.0, 124.3, 174.0] {
            let beats: Vec<f64> = (0..24).map(|beat| 0.5 + f64::from(beat) * 60.0 / bpm).collect();
            let onsets = low_band_onsets(&kicks(&beats, beats[23] + 1.0), 2, rate);
            let agreement = grid_agreement(&onsets, &beats, 0.025);
            assert_eq!(agreement.f_measure, 1.0, "{bpm} BPM: {onsets:?}");
            assert!(agreement.median_deviation_ms.abs() < 4.0, "{bpm} BPM: {agreement:?}");
            assert!(agreement.spread_ms < 0.5, "{bpm} BPM: {agreement:?}");
        }
    }

    #[test]
    fn a_shift_is_measured_to_the_tenth_of_a_millisecond() {
        let rate = SampleRate::new(22_050).unwrap();
        let beats: Vec<f64> = (0..16).map(|beat| 0.5 + f64::from(beat) * 0.47).collect();
        let deviation = |shift: f64| {
            let shifted: Vec<f64> = beats.iter().map(|beat| beat + shift).collect();
            grid_agreement(&low_band_onsets(&kicks(&shifted, 9.0), 2, rate), &beats, 0.07).median_deviation_ms
        };
        let still = deviation(0.0);
        for shift in [-20.0, -3.0, 0.7, 11.0, 30.0] {
            assert!((deviation(shift / 1_000.0) - still - shift).abs() < 0.1, "{shift} ms");
        }
    }

    #[test]
    fn without_lows_there_are_no_onsets() {
        let rate = SampleRate::new(22_050).unwrap();
        assert!(low_band_onsets(&[], 2, rate).is_empty());
        assert!(low_band_onsets(&[0.0; 44_100], 2, rate).is_empty());
    }

    #[test]
    fn agreement_counts_misses_extras_and_doubles() {
        let grid = [1.0, 2.0, 3.0, 4.0];
        let agreement = grid_agreement(&[1.01, 1.02, 2.03, 3.5], &grid, 0.05);
        assert_eq!((agreement.precision, agreement.recall, agreement.f_measure), (0.5, 0.5, 0.5));
        assert!((agreement.median_deviation_ms - 20.0).abs() < 1e-9);
        assert!((agreement.spread_ms - 10.0).abs() < 1e-9);
        assert_eq!(grid_agreement(&[], &grid, 0.05).f_measure, 0.0);
        assert_eq!(grid_agreement(&grid, &[], 0.05).f_measure, 0.0);
        assert_eq!(grid_agreement(&grid, &grid, 0.0).f_measure, 1.0);
    }
}
