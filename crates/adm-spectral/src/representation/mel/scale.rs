//! The mel scales and their filters, as librosa has them.

use super::super::spectrogram::{Band, Filterbank};
use adm_core::SampleRate;
use serde::{Deserialize, Serialize};

/// Which frequency is how many mels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MelScale {
    /// Slaney's Auditory Toolbox (1998): linear below 1 kHz, logarithmic above.
    #[default]
    Slaney,
    /// HTK's: `2595 · log₁₀(1 + f / 700)`.
    Htk,
}

/// How high a filter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MelNorm {
    /// Two over its width in Hz, so that all have the same area.
    #[default]
    Slaney,
    /// One.
    None,
}

/// Mels a Hz below Slaney's corner, and where that is.
const SLANEY_STEP: f64 = 200.0 / 3.0;
const SLANEY_CORNER: f64 = 1_000.0;

impl MelScale {
    fn mels(self, hz: f64) -> f64 {
        let per_octave = 27.0 / 6.4f64.ln();
        match self {
            Self::Htk => 2_595.0 * (1.0 + hz / 700.0).log10(),
            Self::Slaney if hz < SLANEY_CORNER => hz / SLANEY_STEP,
            Self::Slaney => SLANEY_CORNER / SLANEY_STEP + (hz / SLANEY_CORNER).ln() * per_octave,
        }
    }

    fn hz(self, mels: f64) -> f64 {
        let (corner, per_mel) = (SLANEY_CORNER / SLANEY_STEP, 6.4f64.ln() / 27.0);
        match self {
            Self::Htk => 700.0 * (10f64.powf(mels / 2_595.0) - 1.0),
            Self::Slaney if mels < corner => mels * SLANEY_STEP,
            Self::Slaney => SLANEY_CORNER * ((mels - corner) * per_mel).exp(),
        }
    }
}

/// A bank of triangular filters.
#[derive(Debug, Clone, Copy)]
pub struct Mels {
    /// Filters.
    pub bands: usize,
    /// Which scale their middles are evenly spaced on.
    pub scale: MelScale,
    /// How high they are.
    pub norm: MelNorm,
    /// Where the first begins and the last ends, in Hz.
    pub span: (f64, f64),
}

impl Mels {
    /// The filters over the bins of a transform of `n_fft` samples: `librosa.filters.mel(sr, n_fft, …)`. A filter narrower
    /// than a bin may hold none.
    pub fn bank(&self, n_fft: usize, rate: SampleRate) -> Filterbank {
        let (low, high) = (self.scale.mels(self.span.0), self.scale.mels(self.span.1));
        let point = |index: usize| self.scale.hz(low + (high - low) * index as f64 / (self.bands + 1) as f64);
        let bins = n_fft / 2 + 1;
        let hz = |bin: usize| bin as f64 * rate.as_f64() / n_fft as f64;
        let bands = (0..self.bands).map(|band| self.filter([point(band), point(band + 1), point(band + 2)], bins, hz));
        Filterbank::new(bands.collect(), bins)
    }

    fn filter(&self, [low, middle, high]: [f64; 3], bins: usize, hz: impl Fn(usize) -> f64) -> Band {
        let height = if self.norm == MelNorm::Slaney { 2.0 / (high - low) } else { 1.0 };
        let weight = |bin: usize| ((hz(bin) - low) / (middle - low)).min((high - hz(bin)) / (high - middle)).max(0.0);
        let first = (0..bins).find(|&bin| weight(bin) > 0.0).unwrap_or(bins);
        let weights = (first..bins).map(weight).take_while(|weight| *weight > 0.0);
        Band { first, weights: weights.map(|weight| (height * weight) as f32).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mels_and_hz_undo_each_other() {
        for scale in [MelScale::Slaney, MelScale::Htk] {
            for hz in [0.0, 1.0, 440.0, 999.9, 1_000.0, 1_000.1, 8_000.0, 48_000.0] {
                assert!((scale.hz(scale.mels(hz)) - hz).abs() < 1e-8 * (hz + 1.0), "{scale:?}, {hz} Hz");
            }
        }
    }
}
