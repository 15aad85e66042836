//! How a set's slices sound when they are played one after the other.

use super::slices::Slices;
use adm_audio::loudness;
use adm_core::{Bpm, SampleRate};
use adm_dataset::{Dataset, Slicing};
use adm_eval::checks::flux::Flux;
use adm_eval::checks::{level, onsets, stereo};
use anyhow::Result;
use serde::Serialize;

/// Slices that are played at once: eight bars of beats, long enough for a tempo.
const AT_ONCE: usize = 32;

/// Slices that are played in all: what more would add is not worth its time.
const MOST: usize = 512;

/// How far from a beat an onset may be, in seconds: the usual tolerance of beat tracking (Davies, Degara & Plumbley 2009).
const TOLERANCE: f64 = 0.07;

/// What is heard. Figures are means over passages of [`AT_ONCE`] slices; what none has is absent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Sound {
    /// How well low-band onsets and the grid agree, 0 to 1, within 70 ms.
    pub onset_f1: Option<f64>,
    /// How far the tempo heard is from the slices', in percent of it.
    pub tempo_error_percent: Option<f64>,
    /// Median of low-band onset minus grid time; positive is late.
    pub phase_ms: Option<f64>,
    /// Median distance of those from their median.
    pub phase_spread_ms: Option<f64>,
    /// Of left and right.
    pub correlation: Option<f64>,
    /// Power of the side over the mid's; none for mono.
    pub side_to_mid_db: Option<f64>,
    pub loudness_lufs: Option<f64>,
    pub crest_db: Option<f64>,
    /// Share of slices that are clipped.
    pub clipped_share: Option<f64>,
    /// Spectral flux where one slice follows another over that of everywhere.
    pub seam_flux: Option<f64>,
}

/// The form that passages have.
#[derive(Clone, Copy)]
struct Playing {
    rate: SampleRate,
    channels: usize,
    frames: usize,
    /// Of beats.
    tempo: Option<(Bpm, usize)>,
}

/// Listens to slices of a dataset's form.
///
/// # Errors
/// Slices that cannot be read.
pub fn sound(slices: &Slices, dataset: &Dataset) -> Result<Sound> {
    let tempo = match dataset.manifest().slicing {
        Slicing::Beats { bpm, beats_per_slice, .. } => Some((bpm, beats_per_slice)),
        Slicing::Windows { .. } => None,
    };
    let playing = Playing { rate: dataset.rate(), channels: dataset.channels(), frames: dataset.slice_frames(), tempo };
    let count = slices.len().min(MOST);
    let passages = (0..count).step_by(AT_ONCE).map(|first| {
        let beats = slices.read(first..count.min(first + AT_ONCE))?;
        playing.heard(&beats)
    });
    Ok(Sound::mean(&passages.collect::<Result<Vec<_>>>()?))
}

impl Playing {
    fn heard(self, beats: &[Vec<f32>]) -> Result<Sound> {
        let Self { rate, channels, .. } = self;
        let samples = beats.concat();
        let flux = Flux::of(&samples, channels, rate);
        let clipped = beats.iter().filter(|beat| level::levels(beat, channels).clips > 0).count();
        let levels = level::levels(&samples, channels);
        let (correlation, side) = match channels {
            2 => (Some(stereo::correlation(&samples)), Some(stereo::side_to_mid_db(&samples))),
            _ => (None, None),
        };
        let loud = loudness::measure(&samples, channels, rate)?;
        let sound = Sound {
            correlation,
            side_to_mid_db: finite(side),
            loudness_lufs: finite(Some(loud.integrated_lufs)),
            crest_db: Some(levels.crest_db),
            clipped_share: Some(clipped as f64 / beats.len().max(1) as f64),
            seam_flux: flux.at(&self.times(self.frames, beats.len())[1..]),
            ..Sound::default()
        };
        Ok(self.tempo.map_or(sound, |tempo| self.on_grid(sound, tempo, &samples, &flux)))
    }

    /// What is heard of beats.
    fn on_grid(self, sound: Sound, (bpm, per_slice): (Bpm, usize), samples: &[f32], flux: &Flux) -> Sound {
        let grid = self.times(self.frames / per_slice.max(1), samples.len() / self.channels * per_slice / self.frames);
        let found = onsets::low_band_onsets(samples, self.channels, self.rate);
        let agreement = onsets::grid_agreement(&found, &grid, TOLERANCE);
        let matched = agreement.recall > 0.0;
        let tempo = flux.tempo(bpm);
        Sound {
            onset_f1: Some(agreement.f_measure),
            phase_ms: matched.then_some(agreement.median_deviation_ms),
            phase_spread_ms: matched.then_some(agreement.spread_ms),
            tempo_error_percent: tempo.map(|found| 100.0 * (found / bpm.get() - 1.0).abs()),
            ..sound
        }
    }

    /// Times at every so many frames.
    fn times(self, every: usize, count: usize) -> Vec<f64> {
        (0..count).map(|at| (at * every) as f64 / self.rate.as_f64()).collect()
    }
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

impl Sound {
    /// Of each figure over the passages that have it.
    fn mean(passages: &[Self]) -> Self {
        let mean = |figure: fn(&Self) -> Option<f64>| {
            let known: Vec<f64> = passages.iter().filter_map(figure).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
        };
        Self {
            onset_f1: mean(|sound| sound.onset_f1),
            tempo_error_percent: mean(|sound| sound.tempo_error_percent),
            phase_ms: mean(|sound| sound.phase_ms),
            phase_spread_ms: mean(|sound| sound.phase_spread_ms),
            correlation: mean(|sound| sound.correlation),
            side_to_mid_db: mean(|sound| sound.side_to_mid_db),
            loudness_lufs: mean(|sound| sound.loudness_lufs),
            crest_db: mean(|sound| sound.crest_db),
            clipped_share: mean(|sound| sound.clipped_share),
            seam_flux: mean(|sound| sound.seam_flux),
        }
    }
}
