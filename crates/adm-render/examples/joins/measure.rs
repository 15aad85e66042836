//! What is heard of a join.

use crate::HZ;
use std::f64::consts::TAU;

/// Energy in the loudest millisecond of the 12 before a frame, above 5 kHz.
pub fn loudest_above_5_khz(samples: &[f32], at: usize) -> f64 {
    let passed = high_pass(samples, at - 530, at);
    passed.chunks(44).map(|part| part.iter().map(|x| x * x).sum::<f64>()).fold(0.0, f64::max)
}

/// Power below 150 Hz, of both channels, in 16 ms around some places of the last 35 before a frame.
pub fn low_power(samples: &[f32], at: usize) -> Vec<f64> {
    const HALF: usize = 353;
    let low: Vec<Vec<f64>> = (0..2)
        .map(|channel| {
            let from = at - 132 - 1_412;
            // Three running means, as a Gaussian; their reach ends before the attack at the grid point.
            let mut plane: Vec<f64> = (from - 120..at).map(|n| f64::from(samples[2 * n + channel])).collect();
            (0..3).for_each(|_| plane = plane.windows(77).map(|window| window.iter().sum::<f64>() / 77.0).collect());
            plane
        })
        .collect();
    let frames = low[0].len();
    (HALF..frames - HALF)
        .step_by(88)
        .map(|middle| {
            let power = |plane: &Vec<f64>| plane[middle - HALF..middle + HALF].iter().map(|x| x * x).sum::<f64>();
            low.iter().map(power).sum::<f64>() / (4.0 * HALF as f64)
        })
        .collect()
}

pub fn around_400(samples: &[f32], at: usize) -> f64 {
    band(samples, at, |hz| (200.0..=1_000.0).contains(&hz))
}

/// Energy in the 35 ms before a frame, of both channels, in some of the frequencies, by a windowed transform.
fn band(samples: &[f32], at: usize, within: impl Fn(f64) -> bool) -> f64 {
    const FRAMES: usize = 1_544;
    let of = |channel: usize| {
        let sound = windowed(FRAMES, |n| samples[2 * (at - FRAMES + n) + channel]);
        let lines = (0..60).filter(|bin| within(*bin as f64 * HZ / FRAMES as f64));
        lines.map(|bin| line(&sound, bin)).sum::<f64>()
    };
    of(0) + of(1)
}

/// A stretch of sound under a Hann window.
fn windowed(frames: usize, sound: impl Fn(usize) -> f32) -> Vec<f64> {
    (0..frames).map(|n| (0.5 - 0.5 * (TAU * (n as f64 + 0.5) / frames as f64).cos()) * f64::from(sound(n))).collect()
}

/// Power of one bin of the Fourier transform, by Goertzel's recursion.
fn line(sound: &[f64], bin: usize) -> f64 {
    let turn = 2.0 * (TAU * bin as f64 / sound.len() as f64).cos();
    let (last, before) = sound.iter().fold((0.0, 0.0), |(last, before), sample| (sample + turn * last - before, last));
    (last * last + before * before - turn * last * before) / (sound.len() as f64).powi(2)
}

/// The greatest share of a window's spectrum that its predecessor did not have, over windows in the 12 ms before a frame.
pub fn greatest_flux(samples: &[f32], at: usize) -> f64 {
    const WINDOW: usize = 256;
    let spectrum = |end: usize| -> Vec<f64> {
        let sound = windowed(WINDOW, |n| samples[2 * (end - WINDOW + n)] + samples[2 * (end - WINDOW + n) + 1]);
        (0..WINDOW / 2).step_by(2).map(|bin| line(&sound, bin).max(0.0).sqrt()).collect()
    };
    let spectra: Vec<Vec<f64>> = (0..=8).map(|n| spectrum(at - 64 * n)).collect();
    spectra
        .windows(3)
        .map(|three| {
            let new: f64 = three[0].iter().zip(&three[2]).map(|(later, earlier)| (later - earlier).max(0.0)).sum();
            new / (three[0].iter().chain(&three[2]).sum::<f64>() + 1e-4)
        })
        .fold(0.0, f64::max)
}

/// The frames from one to another above 5 kHz, both channels, by a sharp high-pass of 127 taps.
fn high_pass(samples: &[f32], from: usize, to: usize) -> Vec<f64> {
    let tap = |k: i64| {
        let window = 0.5 + 0.5 * (TAU * k as f64 / 128.0).cos();
        let cut = 2.0 * 5_000.0 / HZ;
        let low = if k == 0 { cut } else { (TAU / 2.0 * cut * k as f64).sin() / (TAU / 2.0 * k as f64) };
        window * (if k == 0 { 1.0 } else { 0.0 } - low)
    };
    let taps: Vec<f64> = (-63..=63).map(tap).collect();
    // The filter's reach ends before the attack at the grid point.
    let (from, to) = (from - 64, to - 64);
    (2 * from..2 * to)
        .map(|n| taps.iter().enumerate().map(|(k, tap)| tap * f64::from(samples[n + 2 * k - 126])).sum())
        .collect()
}
