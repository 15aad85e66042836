//! Whether music keeps the beat that it should have, and how it sounds at the joins of its slices.
//!
//! ```text
//! Passage ─validate→ mono mix ─flux, low band→ onsets, tempo ┐
//!                             ─seams→ falls and clicks       ├─Group: counts of 8 beats─→ BeatChecks
//!                    samples  ─moments, levels, loudness→ ───┘         └─bootstrap→ BeatEstimates
//! ```
//!
//! Everything comes from the samples and the grid alone, is finite, and does not depend on the number of threads.

mod analysis;
mod groups;
mod intervals;
mod passage;
mod seams;
mod tempo;

pub use passage::Passage;

use crate::{Estimate, EvalError};
use adm_core::Seeds;
use analysis::Analysis;
use serde::{Deserialize, Serialize};

/// The checks of one passage. Nothing here is ever NaN or infinite: what does not exist is `None`.
///
/// # Which onsets count
/// Low-band onsets (kicks and bass notes, [`crate::checks::onsets`]) within 70 ms of a beat, as beat trackers are judged,
/// or onsets at any pitch ([`crate::checks::flux`]) within 25 ms, so that music without kicks is not judged as without a
/// beat: whichever agrees better over the whole passage. Noise agrees by chance, some 0.3 to 0.5 by its lows: compare with
/// level-matched noise rather than with 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BeatChecks {
    /// Harmonic mean of the next two, 0 to 1; higher is nearer to the grid.
    pub onset_f1: f64,
    /// Share of the onsets that are at a beat, 0 to 1; off-beats lower it, without being wrong.
    pub onset_precision: f64,
    /// Share of the beats that have an onset, 0 to 1.
    pub onset_recall: f64,
    /// Beats a minute as heard, in the octave around the grid's tempo; `None` without a steady tempo (silence, noise) or in
    /// less than three beats.
    pub tempo_bpm: Option<f64>,
    /// By how many percent that is faster than the grid's usual tempo; negative is slower.
    pub tempo_error_percent: Option<f64>,
    /// Median of low-band onset minus beat in milliseconds, over onsets within 70 ms; positive is late. `None` without any.
    pub phase_ms: Option<f64>,
    /// Median distance of those from their median in milliseconds: below 5 where a machine keeps the beat, some 35 where
    /// onsets come by chance.
    pub phase_spread_ms: Option<f64>,
    /// Correlation of left and right, −1 to 1; 1 for mono.
    pub correlation: f64,
    /// Power of the side over that of the mid in dB, within ±120; `None` for mono.
    pub side_to_mid_db: Option<f64>,
    /// Gated loudness by EBU R 128 in LUFS; `None` for silence or less than 0.4 s.
    pub loudness_lufs: Option<f64>,
    /// Peak over root mean square in dB, as in [`crate::checks::level::Levels`].
    pub crest_db: f64,
    /// Places where a channel stays at full scale for three samples or more.
    pub clips: usize,
    /// Share of the beats that have such a place, 0 to 1.
    pub clipped_share: f64,
    /// Falls, cuts and clicks at the beats' starts over those between them, above 0: 1 where the joins are like the rest of
    /// the music, more where they can be told: 1.2 in an uncut recording whose drums start on the very frame, 1.5 to 2.5
    /// where waveforms jump, 3 to 6 where slices end in silence. All are changes of level in bands an octave wide within
    /// milliseconds; the rise of an onset at the join is not one of them.
    pub seam_flux: f64,
}

/// Judges a passage.
///
/// # Errors
/// Those of [`Passage::validate`].
pub fn check(passage: &Passage<'_>) -> Result<BeatChecks, EvalError> {
    Ok(Analysis::of(passage)?.checks())
}

/// [`BeatChecks`] with a 95 percent interval of each figure that other beats could have changed; the values are the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BeatEstimates {
    /// As in [`BeatChecks`].
    pub onset_f1: Estimate,
    /// As in [`BeatChecks`].
    pub onset_precision: Estimate,
    /// As in [`BeatChecks`].
    pub onset_recall: Estimate,
    /// As in [`BeatChecks`]; one figure of the whole passage.
    pub tempo_bpm: Option<f64>,
    /// As in [`BeatChecks`]; one figure of the whole passage.
    pub tempo_error_percent: Option<f64>,
    /// As in [`BeatChecks`].
    pub phase_ms: Option<Estimate>,
    /// As in [`BeatChecks`].
    pub phase_spread_ms: Option<Estimate>,
    /// As in [`BeatChecks`].
    pub correlation: Estimate,
    /// As in [`BeatChecks`].
    pub side_to_mid_db: Option<Estimate>,
    /// As in [`BeatChecks`].
    pub loudness_lufs: Option<Estimate>,
    /// As in [`BeatChecks`]; one figure of the whole passage.
    pub crest_db: f64,
    /// As in [`BeatChecks`]; a count of the whole passage.
    pub clips: usize,
    /// As in [`BeatChecks`].
    pub clipped_share: Estimate,
    /// As in [`BeatChecks`].
    pub seam_flux: Estimate,
}

/// Judges a passage and says how far each figure might be off: groups of eight beats are drawn with replacement 500 times
/// (Efron's percentile bootstrap, by groups because neighbouring beats are alike). Up to eight beats are one group, which
/// tells nothing of others: the intervals are then the values alone. Fewer than ten groups give intervals that are too
/// narrow.
///
/// # Errors
/// Those of [`Passage::validate`].
pub fn check_with_intervals(passage: &Passage<'_>, seeds: Seeds) -> Result<BeatEstimates, EvalError> {
    Ok(Analysis::of(passage)?.estimates(passage, seeds))
}
