//! One low-pass that all spectra end by.
//!
//! A windowed sinc with Kaiser's window (Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", 1974):
//! linear phase, so that nothing moves, and as steep as asked. Its ripple below is as small as what it lets through above,
//! 3 parts in a million, so 0.1 dB (BS.1534-3, section 5.1, of anchors) is never in question.

use adm_core::SampleRate;
use realfft::num_complex::Complex64;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::f64::consts::PI;
use std::sync::Arc;

/// How far what is above the edge lies below what came in, in dB: 16 bits' dither is to hide it.
pub(super) const STOP_DB: f64 = 110.0;
/// Frames by which a filter that takes the grid away is late, more than one whose taps lie on frames.
const LATE: f64 = 0.5;
/// The narrowest gap between edges, in cycles a sample: 0.4 Hz at 44,100 Hz.
const NARROWEST: f64 = 1e-5;
/// Terms of a series that are smaller are beyond a double's last digit.
const NEGLIGIBLE: f64 = 1e-18;

/// A linear-phase low-pass.
pub(super) struct LowPass {
    /// The filter's spectrum over one block.
    response: Vec<Complex64>,
    /// Frames on either side of the middle.
    half: usize,
    /// Length of a block.
    block: usize,
    forward: Arc<dyn RealToComplex<f64>>,
    inverse: Arc<dyn ComplexToReal<f64>>,
}

impl LowPass {
    /// Lets frequencies up to `pass` through and stops them from `stop` on, in Hz. A narrower gap between them takes a longer
    /// filter, which rings longer.
    pub fn new(pass: f64, stop: f64, rate: SampleRate) -> Self {
        Self::of(&taps(pass / rate.as_f64(), stop / rate.as_f64(), 0.0))
    }

    /// The same, half a frame late. Samples that were rounded somewhere before lie on a grid, whose histogram tells by how much they
    /// were raised since, and a filter that moves nothing leaves most of them there. Between two samples there is no grid.
    pub fn between_frames(pass: f64, stop: f64, rate: SampleRate) -> Self {
        Self::of(&taps(pass / rate.as_f64(), stop / rate.as_f64(), LATE))
    }

    fn of(taps: &[f64]) -> Self {
        let (half, block) = (taps.len() / 2, (8 * taps.len()).next_power_of_two());
        let mut planner = RealFftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(block), planner.plan_fft_inverse(block));
        let mut padded = forward.make_input_vec();
        // The inverse transform gives `block` times its input.
        padded.iter_mut().zip(taps).for_each(|(padded, tap)| *padded = tap / block as f64);
        let mut response = forward.make_output_vec();
        // Lengths are the plan's own.
        let _ = forward.process(&mut padded, &mut response);
        Self { response, half, block, forward, inverse }
    }

    /// Filters interleaved samples; as many come out. What lies before the beginning is silence, or the end where it `wraps`.
    pub fn apply(&self, samples: &[f32], channels: usize, wraps: bool) -> Vec<f32> {
        let mut out = vec![0.0; samples.len()];
        let frames = samples.len() / channels;
        let (mut input, mut spectrum) = (self.forward.make_input_vec(), self.forward.make_output_vec());
        let step = self.block - 2 * self.half;
        for channel in 0..channels {
            for start in (0..frames).step_by(step) {
                self.take(samples, (channels, channel), start, wraps, &mut input);
                self.multiply(&mut input, &mut spectrum);
                let valid = input[2 * self.half..].iter().take(frames - start);
                for (frame, &value) in valid.enumerate() {
                    out[(start + frame) * channels + channel] = value as f32;
                }
            }
        }
        out
    }

    /// Fills a block with what leads up to frame `start` and follows it.
    fn take(&self, samples: &[f32], (channels, channel): (usize, usize), start: usize, wraps: bool, block: &mut [f64]) {
        let frames = (samples.len() / channels) as i64;
        let first = start as i64 - self.half as i64;
        for (offset, value) in block.iter_mut().enumerate() {
            let frame = first + offset as i64;
            let frame = if wraps { frame.rem_euclid(frames) } else { frame };
            let inside = (0..frames).contains(&frame);
            *value = if inside { f64::from(samples[frame as usize * channels + channel]) } else { 0.0 };
        }
    }

    fn multiply(&self, block: &mut [f64], spectrum: &mut [Complex64]) {
        // Lengths are the plans' own, and a product of two real signals' spectra is one's.
        let _ = self.forward.process(block, spectrum);
        spectrum.iter_mut().zip(&self.response).for_each(|(bin, gain)| *bin *= gain);
        let _ = self.inverse.process(spectrum, block);
    }
}

/// The filter's taps, an odd number of them; edges in cycles a sample. Its middle lies `late` frames after the middle tap.
fn taps(pass: f64, stop: f64, late: f64) -> Vec<f64> {
    let beta = 0.1102 * (STOP_DB - 8.7);
    let order = (STOP_DB - 7.95) / (2.285 * 2.0 * PI * (stop - pass).max(NARROWEST));
    let (half, middle) = ((order / 2.0).ceil().max(1.0) as i64, (pass + stop) / 2.0);
    let tap = |n: i64| {
        let n = n as f64 - late;
        let part = n / (half as f64 + late);
        let window = bessel(beta * (1.0 - part * part).max(0.0).sqrt()) / bessel(beta);
        let sinc = if n == 0.0 { 2.0 * middle } else { (2.0 * PI * middle * n).sin() / (PI * n) };
        window * sinc
    };
    let taps: Vec<f64> = (-half..=half).map(tap).collect();
    let sum: f64 = taps.iter().sum();
    taps.into_iter().map(|tap| tap / sum).collect()
}

/// The modified Bessel function of the first kind and order 0, by its series.
fn bessel(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let terms = (1..200).scan(1.0, |term, k| {
        *term *= quarter / f64::from(k * k);
        Some(*term)
    });
    1.0 + terms.take_while(|term| *term > NEGLIGIBLE).sum::<f64>()
}

#[cfg(test)]
mod tests;
