//! A place for a file among older ones, none of which it takes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// A name beside `path` for what is not whole yet, which nobody else uses.
pub(crate) fn unfinished(path: &Path) -> PathBuf {
    let moment = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    path.with_file_name(format!(".adm-{}-{moment:x}.unfinished", std::process::id()))
}

/// Moves the file `from` to the first free of `NAME`, `NAME-2`, `NAME-3` and so on, beginning with number `first`; returns
/// the number. Whatever lies under one of the names, or comes to lie there meanwhile, stays.
///
/// # Errors
/// The file system's; `from` stays as it is then.
pub(crate) fn settle(from: &Path, path: &Path, first: u32) -> io::Result<u32> {
    for number in first.. {
        let to = numbered(path, number);
        if to.symlink_metadata().is_ok() {
            continue;
        }
        match move_to_new(from, &to) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            moved => return moved.map(|()| number),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// A link is never made over a file, while a rename replaces it. Where there are no links (FAT), a moment is left in which
/// somebody else may take the name.
fn move_to_new(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        // The file has its name; that it has another one, too, is no failure.
        Ok(()) => fs::remove_file(from).or(Ok(())),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(_) => fs::rename(from, to),
    }
}

/// `set.wav` is number 1, `set-2.wav` number 2.
fn numbered(path: &Path, number: u32) -> PathBuf {
    if number == 1 {
        return path.to_owned();
    }
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(end) = path.extension() {
        name.push(".");
        name.push(end);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_go_to_the_first_free_name_and_replace_none() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.b.wav"), "old").unwrap();
        fs::create_dir(at("a.b-3.wav")).unwrap();
        for (first, number, name) in [(1, 2, "a.b-2.wav"), (2, 4, "a.b-4.wav"), (1, 5, "a.b-5.wav")] {
            let from = unfinished(&at("a.b.wav"));
            fs::write(&from, name).unwrap();
            assert_eq!(settle(&from, &at("a.b.wav"), first).unwrap(), number);
            assert!(fs::read_to_string(at(name)).unwrap() == name && !from.exists());
        }
        assert_eq!(fs::read_to_string(at("a.b.wav")).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5);
        assert!(settle(&at("nothing"), &at("x"), 1).is_err() && !at("x").exists());
    }
}
