//! The sizes of a short-time Fourier transform, its window, and what undoes the windows' overlap.

use crate::error::{SpectralError, check_range};
use crate::stft::hann;
use serde::{Deserialize, Serialize};

/// The least sum of squared windows over a sample that the inverse divides by.
const LEAST_OVERLAP: f64 = 1e-8;

/// What a short-time Fourier transform is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StftShape {
    /// Samples in a frame, 1 to 65,536, odd or even. More of them tell near frequencies apart better and near moments
    /// worse: 2,048 at 44,100 Hz are 46 ms.
    pub n_fft: usize,
    /// Samples under the window, 1 to `n_fft`; zeros stand on either side of it.
    pub win_length: usize,
    /// Samples from one frame to the next, at least 1. A larger one overlaps less: magnitudes say enough about a signal
    /// from about four frames a window on.
    pub hop: usize,
    /// Samples of a signal, 1 to 2³⁰.
    pub samples: usize,
}

impl StftShape {
    /// Bins of a frame, from DC to Nyquist: `n_fft / 2 + 1`.
    pub fn bins(&self) -> usize {
        self.n_fft / 2 + 1
    }

    /// Frames of a signal: `1 + samples / hop`, and, as in librosa, one sample less counts for an odd `n_fft`.
    pub fn frames(&self) -> usize {
        (self.samples.saturating_sub(self.n_fft % 2) / self.hop.max(1)).saturating_add(1)
    }

    /// Points of a channel: `frames · bins`.
    pub fn points(&self) -> usize {
        self.frames().saturating_mul(self.bins())
    }

    pub(super) fn validate(&self) -> Result<(), SpectralError> {
        check_range("the size of a frame", 1, 65_536, self.n_fft)?;
        check_range("the length of the window", 1, self.n_fft, self.win_length)?;
        check_range("the hop in samples", 1, 1 << 30, self.hop)?;
        check_range("the length of a signal in samples", 1, 1 << 30, self.samples)?;
        // A point's number is kept in 32 bits.
        check_range("the number of frames times bins", 1, u32::MAX as usize - 1, self.points())
    }

    /// A periodic Hann window in the middle of a frame, as `librosa.util.pad_center` places it, `[n_fft]`.
    pub(super) fn window(&self) -> Vec<f64> {
        let mut window = vec![0.0; self.n_fft];
        // The Hann window of one sample would be a zero; a window of one sample is a one, as in SciPy.
        let hann = if self.win_length == 1 { vec![1.0] } else { hann(self.win_length) };
        window[self.window_start()..][..self.win_length].copy_from_slice(&hann);
        window
    }

    /// The first sample of a frame that lies under the window.
    fn window_start(&self) -> usize {
        (self.n_fft - self.win_length) / 2
    }

    /// Where in a frame the window peaks, in samples.
    pub(super) fn window_peak(&self) -> f64 {
        self.window_start() as f64 + self.win_length as f64 / 2.0
    }

    /// What makes an overlap-add of unscaled inverse FFTs the least-squares signal, for every sample of a signal
    /// between half frames of zeros; there it is 0.
    pub(super) fn gains(&self, window: &[f64]) -> Vec<f32> {
        let half = self.n_fft / 2;
        let mut overlaps = vec![0.0; self.samples + 2 * half];
        for frame in 0..self.frames() {
            for (sum, weight) in overlaps[frame * self.hop..].iter_mut().zip(window) {
                *sum += weight * weight;
            }
        }
        let inside = half..half + self.samples;
        let gain = |(at, overlap)| if inside.contains(&at) { self.gain(overlap) } else { 0.0 };
        overlaps.into_iter().enumerate().map(gain).collect()
    }

    /// The same for each sample of a hop, without beginning or end.
    pub(super) fn steady_gains(&self) -> Vec<f32> {
        let window = self.window();
        let overlap = |offset| window.iter().skip(offset).step_by(self.hop).map(|weight| weight * weight).sum();
        (0..self.hop).map(|offset| self.gain(overlap(offset))).collect()
    }

    /// One over a sum of squared windows, and over what the FFTs multiply by.
    fn gain(&self, overlap: f64) -> f32 {
        if overlap > LEAST_OVERLAP { (1.0 / (overlap * self.n_fft as f64)) as f32 } else { 0.0 }
    }
}
