//! Output folders that are whole or absent.

use crate::error::DatasetError;
use adm_core::persist;
use std::io;
use std::path::Path;

/// Fills a new folder at `path`, which appears when `fill` is done and not before.
///
/// # Errors
/// Something at `path`, and whatever `fill` or the file system returns.
pub(crate) fn create<T>(path: &Path, fill: impl FnOnce(&Path) -> Result<T, DatasetError>) -> Result<T, DatasetError> {
    if path.exists() {
        return Err(DatasetError::OutputExists { path: path.to_owned() });
    }
    let mut result = Err(DatasetError::OutputExists { path: path.to_owned() });
    let written = persist::write_dir(path, |folder| {
        result = fill(folder);
        // The reason itself stays in `result`; this one only keeps the folder from appearing.
        if result.is_ok() { Ok(()) } else { Err(io::Error::other("not filled")) }
    });
    match written {
        Err(source) if result.is_ok() => Err(DatasetError::Write { path: path.to_owned(), source }),
        _ => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_folder_appears_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out");
        let failed = create(&path, |folder| {
            fs::write(folder.join("half"), b"").unwrap();
            Err::<(), _>(DatasetError::NoSuchSlice { index: 1, len: 0 })
        });
        assert!(matches!(failed, Err(DatasetError::NoSuchSlice { .. })));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        assert!(create(&path, |folder| Ok(fs::write(folder.join("whole"), b"").is_ok())).unwrap());
        assert!(path.join("whole").is_file());
        assert!(matches!(create(&path, |_| Ok(())), Err(DatasetError::OutputExists { .. })));
    }
}
