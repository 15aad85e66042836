//! What can go wrong between a dataset and its tokens.

use adm_core::Hint;
use adm_dataset::DatasetError;
use std::io;
use std::path::{Path, PathBuf};

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// A file could not be read.
    #[error("cannot read {path}")]
    Read {
        /// What was being read.
        path: PathBuf,
        /// Why it could not be.
        source: io::Error,
    },
    /// A file or folder could not be written.
    #[error("cannot write {path}")]
    Write {
        /// What was being written.
        path: PathBuf,
        /// Why it could not be.
        source: io::Error,
    },
    /// A dataset or an array of a book that cannot be used.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// A file is damaged, of another version, or contradicts itself or its neighbours.
    #[error("{path} is not a usable {what}: {reason}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A setting outside its range.
    #[error("{what} must be {expected}, got {actual}")]
    BadSetting {
        /// The setting in the user's words.
        what: &'static str,
        /// What is allowed.
        expected: &'static str,
        /// What was given.
        actual: String,
        /// The flag to mend it with.
        hint: &'static str,
    },
    /// Slices that a book's tokens cannot be compared with.
    #[error("the book's {what} is {expected}, the dataset's {actual}")]
    OtherSlices {
        /// What differs: rate, channels or length.
        what: &'static str,
        /// The book's.
        expected: String,
        /// The dataset's.
        actual: String,
    },
    /// A book that was voted otherwise than is asked for.
    #[error("the book was made with other levels or thresholds")]
    OtherVote,
    /// A transcript and a book that do not belong together.
    #[error("the transcript was written with another book: {expected}, not {actual}")]
    OtherBook {
        /// Fingerprint of the transcript's book.
        expected: String,
        /// Fingerprint of the book at hand.
        actual: String,
    },
    /// A transcript that counts other tokens than its book has.
    #[error("the transcript is in {actual} tokens, its book has {expected}")]
    OtherVocabulary {
        /// Tokens of the book.
        expected: usize,
        /// Tokens that the transcript counts on.
        actual: usize,
    },
    /// A slice of another length than the book's.
    #[error("a slice to recognise must hold {expected} samples, got {actual}")]
    WrongSlice {
        /// Frames times channels of the book's slices.
        expected: usize,
        /// Samples given.
        actual: usize,
    },
    /// NaN, an infinity, or what is far from a sound.
    #[error("sample {index} of a slice is {value}, expected a number in about [-1, 1]")]
    NotSound {
        /// Its position among the interleaved samples.
        index: usize,
        /// The sample.
        value: f32,
    },
    /// A form that cannot be played.
    #[error("the form \"{form}\" cannot be read: {reason}")]
    BadForm {
        /// The form as it was given.
        form: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl TokenError {
    /// Wraps an I/O error of reading `path`; made for `map_err`.
    pub(crate) fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Read { path: path.to_owned(), source }
    }

    /// Wraps an I/O error of writing `path`; made for `map_err`.
    pub(crate) fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Write { path: path.to_owned(), source }
    }
}

impl Hint for TokenError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Some("make a token book with adm tokenize DATASET -o BOOK".to_owned())
            }
            Self::Dataset(source) => source.hint(),
            Self::Damaged { .. } | Self::OtherVocabulary { .. } => {
                Some("make the book again with adm tokenize".to_owned())
            }
            Self::BadSetting { hint, .. } => Some((*hint).to_owned()),
            Self::OtherSlices { .. } => {
                Some("prepare the dataset with the book's --sample-rate, --mono and --bpm".to_owned())
            }
            Self::OtherVote => Some("leave out --levels and --threshold; the book brings its own".to_owned()),
            Self::BadForm { .. } => Some("give sections and bars, as in --form intro:8,drop:16".to_owned()),
            _ => None,
        }
    }
}
