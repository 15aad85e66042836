//! The map from a signal to its pooled spectrum, and its adjoint.
//!
//! Frame by frame: window, FFT, bands. Both are linear over the real numbers, with the inner product
//! `⟨a, b⟩ = Σ Re(a·b̄)·m` over points, where `m` is 2 for the bins that stand for their mirrors too, and 1 for DC and
//! Nyquist.

use super::{BandPhase, ExponentialConfig};
use crate::error::SpectralError;
use crate::representation::curve::{Curve, edges};
use crate::stft::{hann, overlaps};
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::num_complex::Complex32;
use std::fmt;
use std::sync::Arc;

/// Working memory of one frame.
#[derive(Debug, Default, Clone)]
pub struct FrameScratch {
    frame: Vec<f32>,
    row: Vec<Complex32>,
    fft: Vec<Complex32>,
}

/// A centred transform whose bins are pooled into bands.
pub struct Pooled {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    /// `[n_fft]`.
    window: Vec<f32>,
    /// The first bin of each band, and one more than the last band's last.
    edges: Vec<usize>,
    phase: BandPhase,
    hop: usize,
    frames: usize,
    /// What stands for the inverse of "there and back" where nothing is pooled: one over the sum of squared windows.
    gains: Vec<f32>,
}

impl fmt::Debug for Pooled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pooled {{ size: {}, hop: {}, bands: {} }}", self.size(), self.hop, self.bands())
    }
}

impl Pooled {
    /// For signals of `samples` samples, from one frame centred on the first of them to the next in steps of `hop`.
    pub fn new(config: &ExponentialConfig, hop: usize, samples: usize) -> Self {
        let size = 2 * config.linear_bins;
        let mut planner = RealFftPlanner::new();
        let window = hann(size);
        let gain = |overlap: f64| if overlap > 1e-12 { (1.0 / (overlap * size as f64)) as f32 } else { 0.0 };
        let gains = overlaps(&window, hop, hop * (config.frames - 1)).into_iter().take(samples).map(gain).collect();
        Self {
            forward: planner.plan_fft_forward(size),
            inverse: planner.plan_fft_inverse(size),
            window: window.into_iter().map(|value| value as f32).collect(),
            edges: band_edges(config),
            phase: config.phase,
            hop,
            frames: config.frames,
            gains,
        }
    }

    /// Samples in a frame.
    pub fn size(&self) -> usize {
        self.window.len()
    }

    /// Samples from one frame to the next.
    pub fn hop(&self) -> usize {
        self.hop
    }

    /// Samples of a signal with half a frame of zeros on either side and after it.
    pub fn padded_len(&self) -> usize {
        self.hop * (self.frames - 1) + self.size()
    }

    /// The samples of the signal within a padded one.
    pub fn within<'a>(&self, padded: &'a [f32]) -> &'a [f32] {
        &padded[self.size() / 2..][..self.gains.len()]
    }

    /// The samples of the signal within a padded one, to be changed.
    pub fn within_mut<'a>(&self, padded: &'a mut [f32]) -> &'a mut [f32] {
        &mut padded[self.size() / 2..][..self.gains.len()]
    }

    /// One over the sum of squared windows at each sample of the signal.
    pub fn gains(&self) -> &[f32] {
        &self.gains
    }

    /// Values of a pooled spectrum's plane.
    pub fn plane(&self) -> usize {
        self.bands() * self.frames
    }

    fn bands(&self) -> usize {
        self.edges.len() - 1
    }

    /// The inner product of a pooled spectrum with itself.
    pub fn square(&self, planes: &[f32]) -> f64 {
        let sum = |values: &[f32]| values.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>();
        let first = |plane: &[f32]| sum(&plane[..self.frames]);
        2.0 * sum(planes) - planes.chunks_exact(self.plane()).map(first).sum::<f64>()
    }

    /// The pooled spectrum of a padded signal.
    ///
    /// # Shapes
    /// `padded`: `[padded_len]`. `planes`: `[2, bands, frames]`, real before imaginary.
    pub fn pool(&self, padded: &[f32], planes: &mut [f32], scratch: &mut FrameScratch) {
        let (real, imaginary) = planes.split_at_mut(self.plane());
        let FrameScratch { frame, row, fft } = self.sized(scratch);
        for t in 0..self.frames {
            let samples = padded[t * self.hop..].iter().zip(&self.window);
            frame.iter_mut().zip(samples).for_each(|(to, (sample, weight))| *to = sample * weight);
            let done = self.forward.process_with_scratch(frame, row, fft);
            debug_assert!(done.is_ok(), "the buffers fit: {done:?}");
            // As in the transforms of even sizes, Nyquist's number, which is real, stands beside DC's.
            row[0].im = row[row.len() - 1].re;
            self.align(row);
            for (band, edge) in self.edges.windows(2).enumerate() {
                let sum: Complex32 = row[edge[0]..edge[1]].iter().sum();
                let value = sum * self.norm(edge);
                (real[band * self.frames + t], imaginary[band * self.frames + t]) = (value.re, value.im);
            }
        }
    }

    /// The adjoint of [`Self::pool`].
    ///
    /// # Shapes
    /// As for [`Self::pool`].
    pub fn spread(&self, planes: &[f32], padded: &mut [f32], scratch: &mut FrameScratch) {
        let (real, imaginary) = planes.split_at(self.plane());
        let FrameScratch { frame, row, fft } = self.sized(scratch);
        padded.fill(0.0);
        for t in 0..self.frames {
            for (band, edge) in self.edges.windows(2).enumerate() {
                let at = band * self.frames + t;
                row[edge[0]..edge[1]].fill(Complex32::new(real[at], imaginary[at]) * self.norm(edge));
            }
            self.align(row);
            let last = row.len() - 1;
            (row[last], row[0].im) = (Complex32::new(row[0].im, 0.0), 0.0);
            let done = self.inverse.process_with_scratch(row, frame, fft);
            debug_assert!(done.is_ok(), "the buffers fit: {done:?}");
            for ((sum, sample), weight) in padded[t * self.hop..].iter_mut().zip(frame.iter()).zip(&self.window) {
                *sum += sample * weight;
            }
        }
    }

    /// Rows of unit length: what is pooled and spread again is projected, not amplified.
    fn norm(&self, edge: &[usize]) -> f32 {
        1.0 / ((edge[1] - edge[0]) as f32).sqrt()
    }

    /// Counts phases from the window's middle, where that is asked for: every second bin changes its sign. Nyquist's bin
    /// stands for an even number, as frames have a multiple of four samples or the sign does not matter.
    fn align(&self, row: &mut [Complex32]) {
        if self.phase == BandPhase::Centre {
            row.iter_mut().skip(1).step_by(2).for_each(|value| *value = -*value);
        }
    }

    fn sized<'a>(&self, scratch: &'a mut FrameScratch) -> &'a mut FrameScratch {
        let fft = self.forward.get_scratch_len().max(self.inverse.get_scratch_len());
        scratch.frame.resize(self.size(), 0.0);
        scratch.row.resize(self.size() / 2 + 1, Complex32::default());
        scratch.fft.resize(fft, Complex32::default());
        scratch
    }
}

/// Refuses a slope with which the curve is none.
pub fn check_slope(config: &ExponentialConfig) -> Result<(), SpectralError> {
    let steepest = config.linear_bins as f64 / config.bins as f64;
    crate::error::check_setting("the representation's slope", 0.0, steepest, config.slope.into())
}

/// The bands' edges along the document's curve. The first band is bin 0 alone, which holds DC and Nyquist.
fn band_edges(config: &ExponentialConfig) -> Vec<usize> {
    let &ExponentialConfig { linear_bins, bins, slope, .. } = config;
    let curve = Curve { linear: linear_bins as f64, bins: bins as f64, slope: slope.into() };
    edges(bins, linear_bins, |band| if band == 1.0 { 1.0 } else { curve.founding(band) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use adm_core::seeds::RngExt;

    fn configs() -> Vec<ExponentialConfig> {
        let sizes = [(16, 4, 8), (64, 64, 5), (100, 37, 9), (512, 256, 16)];
        let of = |(linear_bins, bins, frames)| {
            [(0.0, BandPhase::Centre), (1.0, BandPhase::Window)].map(|(slope, phase)| ExponentialConfig {
                linear_bins,
                bins,
                frames,
                slope,
                phase,
                ..Default::default()
            })
        };
        sizes.into_iter().flat_map(of).collect()
    }

    #[test]
    fn every_bin_belongs_to_one_band() {
        for config in configs().into_iter().chain([ExponentialConfig::default()]) {
            let edges = band_edges(&config);
            assert_eq!((edges[0], edges[1], edges[config.bins]), (0, 1, config.linear_bins), "{config:?}");
            assert!(edges.windows(2).all(|edge| edge[0] < edge[1]), "{config:?}: {edges:?}");
        }
    }

    #[test]
    fn spreading_is_the_adjoint_of_pooling() {
        for config in configs() {
            let pooled = Pooled::new(&config, 7, 7 * (config.frames - 1));
            let mut rng = Seeds::new(5).stream("adjoint", config.bins as u64);
            let mut noise = |length: usize| -> Vec<f32> { (0..length).map(|_| rng.random_range(-1.0..1.0)).collect() };
            let (signal, planes) = (noise(pooled.padded_len()), noise(2 * pooled.plane()));
            let (mut there, mut back) = (vec![f32::NAN; planes.len()], vec![f32::NAN; signal.len()]);
            pooled.pool(&signal, &mut there, &mut FrameScratch::default());
            pooled.spread(&planes, &mut back, &mut FrameScratch::default());
            let sum: Vec<f32> = there.iter().zip(&planes).map(|(a, b)| a + b).collect();
            // ⟨a, b⟩ = (|a + b|² - |a|² - |b|²) / 2.
            let left = 0.5 * (pooled.square(&sum) - pooled.square(&there) - pooled.square(&planes));
            let right: f64 = signal.iter().zip(&back).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
            let scale = (pooled.square(&there) * pooled.square(&planes)).sqrt();
            assert!((left - right).abs() < 1e-5 * scale, "{config:?}: {left} and {right}");
        }
    }
}
