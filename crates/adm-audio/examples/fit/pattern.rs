//! Music whose every sound has a known time, and what is left of it.

use crate::{HZ, SECONDS};
use std::f64::consts::TAU;

/// A kick on every beat, a hat on every off-beat, a bass line and a wide chord, stereo.
pub fn recording(bpm: f64) -> Vec<f32> {
    let beat = 60.0 / bpm;
    let frame = |n: usize| {
        let t = n as f64 / HZ - 0.25;
        let (index, within) = ((t / beat).floor(), t.rem_euclid(beat));
        let note = [55.0, 55.0, 65.4, 49.0][(index.rem_euclid(16.0) / 4.0) as usize];
        let duck = 1.0 - (-within * 8.0).exp();
        let bass = 0.25 * duck * ((TAU * note * t).sin() + 0.4 * (TAU * 2.0 * note * t).sin());
        let chord = |shift: f64| [220.0, 277.18, 329.63].map(|hz| (TAU * (hz + shift) * t).sin()).iter().sum::<f64>();
        let drums = kick(within) + hat(within - beat / 2.0);
        [drums + bass + 0.03 * duck * chord(0.0), drums + bass + 0.03 * duck * chord(0.7)]
    };
    let samples = (0..(SECONDS * HZ) as usize).flat_map(frame);
    samples.map(|sample| sample as f32).collect()
}

pub fn kick(t: f64) -> f64 {
    if t < 0.0 { 0.0 } else { 0.7 * (TAU * (50.0 * t + 3.0 * (1.0 - (-t * 45.0).exp()))).sin() * (-t * 14.0).exp() }
}

/// Inharmonic tones, the same in every hat.
pub fn hat(t: f64) -> f64 {
    let tones = [5_000.0, 6_113.0, 7_891.0, 10_067.0, 13_411.0];
    if t < 0.0 { 0.0 } else { 0.03 * (-t * 90.0).exp() * tones.map(|hz| (TAU * hz * t + hz).sin()).iter().sum::<f64>() }
}

/// How far, in ms, `pattern` is from frame `ideal`, and how alike the sound is there.
pub fn locate(sound: &[f64], pattern: &[f64], ideal: f64) -> (f64, f64) {
    const REACH: i64 = 1_400;
    let origin = ideal.floor();
    let here = |lag: i64| {
        let from = (origin as i64 + lag).max(0) as usize;
        &sound[from..(from + pattern.len()).min(sound.len())]
    };
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let at = |lag: i64| product(here(lag), pattern);
    let best = (-REACH..=REACH).max_by(|&a, &b| at(a).total_cmp(&at(b))).unwrap();
    let (before, peak, after) = (at(best - 1), at(best), at(best + 1));
    let vertex = 0.5 * (before - after) / (before - 2.0 * peak + after);
    let power = product(here(best), here(best)) * product(pattern, pattern);
    ((origin + best as f64 + vertex - ideal) / HZ * 1e3, peak / power.sqrt().max(1e-12))
}

/// The high end of a sound, 12 dB an octave.
pub fn differences(sound: &[f64]) -> Vec<f64> {
    sound.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

pub fn spread(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let values: Vec<f64> = values.collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (mean, (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt())
}
