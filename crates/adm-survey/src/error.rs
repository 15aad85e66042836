//! What can go wrong.

use adm_core::Hint;
use std::path::PathBuf;
use thiserror::Error;

/// An error of a listening test.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SurveyError {
    /// A file could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    // Studies and their design.
    /// A study file is no TOML, or has what no study has.
    #[error("{origin} is no study")]
    Toml {
        /// The file.
        origin: String,
        /// The known key most like the unknown one.
        nearest: Option<String>,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// A study makes no sense.
    #[error("{place}: {problem}")]
    Study {
        /// The key, such as `blocks.pairs`.
        place: String,
        /// What is wrong with it.
        problem: String,
        /// What to do about it.
        hint: Option<String>,
    },
    // Sounds and where they come from.

    // Bundles and keys.

    // Answers.

    // Statistics and reports.

    // Serving.
}

impl SurveyError {
    /// What is wrong at a key of a study.
    pub(crate) fn study(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Study { place: place.into(), problem: problem.into(), hint: None }
    }

    /// The same with what to do about it.
    #[must_use]
    pub(crate) fn or(self, advice: impl Into<String>) -> Self {
        match self {
            Self::Study { place, problem, .. } => Self::Study { place, problem, hint: Some(advice.into()) },
            other => other,
        }
    }
}

impl Hint for SurveyError {
    fn hint(&self) -> Option<String> {
        match self {
            // Studies and their design.
            Self::Toml { nearest, .. } => nearest.as_ref().map(|key| format!("did you mean {key}?")),
            Self::Study { hint, .. } => hint.clone(),

            // Sounds and where they come from.

            // Bundles and keys.

            // Answers.

            // Statistics and reports.

            // Serving.
            _ => None,
        }
    }
}
