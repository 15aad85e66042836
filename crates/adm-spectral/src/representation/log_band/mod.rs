//! `log-band`: document 004's hundred amplitudes a frame (section 2.4.1).
//!
//! Windows of 32 ms, each three quarters over the one before; their amplitudes A-weighted, as the ear hears low sounds
//! weaker, and averaged in bands that widen with frequency along document 000's curve (see `curve.rs`), at least a bin
//! each. The number of frames follows from the slice's length. The document works at 8 kHz, where 100 bands stand for 129 bins;
//! prepare a dataset with `--sample-rate 8000` for that. Any rate works, with wider bands the higher it is.
//!
//! The weighting stops at -40 dB, which it has at 30 Hz: undoing more of it would turn a network's smallest errors into rumble,
//! and at 0 Hz, where a window of 32 ms still hears the kick, nothing would be left to undo it from.
//!
//! Decoding gives each bin its band's mean, takes the weighting off, and finds phases; the document's own method is
//! `phase.method = "slaney"`.

mod weighting;

use super::MOST_POINTS;
use super::curve::{Curve, edges};
use super::slices::Slices;
use super::spectrogram::{Filterbank, MagnitudeScale, Plan, Spectrogram, StereoPlanes, ValueRange};
use crate::error::{SpectralError, check_range, check_setting};
use crate::inversion::{InversionConfig, StftShape};
use adm_core::SampleRate;
use serde::{Deserialize, Serialize};
use weighting::a_weight;

/// The least gain of the weighting: -40 dB.
const LEAST_WEIGHT: f64 = 0.01;

/// Frames that overlap over each sample: 75 %.
const OVERLAPPING: usize = 4;

/// Settings of `log-band`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogBandConfig {
    /// Bands, 4 to the bins of a window: 129 at 8 kHz and 32 ms. 100 by default. More of them are narrower.
    pub bins: usize,
    /// Length of the window in ms, 4 to 1,000. 32 by default. A longer one tells near frequencies apart better and near
    /// moments worse, and gives fewer frames.
    pub window: f32,
    /// Whether frequencies are weighted as the ear hears them. True by default.
    pub a_weighting: bool,
    /// What becomes of stereo: `mid-side` (the default), `left-right` or `mono`.
    pub stereo: StereoPlanes,
    /// How values grow with amplitudes: `linear` (the default, as in the document) or `log`.
    pub scale: MagnitudeScale,
    /// The range of values: `unit` (-1 to 1), `full-scale` (0 to 1), `min-max` (each tensor from 0 to 1) or `raw` (the default).
    pub range: ValueRange,
    /// The lowest level of `log` in dB below full scale, -200 to -10. -100 by default. A higher one silences more.
    pub floor: f32,
    /// How phases are found.
    pub phase: InversionConfig,
}

impl Default for LogBandConfig {
    fn default() -> Self {
        Self {
            bins: 100,
            window: 32.0,
            a_weighting: true,
            stereo: StereoPlanes::MidSide,
            scale: MagnitudeScale::Linear,
            range: ValueRange::Raw,
            floor: -100.0,
            phase: InversionConfig::default(),
        }
    }
}

impl LogBandConfig {
    /// Plans the representation for slices of one length.
    pub(super) fn build(
        &self,
        slice_frames: usize,
        rate: SampleRate,
        channels: usize,
    ) -> Result<Spectrogram, SpectralError> {
        let &Self { bins, stereo, scale, range, floor, .. } = self;
        check_setting("the representation's window in ms", 4.0, 1_000.0, self.window.into())?;
        let hop = (f64::from(self.window) * 1e-3 * rate.as_f64() / OVERLAPPING as f64).round().max(1.0) as usize;
        let n_fft = OVERLAPPING * hop;
        let slices = Slices::new(slice_frames, channels)?;
        let stft = StftShape { n_fft, win_length: n_fft, hop, samples: hop * slice_frames.div_ceil(hop) };
        check_range("the representation's bins", 4, stft.bins(), bins)?;
        check_range("the bins and frames that the representation makes", 1, MOST_POINTS, stft.points())?;
        let curve = Curve { linear: stft.bins() as f64, bins: bins as f64, slope: 1.0 };
        let bank = Filterbank::of_edges(&edges(bins, stft.bins(), |band| curve.growing(band)));
        let hz = |bin: usize| bin as f64 * rate.as_f64() / n_fft as f64;
        let weight = |bin: usize| if self.a_weighting { a_weight(hz(bin)).max(LEAST_WEIGHT) as f32 } else { 1.0 };
        let weights = (0..stft.bins()).map(weight).collect();
        let (name, squares, phase) = ("log-band", false, &self.phase);
        Spectrogram::new(Plan { name, stft, bank, squares, weights, stereo, scale, range, floor, phase }, slices)
    }
}
