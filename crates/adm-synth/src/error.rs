//! What can go wrong with a synthesised set.

use adm_audio::AudioError;
use adm_core::units::OutOfRange;
use adm_core::{Hint, Seconds};
use std::io;
use std::path::PathBuf;

/// A set that cannot be made or written.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// Too short for one bar a track.
    #[error("a set of {actual} is too short for {tracks} track(s), which need at least {expected}")]
    TooShort {
        /// The shortest possible set.
        expected: Seconds,
        /// The length that was asked for.
        actual: Seconds,
        /// How many tracks it must hold.
        tracks: usize,
    },
    /// Longer than a day, or not a number.
    #[error("the length of a set must be between 0 and {longest} seconds, got {actual}")]
    BadDuration {
        /// The longest possible set in seconds.
        longest: f64,
        /// The length that was asked for in seconds.
        actual: f64,
    },
    /// A plan without any tempo.
    #[error("a tempo plan of tracks needs at least one tempo")]
    NoTempo,
    /// A setting outside its range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// The set could not be measured or written as audio.
    #[error(transparent)]
    Audio(#[from] AudioError),
    /// The annotations could not be written.
    #[error("could not write {path}")]
    Write {
        /// The file that was being written.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The user asked to stop.
    #[error("stopped while synthesising the set")]
    Stopped,
}

impl Hint for SynthError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::TooShort { expected, .. } => Some(format!("ask for at least {:.0} seconds", expected.0.ceil())),
            Self::NoTempo => Some("name one tempo in BPM for each track".into()),
            Self::Audio(error) => error.hint(),
            _ => None,
        }
    }
}
