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

    // Sounds and where they come from.

    // Bundles and keys.

    // Answers.

    // Statistics and reports.

    // Serving.
}

impl Hint for SurveyError {
    fn hint(&self) -> Option<String> {
        match self {
            // Studies and their design.

            // Sounds and where they come from.

            // Bundles and keys.

            // Answers.

            // Statistics and reports.

            // Serving.
            _ => None,
        }
    }
}
