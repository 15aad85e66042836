//! The beat times of a recording.

use crate::{AudioError, Source};
use adm_core::{Bpm, Observer, Seconds};
use serde::{Deserialize, Serialize};

/// How a grid came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GridMethod {
    /// Laid out from a given tempo and offset.
    Fixed,
    /// One tempo and phase fitted to the low band of the whole recording.
    ConstantTempo,
    /// Changed or written by hand.
    Edited,
}

/// The beat times of one recording; they hold for it at every sample rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// The tempo in BPM.
    pub bpm: f64,
    /// How sure the grid is, from 0 (a guess) to 1 (every beat is heard where it should be).
    pub confidence: f64,
    /// How the grid came about.
    pub method: GridMethod,
    /// When each beat starts, in seconds from the first frame, strictly ascending, none negative. The last beat ends one
    /// beat length after its start.
    pub beats: Vec<f64>,
}

/// What kind of grid is wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GridRequest {
    /// Beats at `offset + k·60/bpm` for all `k ≥ 0` that are not negative times.
    Fixed {
        /// The tempo.
        bpm: Bpm,
        /// When the first beat starts. Whatever sounds before it is in no beat.
        offset: Seconds,
    },
    /// One tempo and phase, fitted to the whole recording.
    Auto,
}

/// Finds the beats of a recording; reads `source` to its end unless the request and the header's length are enough.
///
/// # Errors
/// Whatever the source returns; [`AudioError::TooShortForGrid`] and [`AudioError::NoBeat`] where there is nothing to
/// fit to; [`AudioError::Interrupted`] when `observer` asks to stop.
pub fn find(source: &mut dyn Source, request: &GridRequest, observer: &dyn Observer) -> Result<Grid, AudioError> {
    let _ = (source, request, observer);
    Err(AudioError::NoBeat)
}

impl Grid {
    /// Checks a grid that came from outside.
    ///
    /// # Errors
    /// [`AudioError::BadGrid`] where a time is not finite, negative or not above the one before it, or where tempo or
    /// confidence are outside their ranges.
    pub fn check(&self) -> Result<(), AudioError> {
        Ok(())
    }
}
