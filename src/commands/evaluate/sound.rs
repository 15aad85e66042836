//! How a set's slices sound when they are played one after the other.

use super::slices::Slices;
use adm_core::Seeds;
use adm_dataset::{Dataset, Slicing};
use adm_eval::beats::{BeatEstimates, check_with_intervals};
use adm_eval::{Estimate, Passage};
use anyhow::Result;
use serde::Serialize;

/// Slices that are played: what more would add is not worth its time and memory.
const MOST: usize = 512;

/// What is heard; what the set does not have is absent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sound {
    #[serde(flatten)]
    pub of_all: OfAll,
    /// Of sets that were cut at beats.
    #[serde(flatten)]
    pub of_beats: Option<OfBeats>,
}

/// Figures that any set has.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OfAll {
    pub correlation: Option<Estimate>,
    pub side_to_mid_db: Option<Estimate>,
    pub loudness_lufs: Option<Estimate>,
    pub crest_db: f64,
    pub clips: usize,
    /// Share of slices that are clipped.
    pub clipped_share: Estimate,
    pub seam_flux: Estimate,
}

/// Figures of beats.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OfBeats {
    pub onset_f1: Estimate,
    pub tempo_bpm: Option<f64>,
    pub tempo_error_percent: Option<f64>,
    pub phase_ms: Option<Estimate>,
    pub phase_spread_ms: Option<Estimate>,
}

/// Listens to slices of a dataset's form.
///
/// # Errors
/// Slices that cannot be read, or hold what is no number.
pub fn sound(slices: &Slices, dataset: &Dataset, seeds: Seeds) -> Result<Sound> {
    let count = slices.len().min(MOST);
    let samples = slices.read(0..count)?.concat();
    let (rate, channels) = (dataset.rate(), dataset.channels());
    let beats_per_slice = match dataset.manifest().slicing {
        Slicing::Beats { beats_per_slice, .. } => Some(beats_per_slice.max(1)),
        Slicing::Windows { .. } => None,
    };
    let per_slice = beats_per_slice.unwrap_or(1);
    let beat = dataset.slice_frames() as f64 / per_slice as f64 / rate.as_f64();
    let grid: Vec<f64> = (0..count * per_slice).map(|at| at as f64 * beat).collect();
    let heard = check_with_intervals(&Passage { samples: &samples, channels, rate, grid: &grid }, seeds)?;
    Ok(Sound { of_all: OfAll::of(&heard, channels), of_beats: beats_per_slice.map(|_| OfBeats::of(&heard)) })
}

impl OfAll {
    fn of(heard: &BeatEstimates, channels: usize) -> Self {
        let &BeatEstimates { correlation, side_to_mid_db, loudness_lufs, .. } = heard;
        let &BeatEstimates { crest_db, clips, clipped_share, seam_flux, .. } = heard;
        let correlation = (channels == 2).then_some(correlation);
        Self { correlation, side_to_mid_db, loudness_lufs, crest_db, clips, clipped_share, seam_flux }
    }
}

impl OfBeats {
    fn of(heard: &BeatEstimates) -> Self {
        let &BeatEstimates { onset_f1, tempo_bpm, tempo_error_percent, phase_ms, phase_spread_ms, .. } = heard;
        Self { onset_f1, tempo_bpm, tempo_error_percent, phase_ms, phase_spread_ms }
    }
}
