//! From magnitudes to signals: what every method must do, whatever it is given.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod edges;
mod image;
mod live;
mod methods;
mod resume;

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use adm_spectral::inversion::CentredStft;
use adm_spectral::{ChannelLayout, InversionConfig, InversionScratch, Inverter, PhaseMethod, StftShape};
use rustfft::num_complex::Complex32;
use std::f64::consts::TAU;

/// Samples a second of the music in here.
const RATE: f64 = 22_050.0;

fn shape(n_fft: usize, hop: usize, samples: usize) -> StftShape {
    StftShape { n_fft, win_length: n_fft, hop, samples }
}

fn inverter(shape: StftShape, layout: ChannelLayout, method: PhaseMethod) -> Inverter {
    Inverter::new(shape, layout, &InversionConfig { method, ..Default::default() }).unwrap()
}

/// Kicks at 128 BPM, a bass, a chord and hats: something of all that dance music is made of.
fn music(samples: usize) -> Vec<f32> {
    let mut rng = Seeds::new(7).stream("music", 0);
    let beat = RATE * 60.0 / 128.0;
    let sample = |index: usize| {
        let (now, phase) = (index as f64 / RATE, index as f64 % beat / RATE);
        let kick = (-12.0 * phase).exp() * (TAU * (50.0 * phase - 4.0 * (-30.0 * phase).exp())).sin();
        let bass = 0.3 * (TAU * 55.0 * now).sin() + 0.1 * (TAU * 110.0 * now).sin();
        let chord: f64 = [440.0, 523.25, 659.25].iter().map(|hertz| 0.08 * (TAU * hertz * now).sin()).sum();
        let hat = (-80.0 * ((phase + beat / RATE / 2.0) % (beat / RATE))).exp() * rng.random_range(-0.3..0.3);
        (0.7 * kick + bass + chord + hat) as f32
    };
    (0..samples).map(sample).collect()
}

/// `[channels, frames, bins]` of `[channels, samples]`.
fn magnitudes(shape: StftShape, signals: &[f32]) -> Vec<f32> {
    spectra(shape, signals).iter().map(|point| point.norm()).collect()
}

fn spectra(shape: StftShape, signals: &[f32]) -> Vec<Complex32> {
    let (stft, mut scratch) = (CentredStft::new(shape).unwrap(), InversionScratch::new());
    let channel = |signal: &[f32]| {
        let mut spectrum = vec![Complex32::default(); shape.points()];
        stft.analyse(signal, &mut spectrum, &mut scratch).unwrap();
        spectrum
    };
    signals.chunks(shape.samples).flat_map(channel).collect()
}

/// The signals of magnitudes and their convergence in dB, through a buffer full of rubbish.
fn inverted(inverter: &Inverter, magnitudes: &[f32], scratch: &mut InversionScratch) -> (Vec<f32>, f64) {
    let mut signals = vec![f32::NAN; inverter.signals_len()];
    let convergence = inverter.invert(magnitudes, &mut signals, scratch).unwrap();
    (signals, convergence.decibels())
}
