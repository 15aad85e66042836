//! Where sounds come from.
//!
//! ```text
//! file, folder ─decode→ passages ────────────────────┐
//! dataset ─choose runs of neighbouring slices→ slices ┼─▶ RawSound, one for each stimulus
//! run ─Player (the binary's: generating links burn)→ ─┘
//! ```
//!
//! Nothing is changed here: every sound keeps its rate and channels, and slices of a dataset stay apart until
//! [`sound`](crate::sound) has taken them through their round trip and joined them.

mod dataset;
mod file;
mod folder;
mod player;
mod raw;

pub use player::{NoPlayer, Played, Player};
pub use raw::{RawSound, Slices};

use crate::SurveyError;
use crate::study::StimulusSpec;
use adm_core::{Observer, SampleRate, Seeds};
use std::path::Path;

/// What loading needs to know beside the stimuli.
#[derive(Debug, Clone, Copy)]
pub struct Loading<'a> {
    /// The folder that paths are relative to: the study's.
    pub base: &'a Path,
    /// Length of every stimulus; all that is loaded is at least as long.
    pub seconds: f64,
    /// Frames a second that runs are asked for.
    pub rate: SampleRate,
    /// Streams `survey passages` choose where datasets are heard; the root is the first seed of runs that name none.
    pub seeds: Seeds,
}

/// Loads all sounds of a study, in the order of its stimuli.
///
/// Stage for the observer: `loading` (in stimuli, groups counting as one).
///
/// # Errors
/// What is missing, too short or unreadable, by the id of its stimulus.
pub fn load(
    stimuli: &[StimulusSpec],
    loading: &Loading<'_>,
    player: &mut dyn Player,
    observer: &dyn Observer,
) -> Result<Vec<RawSound>, SurveyError> {
    let _ = (stimuli, loading, player, observer);
    todo!()
}
