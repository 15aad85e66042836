//! What is which, and what is right.

use crate::SurveyError;
use crate::study::Study;
use adm_core::regular;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

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
    /// [`SurveyError::Read`], [`SurveyError::Damaged`].
    pub fn open(path: &Path) -> Result<Self, SurveyError> {
        let bytes = regular::read(path).map_err(|source| SurveyError::Read { path: path.to_owned(), source })?;
        let damaged = |reason: String| SurveyError::Damaged { path: path.to_owned(), reason };
        let key: Self = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        match key.format == "adm-survey-key" && key.version == 1 {
            true => Ok(key),
            false => Err(damaged("it is no key of this version of adm".to_owned())),
        }
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
    /// Answers that show attention, by question; others are scored but not screened by.
    #[serde(default)]
    pub expect: BTreeMap<String, String>,
}
