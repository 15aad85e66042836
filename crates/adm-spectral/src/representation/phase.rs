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
