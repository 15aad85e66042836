//! Reading what somebody else may have put in a file's place.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Opens a regular file for reading. A pipe would keep its reader waiting for ever.
///
/// # Errors
/// Anything else of that name, and whatever the file system returns.
pub fn open(path: &Path) -> io::Result<File> {
    // Asked before it is opened: opening a pipe waits already.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    File::open(path)
}

/// All bytes of a regular file.
///
/// # Errors
/// As for [`open`].
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}
