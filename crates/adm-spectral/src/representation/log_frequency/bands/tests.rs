use super::*;
use crate::representation::log_frequency::LogFrequencyConfig;
use adm_core::seeds::RngExt;
use adm_core::{SampleRate, Seeds};
use std::f64::consts::TAU;

/// Largest error of a coefficient over the largest one, some 20 units in the last place of an f32.
const TOLERANCE: f64 = 2e-6;

fn layouts() -> Vec<(Layout, usize)> {
    let mut layouts = Vec::new();
    for (bins, frames) in [(4, 8), (256, 256), (100, 37), (64, 128), (512, 64), (16, 512)] {
        for slice_frames in [1, 100, 4_567, 20_354, 44_100, 96_000] {
            for overlap in [0.05, 0.5, 1.0] {
                let config = LogFrequencyConfig { bins, frames, overlap, ..Default::default() };
                layouts.extend(Layout::new(&config, slice_frames, SampleRate::CD).map(|layout| (layout, frames)));
            }
        }
    }
    layouts
}

#[test]
fn the_frame_is_tight_and_painless() {
    let layouts = layouts();
    assert!(layouts.len() > 60);
    for (layout, frames) in layouts {
        let bands = Bands::new(&layout, frames);
        let mut sums = vec![0.0; layout.padded / 2 + 1];
        for (index, band) in bands.bands.iter().enumerate() {
            let ends = [0, bands.bands.len() - 1].contains(&index);
            let support = if ends { 2 * band.weights.len() - 1 } else { band.weights.len() };
            assert!((1..=frames).contains(&support), "{layout:?}, band {index}: {support} bins");
            for (sum, weight) in sums[band.first..].iter_mut().zip(&band.weights) {
                *sum += f64::from(*weight).powi(2);
            }
        }
        assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 1e-6), "{layout:?}");
    }
}

/// The coefficients by their definition, of a Hermitian spectrum of which one half is given.
fn naive(bands: &Bands, spectrum: &[Complex32], index: usize, frame: usize) -> (f64, f64) {
    let (band, padded, frames) = (&bands.bands[index], bands.padded, bands.frames);
    let ends = [0, bands.bands.len() - 1].contains(&index);
    let middle = if index == 0 {
        0
    } else if ends {
        padded / 2
    } else {
        band.centre
    };
    let factor = (if ends { 1.0 } else { 2.0 } / (padded as f64 * frames as f64)).sqrt();
    let (mut re, mut im) = (0.0, 0.0);
    for (offset, weight) in band.weights.iter().enumerate() {
        let bin = band.first + offset;
        let value = spectrum[bin] * *weight;
        let angle = TAU * (bin as f64 - middle as f64) * frame as f64 / frames as f64;
        let (x, y) = (f64::from(value.re), f64::from(value.im));
        let part = (x * angle.cos() - y * angle.sin(), x * angle.sin() + y * angle.cos());
        // The mirror image on the other side of DC or Nyquist doubles the real part and cancels the imaginary one.
        let twice = if ends && bin != middle { 2.0 } else { 1.0 };
        (re, im) = (re + twice * part.0, if ends { 0.0 } else { im + part.1 });
    }
    (re * factor, im * factor)
}

#[test]
fn coefficients_are_the_definition_s() {
    for (bins, frames, slice_frames) in [(4, 8, 5), (16, 33, 100), (32, 64, 1_000), (16, 128, 1_900)] {
        let config = LogFrequencyConfig { bins, frames, ..Default::default() };
        let layout = Layout::new(&config, slice_frames, SampleRate::CD).unwrap();
        let bands = Bands::new(&layout, frames);
        let mut rng = Seeds::new(3).stream("spectrum", bins as u64);
        let mut random = || rng.random_range(-1.0..1.0f32);
        let mut spectrum: Vec<_> = (0..=layout.padded / 2).map(|_| Complex32::new(random(), random())).collect();
        (spectrum[0].im, spectrum[layout.padded / 2].im) = (0.0, 0.0);
        let (mut real, mut imaginary) = (vec![f32::NAN; bins * frames], vec![f32::NAN; bins * frames]);
        bands.analyse(&spectrum, &mut real, &mut imaginary, &mut Scratch::new());
        let peak = real.iter().chain(&imaginary).fold(0.0f32, |peak, value| peak.max(value.abs()));
        for (index, frame) in (0..bins).flat_map(|index| (0..frames).map(move |frame| (index, frame))) {
            let (re, im) = naive(&bands, &spectrum, index, frame);
            let im = if index == 0 { naive(&bands, &spectrum, bins, frame).0 } else { im };
            let at = index * frames + frame;
            let off = (f64::from(real[at]) - re).abs().max((f64::from(imaginary[at]) - im).abs());
            assert!(off <= TOLERANCE * f64::from(peak), "{bins} × {frames}, ({index}, {frame}): off by {off}");
        }
    }
}
