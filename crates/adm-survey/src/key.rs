//! What is which, and what is right.

use crate::SurveyError;
use crate::study::Study;
use adm_core::regular;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;

/// [`Key::format`].
pub const FORMAT: &str = "adm-survey-key";

/// [`Key::version`].
pub const VERSION: u32 = 1;

/// Largest key file: tens of thousands of trials.
const MOST_BYTES: u64 = 64 << 20;

/// The key to a bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// `adm-survey-key`.
    pub format: String,
    /// 1.
    pub version: u32,
    /// 64 hexadecimal digits that names and hidden orders were made with. Packing a study again with them gives the same bundle.
    pub salt: String,
    /// The seed of `--seed`, in decimal.
    pub seed: String,
    /// The study as it was packed: it says how answers are scored and analysed, and nobody can change that later.
    pub study: Study,
    /// Every sound of the bundle.
    pub stimuli: Vec<KeyStimulus>,
    /// Every trial of the bundle.
    pub trials: Vec<KeyTrial>,
}

impl Key {
    /// Opens a key file by itself; [`crate::scoring::read_key`] also holds it against a bundle.
    ///
    /// # Errors
    /// [`SurveyError::KeyUnreadable`], [`SurveyError::KeyDoesNotFit`].
    pub fn open(path: &Path) -> Result<Self, SurveyError> {
        Self::parse(path, &Self::bytes(path)?)
    }

    /// The bytes of a key file.
    pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, SurveyError> {
        let unreadable = |source| SurveyError::KeyUnreadable { path: path.to_owned(), source };
        let mut bytes = Vec::new();
        let file = regular::open(path).map_err(unreadable)?;
        file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        match bytes.len() as u64 > MOST_BYTES {
            true => Err(unreadable(io::Error::new(io::ErrorKind::InvalidData, "it is larger than any key"))),
            false => Ok(bytes),
        }
    }

    /// Reads a key, which is named in errors.
    pub(crate) fn parse(path: &Path, bytes: &[u8]) -> Result<Self, SurveyError> {
        let wrong = |what: String| SurveyError::KeyDoesNotFit { path: path.to_owned(), what };
        let key: Self = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
        if key.format == FORMAT && key.version == VERSION {
            return Ok(key);
        }
        let (format, version) = (&key.format, key.version);
        Err(wrong(format!("it is {format:?} version {version}, expected {FORMAT:?} version {VERSION}")))
    }

    /// The seed of the sheets.
    ///
    /// # Errors
    /// [`SurveyError::Study`] where it is no number.
    pub fn seed(&self) -> Result<u64, SurveyError> {
        self.seed.parse().map_err(|_| SurveyError::study("the key's seed", "is no number"))
    }
}

/// A sound of the bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyStimulus {
    /// Its name in the bundle.
    pub name: String,
    /// Its id in the study; copies and anchors share their original's.
    pub id: String,
    /// What it is: `ai`, `human`, a system's name.
    pub truth: String,
    /// What it is for.
    pub role: Role,
    /// The passage that it is a version of, where the study says so.
    pub item: Option<String>,
    /// Where it came from: a path and a time, or a run and a seed.
    pub source: String,
    /// What it was before it was matched, and what was done to it.
    pub measured: Measured,
}

/// What a sound of the bundle is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// To be judged.
    Sample,
    /// A copy of a sample, for X.
    Copy,
    /// The open reference of a MUSHRA trial.
    Reference,
    /// The same sound among the conditions.
    HiddenReference,
    /// The reference without what is above 3.5 kHz.
    LowAnchor,
    /// The reference without what is above 7 kHz.
    MidAnchor,
    /// An example of the training page.
    Training,
    /// What the volume is set by.
    Volume,
}

/// What a sound was before it was matched to the others, and what was done to it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// Loudness before, in LUFS.
    pub lufs: f64,
    /// True peak before, in dBTP.
    pub true_peak: f64,
    /// The highest frequency before that stands out of the noise, in Hz.
    pub bandwidth: f64,
    /// What it was multiplied by, in dB.
    pub gain: f64,
}

/// A trial of the bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyTrial {
    /// Its name in the bundle.
    pub name: String,
    /// What it is called in reports: its block and a number, or the study's own word for it.
    pub id: String,
    /// Its block.
    pub block: String,
    /// Names of its samples, as in the manifest.
    pub samples: Vec<String>,
    /// Of an ABX trial: which of [`Self::samples`] each of the manifest's copies is.
    #[serde(default)]
    pub copies: Vec<usize>,
    /// Answers that show attention, by question, as [`TrialSpec::expect`](crate::study::TrialSpec::expect) says. Where there are
    /// any, none of the trial's answers is in other statistics.
    #[serde(default)]
    pub expect: BTreeMap<String, String>,
}
