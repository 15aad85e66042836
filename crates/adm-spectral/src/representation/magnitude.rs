//! `magnitude`: a spectrogram without phases (document 002, sections 3.1 and 4.6).
//!
//! A slice becomes `bins × frames` magnitudes at any rate. The hop follows from the slice's length and the frames, as in
//! `stereo-complex`. The frame is as long as `2 · bins`, or as many times longer, by powers of two, as frames need to overlap
//! well enough; then as many neighbouring bins are averaged. Nyquist's bin is left out. Document 002's slices of 4.05 s at
//! 8 kHz make 128 frames 256 samples apart, whose windows of 30 ms do not overlap: samples between them are lost. Here the
//! same tensor comes of windows twice as long. Averaged bins invert badly, because what is heard most of dance music lies in
//! few of them: rather take more bins, or a lower rate (`docs/representations.md` has the figures).
//!
//! Document 002 trains on linear magnitudes as they are (`range = "full-scale"`) and scaled one by one (`range = "min-max"`).

use super::MOST_POINTS;
use super::slices::Slices;
use super::spectrogram::{Filterbank, MagnitudeScale, Plan, Spectrogram, StereoPlanes, ValueRange, spaced};
use crate::error::{SpectralError, check_range, check_setting};
use crate::inversion::{InversionConfig, StftShape};
use crate::stft::longest_hop;
use adm_core::SampleRate;
use serde::{Deserialize, Serialize};

/// Settings of `magnitude`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MagnitudeConfig {
    /// Frequencies, 4 to 8,192, evenly spaced up to half the sample rate. 128 by default.
    pub bins: usize,
    /// Moments, 2 to 8,192, whatever the slice's length. 128 by default. More of them overlap more, and phases are found
    /// better.
    pub frames: usize,
    /// Length of the window in ms, 1 to 1,000. Left out, it has `2 · bins` samples, or, by powers of two, as many as an
    /// overlap-add needs. A longer one tells near frequencies apart better and near moments worse; beyond `2 · bins` samples
    /// neighbouring bins are averaged.
    pub window: Option<f32>,
    /// What becomes of stereo: `mid-side` (the default), `left-right` or `mono`.
    pub stereo: StereoPlanes,
    /// How values grow with magnitudes: `log` (the default) or `linear`.
    pub scale: MagnitudeScale,
    /// The range of values: `unit` (-1 to 1, the default), `full-scale` (0 to 1), `min-max` (each tensor from 0 to 1, as in
    /// document 002) or `raw`.
    pub range: ValueRange,
    /// The lowest level of `log` in dB below full scale, -200 to -10. -100 by default. A higher one silences more.
    pub floor: f32,
    /// How phases are found.
    pub phase: InversionConfig,
}

impl Default for MagnitudeConfig {
    fn default() -> Self {
        Self {
            bins: 128,
            frames: 128,
            window: None,
            stereo: StereoPlanes::MidSide,
            scale: MagnitudeScale::Log,
            range: ValueRange::Unit,
            floor: -100.0,
            phase: InversionConfig::default(),
        }
    }
}

impl MagnitudeConfig {
    /// Plans the representation for slices of one length.
    pub(super) fn build(
        &self,
        slice_frames: usize,
        rate: SampleRate,
        channels: usize,
    ) -> Result<Spectrogram, SpectralError> {
        let &Self { bins, frames, stereo, scale, range, floor, .. } = self;
        check_range("the representation's bins", 4, 8_192, bins)?;
        check_range("the representation's frames", 2, 8_192, frames)?;
        check_range("the representation's bins times frames", 1, MOST_POINTS, bins * frames)?;
        let slices = Slices::new(slice_frames, channels)?;
        let win_length = self.win_length(slice_frames, rate)?;
        let pooled = win_length.div_ceil(2 * bins).next_power_of_two();
        let (hop, samples) = spaced(slices, frames, win_length)?;
        let stft = StftShape { n_fft: 2 * bins * pooled, win_length, hop, samples };
        let edges: Vec<usize> = (0..=bins).map(|bin| bin * pooled).collect();
        let (bank, phase) = (Filterbank::of_edges(&edges), &self.phase);
        let (name, squares, weights) = ("magnitude", false, Vec::new());
        Spectrogram::new(Plan { name, stft, bank, squares, weights, stereo, scale, range, floor, phase }, slices)
    }

    fn win_length(&self, slice_frames: usize, rate: SampleRate) -> Result<usize, SpectralError> {
        if let Some(window) = self.window {
            check_setting("the representation's window in ms", 1.0, 1_000.0, window.into())?;
            return Ok(((f64::from(window) * 1e-3 * rate.as_f64()).round() as usize).max(2));
        }
        let hop = slice_frames.div_ceil(self.frames - 1);
        let mut length = 2 * self.bins;
        while longest_hop(length) < hop && length < 65_536 {
            length *= 2;
        }
        Ok(length)
    }
}
