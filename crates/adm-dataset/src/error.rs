//! What can go wrong between a recording and a batch.

use crate::manifest::{self, MANIFEST_FILE};
use crate::splits::Split;
use adm_audio::AudioError;
use adm_core::Hint;
use adm_spectral::SpectralError;
use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// A file or folder could not be read.
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
    /// The bytes are not in `.npy` format.
    #[error("{path} is not a .npy file: {reason}")]
    NotNpy {
        /// The file.
        path: PathBuf,
        /// What is wrong with its header.
        reason: &'static str,
    },
    /// A file of vectors has a line that is none.
    #[error("{path}, line {line}: {reason}")]
    NotVectors {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it, as the rest of a sentence.
        reason: String,
    },
    /// An array has another element type.
    #[error("{path} holds elements of type {actual}, expected {expected}")]
    WrongDtype {
        /// The file.
        path: PathBuf,
        /// The type that belongs there, in NumPy's spelling.
        expected: &'static str,
        /// The type in the header.
        actual: String,
    },
    /// An array's first axis varies fastest.
    #[error("{path} is in Fortran order, expected C order")]
    WrongOrder {
        /// The file.
        path: PathBuf,
    },
    /// An array has another shape.
    #[error("{path} has the shape {actual}, expected {expected}")]
    WrongShape {
        /// The file.
        path: PathBuf,
        /// The shape that belongs there.
        expected: String,
        /// The shape in the header.
        actual: String,
    },
    /// A file is shorter or longer than what describes it says.
    #[error("{path} has {actual} bytes, expected {expected}")]
    WrongSize {
        /// The file.
        path: PathBuf,
        /// The size that belongs there, in bytes.
        expected: u64,
        /// The size on disk, in bytes.
        actual: u64,
    },
    /// An array holds NaN or an infinity.
    #[error("{path} holds {value} at element {index}")]
    NotFinite {
        /// The file.
        path: PathBuf,
        /// The offending value.
        value: f32,
        /// Its position in the flattened array.
        index: usize,
    },
    /// A JSON file is damaged, of a newer format, or contradicts itself or its data.
    #[error("{path} is not a usable {what}: {reason}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the file should be.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A slice that the dataset does not have.
    #[error("slice {index} was asked for, but the dataset has {len}")]
    NoSuchSlice {
        /// The index that was asked for.
        index: usize,
        /// Number of slices.
        len: usize,
    },
    /// A buffer does not fit what goes into it.
    #[error("the buffer for {what} must hold {expected} values, got {actual}")]
    WrongBuffer {
        /// What was to be put there.
        what: &'static str,
        /// Values needed.
        expected: usize,
        /// Values given.
        actual: usize,
    },
    /// A split without slices cannot feed a training.
    #[error("the dataset's {split} split is empty")]
    EmptySplit {
        /// The split.
        split: Split,
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
    /// A worker thread died while it made a batch.
    #[error("a worker failed while it made the batch of step {step}: {reason}")]
    Worker {
        /// The step whose batch was being made.
        step: u64,
        /// The panic's message.
        reason: String,
    },
    /// The system grants no more threads.
    #[error("cannot start a worker thread")]
    Threads {
        /// Why not.
        source: io::Error,
    },
    /// A recording that cannot be decoded, or has no beats.
    #[error("cannot use {path}")]
    Audio {
        /// The recording.
        path: PathBuf,
        /// Why it cannot be used.
        source: AudioError,
    },
    /// A recording that the decoder breaks over.
    #[error("decoding {path} went wrong in a way that it never should: {reason}")]
    Broke {
        /// The recording.
        path: PathBuf,
        /// The panic's message.
        reason: String,
    },
    /// Slices do not fit the representation or the other way round.
    #[error("cannot make tensors of the slices")]
    Spectral {
        /// Why not.
        #[from]
        source: SpectralError,
    },
    /// A recording that decodes but yields nothing.
    #[error("{path} gives no slice: {reason}")]
    NoSlices {
        /// The recording.
        path: PathBuf,
        /// What it is instead.
        reason: String,
    },
    /// Tensors whose slices' rate or tempo nobody tells.
    #[error("the {what} of the tensors in {path} is not known: there is no export.json beside them")]
    Unknown {
        /// What is not known.
        what: &'static str,
        /// The folder.
        path: PathBuf,
    },
    /// An input that an earlier, now resumed, preparation could not use.
    #[error("cannot use {path}: {reason}")]
    FailedBefore {
        /// The input.
        path: PathBuf,
        /// Why it could not be used then.
        reason: String,
    },
    /// A folder without anything that could be used.
    #[error("{path} holds no {what}")]
    NothingInside {
        /// The folder.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
    },
    /// Nothing was left to make a dataset of.
    #[error("none of the {inputs} inputs can be used; the first one:")]
    NothingUsable {
        /// How many were tried.
        inputs: usize,
        /// What was wrong with the first.
        source: Box<DatasetError>,
    },
    /// Something stands where the output should go.
    #[error("{path} exists")]
    OutputExists {
        /// The output.
        path: PathBuf,
    },
    /// What should be overwritten is not what would be written.
    #[error("{path} exists and is not a dataset, so it is not overwritten")]
    NotOverwritten {
        /// The output.
        path: PathBuf,
    },
    /// An earlier preparation did not end.
    #[error("an earlier preparation of this dataset was interrupted; what it did is in {path}")]
    StagingLeft {
        /// The staging folder.
        path: PathBuf,
    },
    /// An earlier preparation did not end and had other settings.
    #[error("what is in {path} was prepared with other settings: {begun}, not {now}")]
    StagingDiffers {
        /// The staging folder.
        path: PathBuf,
        /// The setting then.
        begun: String,
        /// The setting now.
        now: String,
    },
    /// Another process is at it.
    #[error("another process is preparing into {path}")]
    StagingBusy {
        /// The staging folder.
        path: PathBuf,
    },
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted {
        /// The exact flag or command that goes on from here, where something was kept.
        hint: Option<String>,
    },
}

impl DatasetError {
    /// Wraps an I/O error of reading `path`; made for `map_err`.
    pub(crate) fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Read { path: path.to_owned(), source }
    }

    /// What went wrong with all its causes, in one line, without the path that a list names anyway.
    pub fn reason(&self) -> String {
        let first: &dyn Error = if let Self::Audio { source, .. } = self { source } else { self };
        let chain = std::iter::successors(Some(first), |&error| error.source());
        chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
    }

    /// Wraps an I/O error of writing `path`; made for `map_err`.
    pub(crate) fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Write { path: path.to_owned(), source }
    }
}

impl Hint for DatasetError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Write { source, .. } if is_full(source) => {
                Some("free some space, or choose a place with more of it with -o".to_owned())
            }
            Self::Read { path, source }
                if path.ends_with(MANIFEST_FILE) && source.kind() == io::ErrorKind::NotFound =>
            {
                Some("make a dataset with adm prepare INPUT -o DATASET".to_owned())
            }
            Self::Damaged { what: manifest::WHAT, .. } => Some("make the dataset again with adm prepare".to_owned()),
            Self::NotVectors { .. } => Some(
                "write the same number of finite numbers into every line, parted by commas: one line for each moment"
                    .to_owned(),
            ),
            Self::WrongDtype { expected: "<f4", .. } => {
                Some("in NumPy, save it with np.save(path, np.ascontiguousarray(array, dtype=\"<f4\"))".to_owned())
            }
            Self::WrongOrder { .. } => {
                Some("in NumPy, save it with np.save(path, np.ascontiguousarray(array))".to_owned())
            }
            Self::EmptySplit { .. } => Some("prepare more or longer recordings with adm prepare".to_owned()),
            Self::BadSetting { hint, .. } => Some((*hint).to_owned()),
            Self::Audio { source, .. } => source.hint(),
            Self::Spectral { source } => source.hint(),
            Self::NoSlices { .. } => Some("check --bpm, --offset, --beats-per-slice or --window".to_owned()),
            Self::Unknown { .. } => Some("give both with --bpm 130 and --sample-rate 44100".to_owned()),
            Self::NothingUsable { source, .. } => source.hint(),
            Self::OutputExists { .. } => Some("choose another place with -o, or delete it first".to_owned()),
            Self::NotOverwritten { .. } => Some("choose another place with -o".to_owned()),
            Self::StagingLeft { path } => {
                Some(format!("go on with --resume, or delete {} to start afresh", path.display()))
            }
            Self::StagingDiffers { path, .. } => {
                Some(format!("use the settings of then, or delete {} to start afresh", path.display()))
            }
            Self::Threads { .. } => Some("use fewer threads with --threads 1".to_owned()),
            Self::Interrupted { hint } => hint.clone(),
            _ => None,
        }
    }
}

/// Whether an error says that no room is left on the disk or in the user's quota.
fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}
