//! Griffin-Lim with momentum against librosa: the signals that `golden/make_griffin_lim.py` wrote.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use adm_spectral::inversion::InversionState;
use adm_spectral::{ChannelLayout, InversionConfig, InversionScratch, Inverter, PhaseMethod, StftShape};
use rustfft::num_complex::Complex32;
use serde::Deserialize;

/// Largest difference of a sample from librosa's; the signals reach about 1.
const SAMPLE_TOLERANCE: f32 = 1e-4;

/// Largest difference of the spectral convergence from librosa's, in dB.
const DECIBELS_TOLERANCE: f64 = 0.1;

#[derive(Deserialize)]
struct Golden {
    librosa: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    n_fft: usize,
    win_length: usize,
    hop: usize,
    samples: usize,
    frames: usize,
    iterations: usize,
    momentum: f32,
    decibels: f64,
    /// Every how many samples one was kept.
    step: usize,
    signal: Vec<f32>,
}

/// The script's random numbers.
fn states() -> impl Iterator<Item = u32> {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    std::iter::successors(Some(1u32), next).skip(1)
}

/// The script's signal.
fn signal(samples: usize) -> Vec<f32> {
    let (mut tones, turns) = ([[0.3, 0.3], [0.25, 0.25]], [1.999, 1.2]);
    let sample = |state: u32| {
        let mut value = 0.1 * (f64::from(state >> 8) / 8_388_608.0 - 1.0);
        for (tone, turn) in tones.iter_mut().zip(turns) {
            let [before, now] = *tone;
            *tone = [now, turn * now - before];
            value += 0.3 * now;
        }
        value as f32
    };
    states().take(samples).map(sample).collect()
}

/// The script's first estimate.
fn with_known_phases(magnitudes: &[f32]) -> Vec<Complex32> {
    let angle = |state: u32| f64::from(state) / 4_294_967_296.0 * std::f64::consts::TAU;
    let point = |(magnitude, state): (&f32, u32)| {
        Complex32::new(angle(state).cos() as f32, angle(state).sin() as f32) * *magnitude
    };
    magnitudes.iter().zip(states()).map(point).collect()
}

fn check(case: &Case) {
    let shape = StftShape { n_fft: case.n_fft, win_length: case.win_length, hop: case.hop, samples: case.samples };
    assert_eq!(shape.frames(), case.frames);
    let config = InversionConfig { method: PhaseMethod::FastGriffinLim, momentum: case.momentum, ..Default::default() };
    let inverter = Inverter::new(shape, ChannelLayout::Mono, &config).unwrap();
    let (mut scratch, mut state) = (InversionScratch::new(), InversionState::new());
    let mut spectrum = vec![Complex32::default(); shape.points()];
    inverter.stft().analyse(&signal(case.samples), &mut spectrum, &mut scratch).unwrap();
    let magnitudes: Vec<f32> = spectrum.iter().map(|point| point.norm()).collect();
    let mut got = vec![0.0; case.samples];
    inverter.start_from(&with_known_phases(&magnitudes), &mut state, &mut scratch).unwrap();
    inverter.refine(&magnitudes, case.iterations, &mut state, &mut scratch).unwrap();
    let convergence = inverter.finish(&magnitudes, &state, &mut got, &mut scratch).unwrap();
    compare(case, &got, convergence.decibels());
}

fn compare(case: &Case, got: &[f32], decibels: f64) {
    let Case { n_fft, iterations, momentum, .. } = case;
    let name = format!("n_fft {n_fft}, {iterations} iterations, momentum {momentum}");
    assert_eq!(case.signal.len(), got.len().div_ceil(case.step), "{name}");
    let pairs = got.iter().step_by(case.step).zip(&case.signal);
    let worst = pairs.fold(0.0f32, |worst, (got, expected)| worst.max((got - expected).abs()));
    assert!(worst <= SAMPLE_TOLERANCE, "{name}: a sample is off by {worst}");
    let off = (decibels - case.decibels).abs();
    assert!(off <= DECIBELS_TOLERANCE, "{name}: {decibels:.2} dB, librosa has {:.2} dB", case.decibels);
}

#[test]
fn signals_equal_librosa_s() {
    let golden: Golden = serde_json::from_str(include_str!("golden/griffin_lim.json")).unwrap();
    assert!(golden.librosa.starts_with("0.11"));
    golden.cases.iter().for_each(check);
}
