//! `mel` and `log-mel`: magnitudes or their squares in bands as wide as the ear's.
//!
//! Filters and values are those of librosa 0.11 (`librosa.feature.melspectrogram`), held to 1e-4 by
//! `tests/golden/make_mel.py`; `log-mel` has them in dB below full scale, or brought into -1 to 1. The way back goes through
//! the filters' pseudo-inverse and a few multiplicative steps (see `spectrogram/filterbank.rs`), then the inverter. What
//! lies finer than a filter is gone for good.

mod scale;

pub use scale::{MelNorm, MelScale};

use super::MOST_POINTS;
use super::slices::Slices;
use super::spectrogram::{MagnitudeScale, Plan, Spectrogram, StereoPlanes, ValueRange, spaced};
use crate::error::{SpectralError, check_range, check_setting};
use crate::inversion::{InversionConfig, StftShape};
use adm_core::SampleRate;
use scale::Mels;
use serde::{Deserialize, Serialize};

/// Settings of `mel`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MelConfig {
    /// Filters, 4 to 2,048. 128 by default. More of them are narrower.
    pub bins: usize,
    /// Moments, 2 to 8,192, whatever the slice's length. 128 by default.
    pub frames: usize,
    /// Samples in a frame, 16 to 65,536. Left out, the power of two nearest to 46 ms, 2,048 at 44,100 Hz, with which sounds
    /// come back best. More of them tell near frequencies apart better and near moments worse.
    pub n_fft: Option<usize>,
    /// The scale that filters are evenly spaced on: `slaney` (the default) or `htk`.
    pub mels: MelScale,
    /// The filters' height: `slaney` (all of one area, the default) or `none` (all of height one).
    pub norm: MelNorm,
    /// Where the first filter begins in Hz, 0 by default.
    pub fmin: f32,
    /// Where the last filter ends in Hz, at most half the sample rate, which it is where this is left out.
    pub fmax: Option<f32>,
    /// The power of magnitudes that filters sum: 1 (the default, which comes back better) or 2 (librosa's).
    pub power: u8,
    /// What becomes of stereo: `mid-side` (the default), `left-right` or `mono`.
    pub stereo: StereoPlanes,
    /// How phases are found.
    pub phase: InversionConfig,
}

/// Settings of `log-mel`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogMelConfig {
    /// Filters, 4 to 2,048. 128 by default. More of them are narrower.
    pub bins: usize,
    /// Moments, 2 to 8,192, whatever the slice's length. 128 by default.
    pub frames: usize,
    /// Samples in a frame, 16 to 65,536. Left out, the power of two nearest to 46 ms, 2,048 at 44,100 Hz, with which sounds
    /// come back best. More of them tell near frequencies apart better and near moments worse.
    pub n_fft: Option<usize>,
    /// The scale that filters are evenly spaced on: `slaney` (the default) or `htk`.
    pub mels: MelScale,
    /// The filters' height: `slaney` (all of one area, the default) or `none` (all of height one).
    pub norm: MelNorm,
    /// Where the first filter begins in Hz, 0 by default.
    pub fmin: f32,
    /// Where the last filter ends in Hz, at most half the sample rate, which it is where this is left out.
    pub fmax: Option<f32>,
    /// The power of magnitudes that filters sum: 1 (the default, which comes back better) or 2 (librosa's).
    pub power: u8,
    /// What becomes of stereo: `mid-side` (the default), `left-right` or `mono`.
    pub stereo: StereoPlanes,
    /// The range of values: `unit` (-1 to 1, the default), `full-scale` (0 to 1), `min-max` (each tensor from 0 to 1) or `raw`
    /// (dB).
    pub range: ValueRange,
    /// The lowest level in dB below full scale, -200 to -10. -100 by default. A higher one silences more.
    pub floor: f32,
    /// How phases are found.
    pub phase: InversionConfig,
}

impl Default for MelConfig {
    fn default() -> Self {
        Self {
            bins: 128,
            frames: 128,
            n_fft: None,
            mels: MelScale::Slaney,
            norm: MelNorm::Slaney,
            fmin: 0.0,
            fmax: None,
            power: 1,
            stereo: StereoPlanes::MidSide,
            phase: InversionConfig::default(),
        }
    }
}

impl Default for LogMelConfig {
    fn default() -> Self {
        let MelConfig { bins, frames, n_fft, mels, norm, fmin, fmax, power, stereo, phase } = MelConfig::default();
        let (range, floor) = (ValueRange::Unit, -100.0);
        Self { bins, frames, n_fft, mels, norm, fmin, fmax, power, stereo, range, floor, phase }
    }
}

/// The power of two nearest to 46 ms, in octaves.
fn usual_size(rate: SampleRate) -> usize {
    1 << (0.046 * rate.as_f64()).log2().round() as u32
}

/// What `mel` and `log-mel` differ in.
struct Values {
    name: &'static str,
    scale: MagnitudeScale,
    range: ValueRange,
    floor: f32,
}

impl LogMelConfig {
    /// Plans the representation for slices of one length.
    pub(super) fn build(
        &self,
        slice_frames: usize,
        rate: SampleRate,
        channels: usize,
    ) -> Result<Spectrogram, SpectralError> {
        let Self { bins, frames, n_fft, mels, norm, fmin, fmax, power, stereo, range, floor, phase } = self.clone();
        let mel = MelConfig { bins, frames, n_fft, mels, norm, fmin, fmax, power, stereo, phase };
        let values = Values { name: "log-mel", scale: MagnitudeScale::Log, range, floor };
        mel.plan(values, Slices::new(slice_frames, channels)?, rate)
    }
}

impl MelConfig {
    /// Plans the representation for slices of one length.
    pub(super) fn build(
        &self,
        slice_frames: usize,
        rate: SampleRate,
        channels: usize,
    ) -> Result<Spectrogram, SpectralError> {
        let (scale, range) = (MagnitudeScale::Linear, ValueRange::Raw);
        let values = Values { name: "mel", scale, range, floor: -100.0 };
        self.plan(values, Slices::new(slice_frames, channels)?, rate)
    }

    fn plan(&self, values: Values, slices: Slices, rate: SampleRate) -> Result<Spectrogram, SpectralError> {
        let &Self { bins, frames, stereo, .. } = self;
        let n_fft = self.n_fft.unwrap_or_else(|| usual_size(rate));
        check_range("the representation's bins", 4, 2_048, bins)?;
        check_range("the representation's frames", 2, 8_192, frames)?;
        check_range("the representation's bins times frames", 1, MOST_POINTS, bins * frames)?;
        check_range("the representation's n_fft", 16, 65_536, n_fft)?;
        check_range("the representation's power of magnitudes", 1, 2, self.power.into())?;
        let bank = self.mels(rate)?.bank(n_fft, rate);
        let (hop, samples) = spaced(slices, frames, n_fft)?;
        let stft = StftShape { n_fft, win_length: n_fft, hop, samples: samples + n_fft % 2 };
        let Values { name, scale, range, floor } = values;
        let (squares, weights, phase) = (self.power == 2, Vec::new(), &self.phase);
        Spectrogram::new(Plan { name, stft, bank, squares, weights, stereo, scale, range, floor, phase }, slices)
    }

    fn mels(&self, rate: SampleRate) -> Result<Mels, SpectralError> {
        let nyquist = rate.as_f64() / 2.0;
        let (low, high) = (f64::from(self.fmin), self.fmax.map_or(nyquist, f64::from));
        check_setting("the representation's fmax in Hz", 10.0, nyquist, high)?;
        check_setting("the representation's fmin in Hz", 0.0, high - 1.0, low)?;
        Ok(Mels { bands: self.bins, scale: self.mels, norm: self.norm, span: (low, high) })
    }
}
