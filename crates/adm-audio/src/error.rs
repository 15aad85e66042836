//! What can go wrong with a recording.

use adm_core::units::OutOfRange;
use adm_core::{Hint, SampleRate, Seconds};
use std::io;
use std::path::{Path, PathBuf};

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AudioError {
    /// Nothing is at the path.
    #[error("{path} does not exist")]
    Missing {
        /// The recording.
        path: PathBuf,
    },
    /// A folder stands where a recording was expected.
    #[error("{path} is a folder, expected a recording")]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// The file has no bytes.
    #[error("{path} is empty")]
    Empty {
        /// The recording.
        path: PathBuf,
    },
    /// The operating system would not give the bytes out.
    #[error("cannot read {path}")]
    Read {
        /// The recording.
        path: PathBuf,
        /// Why it could not be read.
        source: io::Error,
    },
    /// The bytes are in no format that is decoded here.
    #[error("{path} is not a recording in a known format: {reason}")]
    NotAudio {
        /// The file.
        path: PathBuf,
        /// What the probe or the codec said.
        reason: String,
    },
    /// The container is known, but decodes to no frame at all.
    #[error("{path} holds no audio")]
    NoFrames {
        /// The recording.
        path: PathBuf,
    },
    /// More than two channels.
    #[error("{path} has {actual} channels, expected 1 or 2")]
    Channels {
        /// The recording.
        path: PathBuf,
        /// Its number of channels.
        actual: usize,
    },
    /// A sample rate that no recording of music has.
    #[error("cannot use the sample rate of {path}")]
    Rate {
        /// The recording.
        path: PathBuf,
        /// The range and the rate.
        source: OutOfRange,
    },
    /// The stream changes its rate or channels on the way.
    #[error("{path} changes its format at {at}: {reason}")]
    FormatChange {
        /// The recording.
        path: PathBuf,
        /// When it changes.
        at: Seconds,
        /// What changes.
        reason: String,
    },
    /// A float recording, or samples to be written, hold NaN or an infinity.
    #[error("{path} holds a sample that is not a finite number at {at}")]
    NotFinite {
        /// The recording.
        path: PathBuf,
        /// When the first such sample sounds.
        at: Seconds,
    },
    /// A float recording of numbers that are no sound.
    #[error("{path} is {level:.0} dB louder than full scale at {at}")]
    FarTooLoud {
        /// The recording.
        path: PathBuf,
        /// When the first such sample sounds.
        at: Seconds,
        /// The loudest sample near it, in dB of full scale.
        level: f64,
    },
    /// No resampler is made for these two rates.
    #[error("cannot resample from {from} to {to}: {reason}")]
    Resample {
        /// The source's rate.
        from: SampleRate,
        /// The rate that was asked for.
        to: SampleRate,
        /// What the resampler said.
        reason: String,
    },
    /// Samples, or a count of channels, that do not fit what takes them.
    #[error("{what} must be {expected}, got {actual}")]
    WrongShape {
        /// What was given.
        what: &'static str,
        /// What fits.
        expected: String,
        /// What came.
        actual: usize,
    },
    /// The file system would not take the bytes.
    #[error("cannot write {path}")]
    Write {
        /// The file being written, under its final name.
        path: PathBuf,
        /// Why it could not be written.
        source: io::Error,
    },
    /// A WAV file counts its bytes with 32 bits.
    #[error("{path} would pass the 4 GiB that a WAV file can hold")]
    TooLong {
        /// The file being written.
        path: PathBuf,
    },
    /// Too little sound to find a tempo in.
    #[error("a beat grid needs at least {needed} of sound, got {actual}")]
    TooShortForGrid {
        /// The least duration.
        needed: Seconds,
        /// What there is.
        actual: Seconds,
    },
    /// Nothing repeats in the low band.
    #[error("no beat was found in the low band")]
    NoBeat,
    /// A grid that contradicts itself.
    #[error("the beat grid is not usable: {reason}")]
    BadGrid {
        /// What is wrong with it.
        reason: String,
    },
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl AudioError {
    /// Wraps an I/O error of reading `path`; made for `map_err`.
    pub(crate) fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Read { path: path.to_owned(), source }
    }

    /// Wraps an I/O error of writing `path`; made for `map_err`.
    pub(crate) fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Write { path: path.to_owned(), source }
    }
}

impl Hint for AudioError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::NotAudio { path, .. } => Some(format!(
                "WAV, AIFF, FLAC, MP3, Ogg Vorbis and AAC-LC in M4A are decoded; if it is sound, convert it, for example \
                 with: ffmpeg -i {} sound.flac",
                path.display()
            )),
            Self::Channels { path, .. } => {
                Some(format!("mix it down first, for example with: ffmpeg -i {} -ac 2 stereo.wav", path.display()))
            }
            Self::TooShortForGrid { .. } | Self::NoBeat => {
                Some("give the tempo with --bpm N and the first beat with --offset SECONDS".to_owned())
            }
            Self::BadGrid { .. } => Some(
                "mend it, docs/beat-grids.md says what it may hold, or leave out --grid to have beats found".to_owned(),
            ),
            Self::Write { source, .. } if is_full(source) => {
                Some("free some space, or choose a place with more of it with -o".to_owned())
            }
            Self::NotFinite { .. } => Some("write it again with samples from -1 to 1".to_owned()),
            Self::FarTooLoud { path, level, .. } => Some(format!(
                "bring its samples to -1 to 1, for example with: ffmpeg -i {} -af volume=-{:.0}dB sound.wav",
                path.display(),
                level.ceil()
            )),
            Self::TooLong { .. } => Some("ask for less with --seconds, or for 16 bits".to_owned()),
            _ => None,
        }
    }
}

/// Whether an error says that no room is left on the disk or in the user's quota.
fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}
