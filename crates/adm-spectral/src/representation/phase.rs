//! The moment that phases are counted from.
//!
//! A transform sees each window as if it began at time zero, so the phase of a steady tone in bin `k` runs on by about
//! `k · hop / size` turns from frame to frame: a pattern that differs from bin to bin, and that a convolution, which does
//! the same everywhere, can hardly make. Counted from the start of the slice instead, bin `k` of the window that begins at
//! sample `s` is turned back by `k · s / size`; a tone then stands still in its bin and runs slowly in the bins beside
//! it, at whatever pitch. (This is the transform as a bank of band-pass filters brought down to zero; see Allen and
//! Rabiner, "A unified approach to short-time Fourier analysis and synthesis", Proc. IEEE 65, 1977.)

use crate::stft::Stft;
use rustfft::num_complex::Complex32;
use serde::{Deserialize, Serialize};

/// The moment that phases are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhaseOrigin {
    /// Each window's own first sample, as FFT libraries have it.
    #[default]
    Window,
    /// The slice's first sample: steady tones have steady phases.
    Slice,
}

/// The turns that lead from one origin to the other.
#[derive(Debug)]
pub struct Turns {
    /// `e^(−2πi·n/size)` for each `n`.
    roots: Vec<Complex32>,
    hop: usize,
    frames: usize,
}

impl Turns {
    /// For the planes of a transform.
    pub fn new(stft: &Stft) -> Self {
        let size = stft.size();
        let root = |n: usize| {
            let angle = -std::f64::consts::TAU * n as f64 / size as f64;
            Complex32::new(angle.cos() as f32, angle.sin() as f32)
        };
        Self { roots: (0..size).map(root).collect(), hop: stft.hop(), frames: stft.frames() }
    }

    /// From the windows' starts to the slice's start.
    pub fn to_slice(&self, real: &mut [f32], imaginary: &mut [f32]) {
        self.turn(real, imaginary, |root| root);
    }

    /// From the slice's start back to the windows' starts.
    pub fn to_windows(&self, real: &mut [f32], imaginary: &mut [f32]) {
        self.turn(real, imaginary, |root| root.conj());
    }

    /// Turns every point but those of the first bin, which holds two real numbers.
    fn turn(&self, real: &mut [f32], imaginary: &mut [f32], of_root: impl Fn(Complex32) -> Complex32) {
        let size = self.roots.len();
        let rows = real.chunks_exact_mut(self.frames).zip(imaginary.chunks_exact_mut(self.frames)).enumerate();
        for (bin, (real, imaginary)) in rows.skip(1) {
            // Frame 0 begins half a window before the slice does.
            let (mut at, step) = (bin * (size - size / 2) % size, bin * self.hop % size);
            for (real, imaginary) in real.iter_mut().zip(imaginary) {
                let turned = Complex32::new(*real, *imaginary) * of_root(self.roots[at]);
                (*real, *imaginary) = (turned.re, turned.im);
                at += step;
                at -= if at < size { 0 } else { size };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{RepresentationConfig, StereoComplexConfig};
    use adm_core::SampleRate;
    use std::f64::consts::TAU;

    /// Turns from one frame to the next of the loudest bin of a tone, in the middle of a slice.
    fn run_of_a_tone(phase: super::PhaseOrigin, bin: f64) -> f64 {
        let config = RepresentationConfig::StereoComplex(StereoComplexConfig { bins: 64, frames: 64, phase });
        let representation = config.build(2_000, SampleRate::CD, 1).unwrap();
        let slice: Vec<f32> = (0..2_000).map(|n| (TAU * bin / 128.0 * f64::from(n)).sin() as f32).collect();
        let tensor = representation.tensor_of(&slice).unwrap();
        let angle = |frame: usize| {
            let at = bin.round() as usize * 64 + frame;
            f64::from(tensor.data()[64 * 64 + at]).atan2(f64::from(tensor.data()[at])) / TAU
        };
        let turns = angle(31) - angle(30);
        turns - turns.round()
    }

    #[test]
    fn steady_tones_stand_still_when_counted_from_the_slice() {
        use super::PhaseOrigin::{Slice, Window};
        for bin in [3.0, 10.0, 17.0, 40.0] {
            assert!(run_of_a_tone(Slice, bin).abs() < 1e-3, "bin {bin}");
            assert!(run_of_a_tone(Slice, bin + 0.25).abs() < 0.25 * 32.0 / 128.0 + 0.01, "bin {bin} and a quarter");
        }
        assert!(run_of_a_tone(Window, 3.0).abs() > 0.1);
    }
}
