//! Where a sound or picture comes from, and how the page gets at it.

use std::path::PathBuf;

/// A sound or picture of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Media {
    /// Bytes at hand, written into the report's `assets/` under a name made from this one.
    Written {
        /// Suggested file name with its extension. What does not belong in a file name is replaced.
        name: String,
        /// The whole file.
        bytes: Vec<u8>,
    },
    /// A file from anywhere, copied into `assets/` under a name made from its own.
    Copied(PathBuf),
    /// A file that stays where it is, by its path relative to the report's folder; it may begin with `..`.
    Linked(PathBuf),
    /// Bytes at hand, carried by the page itself (a third larger). The page then is one file that can be sent around.
    Embedded(Vec<u8>),
}

impl Media {
    /// Bytes to be written into the report's folder.
    pub fn written(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self::Written { name: name.into(), bytes }
    }

    /// A file to be copied into the report's folder.
    pub fn copied(path: impl Into<PathBuf>) -> Self {
        Self::Copied(path.into())
    }

    /// A file to be left where it is.
    pub fn linked(path: impl Into<PathBuf>) -> Self {
        Self::Linked(path.into())
    }
}
