//! What can go wrong between slices and a WAV.

use adm_audio::AudioError;
use adm_core::Hint;
use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// A setting outside its range.
    #[error("{what} must be {expected}, got {actual}")]
    BadSetting {
        /// The setting in the user's words.
        what: &'static str,
        /// What is allowed.
        expected: &'static str,
        /// What was given.
        actual: String,
        /// The flag to mend it with, where the command line has one.
        flag: Option<&'static str>,
    },
    /// A slice that ends within a frame.
    #[error("slice {slice} has {actual} samples, expected a multiple of {channels} channels")]
    PartialFrame {
        /// Its place in the timeline, from 0.
        slice: u64,
        /// Samples in it.
        actual: usize,
        /// Channels of the timeline.
        channels: usize,
    },
    /// A slice with NaN or an infinity in it.
    #[error("slice {slice} holds a sample that is not a finite number")]
    NotFinite {
        /// Its place in the timeline, from 0.
        slice: u64,
    },
    /// Fewer slices than the timeline has room for.
    #[error("the timeline takes {expected} slices, got {actual}")]
    WrongCount {
        /// Slices that it takes.
        expected: u64,
        /// Slices that came.
        actual: u64,
    },
    /// A slice of a class that has no stem.
    #[error("a slice is of class {class}, and there are {stems} stems")]
    NoStem {
        /// Its class, from 0.
        class: usize,
        /// Stems that are written.
        stems: usize,
    },
    /// The generator failed.
    #[error("slice {slice} could not be made")]
    Slice {
        /// Its place in the timeline, from 0.
        slice: u64,
        /// What the generator said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// No room for what is kept between the passes of the master.
    #[error("cannot keep the unmastered sound in {folder}")]
    Spool {
        /// The folder of the temporary file.
        folder: PathBuf,
        /// Why it could not be kept.
        source: io::Error,
    },
    /// The loudness meter refused its input.
    #[error("cannot measure the loudness")]
    Loudness {
        /// What the meter said.
        source: ebur128::Error,
    },
    /// No sections for a cue sheet, or more than it can hold.
    #[error("the number of sections in a cue sheet must be from 1 to 99, got {actual}")]
    CueSections {
        /// Sections there are.
        actual: usize,
    },
    /// A file that a cue sheet has no way to name.
    #[error("a cue sheet cannot name {path}: it would have to hold a quote or a character that is no text")]
    CueName {
        /// What would have to be named.
        path: PathBuf,
    },
    /// A score or a cue sheet could not be written.
    #[error("cannot write {path}")]
    Write {
        /// Where to.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The WAV file could not be written.
    #[error(transparent)]
    Audio(#[from] AudioError),
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl Hint for RenderError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::BadSetting { flag, expected, .. } => {
                flag.map(|flag| format!("give {flag} a value that is {expected}"))
            }
            Self::NotFinite { .. } => {
                Some("the training may have diverged: choose an earlier checkpoint of the run".to_owned())
            }
            Self::NoStem { .. } => Some("name a stem for every class, or leave out --stems".to_owned()),
            Self::CueSections { .. } => Some("give --form fewer sections, or leave out --cue".to_owned()),
            Self::CueName { .. } => Some("choose a plainer name with -o, or leave out --cue".to_owned()),
            Self::Write { .. } => Some("choose another place, or free some space there".to_owned()),
            Self::Spool { .. } => Some("free some space, or choose a place with more of it with -o".to_owned()),
            Self::Audio(error) => error.hint(),
            _ => None,
        }
    }
}

/// Names the file that could not be written.
pub(crate) fn cannot_write(path: &Path) -> impl Fn(io::Error) -> RenderError {
    move |source| RenderError::Write { path: path.to_owned(), source }
}

/// Checks that a setting lies in a range; a NaN lies in none.
pub(crate) fn within(
    (what, flag): (&'static str, Option<&'static str>),
    allowed: std::ops::RangeInclusive<f64>,
    expected: &'static str,
    value: f64,
) -> Result<f64, RenderError> {
    if allowed.contains(&value) {
        return Ok(value);
    }
    Err(RenderError::BadSetting { what, expected, actual: value.to_string(), flag })
}
