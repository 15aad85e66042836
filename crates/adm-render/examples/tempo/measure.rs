//! Levels of held sounds.

use std::f64::consts::TAU;

pub fn decibels(power: f64) -> f64 {
    10.0 * (power + 1e-12).log10()
}

/// Mean square of the quietest 20 ms between two frames.
pub fn quietest(samples: &[f32], from: usize, to: usize) -> f64 {
    const WINDOW: usize = 882;
    let power = |at: usize| (at..at + WINDOW).map(|n| f64::from(samples[2 * n]).powi(2)).sum::<f64>() / WINDOW as f64;
    (from..to.saturating_sub(WINDOW)).step_by(49).map(power).fold(f64::MAX, f64::min)
}

/// Mean square above 5 kHz of the loudest millisecond between two frames, beside that of the whole sound.
pub fn above_5_khz(samples: &[f32], from: usize, to: usize) -> f64 {
    let tap = |k: i64| {
        let window = 0.42 + 0.5 * (TAU * k as f64 / 128.0).cos() + 0.08 * (2.0 * TAU * k as f64 / 128.0).cos();
        let cut = 2.0 * 5_000.0 / 44_100.0;
        let low = if k == 0 { cut } else { (TAU / 2.0 * cut * k as f64).sin() / (TAU / 2.0 * k as f64) };
        window * (if k == 0 { 1.0 } else { 0.0 } - low)
    };
    let taps: Vec<f64> = (-63..=63).map(tap).collect();
    let passed =
        |at: usize| taps.iter().enumerate().map(|(k, tap)| tap * f64::from(samples[2 * (at + k)])).sum::<f64>();
    let high: Vec<f64> = (from..to - 127).map(|at| passed(at).powi(2)).collect();
    let whole = (from..to).map(|at| f64::from(samples[2 * at]).powi(2)).sum::<f64>() / (to - from) as f64;
    high.chunks(44).map(|part| part.iter().sum::<f64>() / 44.0).fold(0.0, f64::max) / whole
}
