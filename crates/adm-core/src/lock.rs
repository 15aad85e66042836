//! One process at a time.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// Locks the file at `path`, which it makes, until the result is dropped or the process ends, however it ends; `None` where
/// another process holds it.
///
/// Some network file systems know no locks; there nothing warns of a second process.
///
/// # Errors
/// A file that cannot be made.
pub fn lock(path: &Path) -> io::Result<Option<File>> {
    let file = File::create(path)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(None),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(file)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_lock_waits_for_the_first_to_be_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let first = lock(&path).unwrap();
        assert!(first.is_some() && lock(&path).unwrap().is_none());
        drop(first);
        assert!(lock(&path).unwrap().is_some());
    }
}
