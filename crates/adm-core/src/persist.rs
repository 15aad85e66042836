//! Files and folders that are either whole or absent under their final name.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes a file through `write` beside `path` and renames it into place when it is whole and on disk.
///
/// A file already at `path` is replaced in one step; on any error it stays as it was.
///
/// # Errors
/// Whatever `write` or the file system returns.
pub fn write_file<E, F>(path: &Path, write: F) -> Result<(), E>
where
    E: From<io::Error>,
    F: FnOnce(&mut BufWriter<&File>) -> Result<(), E>,
{
    let parent = parent_of(path);
    fs::create_dir_all(parent)?;
    let temporary = tempfile::Builder::new().prefix(".adm-").suffix(".partial").tempfile_in(parent)?;
    let mut writer = BufWriter::with_capacity(1 << 20, temporary.as_file());
    write(&mut writer)?;
    writer.flush()?;
    drop(writer);
    temporary.as_file().sync_all()?;
    share_readably(temporary.path())?;
    temporary.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

/// [`write_file`] for bytes that are at hand.
///
/// # Errors
/// Whatever the file system returns.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_file(path, |file| file.write_all(bytes))
}

/// Says early what [`write_file`] would: that there is no folder for a file, or none that can be written to.
///
/// # Errors
/// Whatever the file system returns.
pub fn check_place(path: &Path) -> io::Result<()> {
    let parent = parent_of(path);
    fs::create_dir_all(parent)?;
    tempfile::Builder::new().prefix(".adm-").suffix(".partial").tempfile_in(parent).map(drop)
}

/// Fills a folder through `fill` under a temporary name beside `path` and renames it into place when it is whole.
///
/// # Errors
/// Whatever `fill` or the file system returns; an existing non-empty folder at `path` is an error, never merged into.
pub fn write_dir<E, F>(path: &Path, fill: F) -> Result<(), E>
where
    E: From<io::Error>,
    F: FnOnce(&Path) -> Result<(), E>,
{
    let parent = parent_of(path);
    fs::create_dir_all(parent)?;
    let temporary = tempfile::Builder::new().prefix(".adm-").suffix(".partial").tempdir_in(parent)?;
    fill(temporary.path())?;
    share_readably(temporary.path())?;
    fs::rename(temporary.path(), path)?;
    // The folder has moved, so there is nothing left for the guard to delete.
    let _moved: PathBuf = temporary.keep();
    Ok(())
}

fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Temporary names are private to the user; what is finished is as readable as any other file.
#[cfg(unix)]
fn share_readably(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = if path.is_dir() { 0o755 } else { 0o644 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn share_readably(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        write_bytes(&path, b"old").unwrap();
        let failed = write_file(&path, |file| {
            file.write_all(b"half")?;
            Err(io::Error::other("disk full"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_place_that_takes_no_file_is_known_early() {
        let dir = tempfile::tempdir().unwrap();
        check_place(&dir.path().join("new/a.txt")).unwrap();
        write_bytes(&dir.path().join("file"), b"").unwrap();
        assert!(check_place(&dir.path().join("file/a.txt")).is_err());
        assert_eq!(fs::read_dir(dir.path().join("new")).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_appears_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("run/checkpoint");
        write_dir(&path, |folder| fs::write(folder.join("x"), b"1")).unwrap();
        assert_eq!(fs::read(path.join("x")).unwrap(), b"1");
        assert!(write_dir(&path, |_| Ok::<(), io::Error>(())).is_err(), "a full folder is not overwritten");
    }
}
