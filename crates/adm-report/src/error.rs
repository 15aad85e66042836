//! What can go wrong with a report.

use adm_core::Hint;
use std::io;
use std::path::{Path, PathBuf};

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A sound or picture that the page would show is not there.
    #[error("the report shows {path}, which cannot be read")]
    Missing {
        /// The file.
        path: PathBuf,
        /// Why it cannot be read.
        source: io::Error,
    },
    /// A link that would lead away from the report's surroundings.
    #[error("the report can link to {path} only by a path relative to its folder")]
    NotRelative {
        /// The path that was given.
        path: PathBuf,
    },
    /// Bytes that a browser would not show or play.
    #[error("{name} is not a {expected} file")]
    WrongKind {
        /// The file or what it shows.
        name: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The file system would not take the report.
    #[error("cannot write {path}")]
    Write {
        /// The file being written.
        path: PathBuf,
        /// Why it could not be written.
        source: io::Error,
    },
    /// The chart could not be drawn.
    #[error("cannot draw the chart {title:?}: {reason}")]
    Chart {
        /// Its title.
        title: String,
        /// What the drawing library said.
        reason: String,
    },
}

impl Hint for ReportError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Write { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                Some("free some space, or choose a place with more of it with -o".to_owned())
            }
            _ => None,
        }
    }
}

impl ReportError {
    /// Wraps an I/O error of reading `path`; made for `map_err`.
    pub(crate) fn missing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Missing { path: path.to_owned(), source }
    }

    /// Wraps an I/O error of writing `path`; made for `map_err`.
    pub(crate) fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Write { path: path.to_owned(), source }
    }
}
