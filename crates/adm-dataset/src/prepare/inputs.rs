//! Which files are recordings, and which of them are the same.

use super::Failure;
use crate::error::DatasetError;
use adm_audio::AudioError;
use adm_core::Observer;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// What a folder is searched for. A file that is named outright is tried whatever its extension is.
const EXTENSIONS: [&str; 12] = ["wav", "wave", "flac", "mp3", "ogg", "oga", "m4a", "mp4", "aac", "aif", "aiff", "aifc"];

/// Bytes that are hashed between two looks at whether to stop.
const HASH_BLOCK: usize = 1 << 20;

/// The recordings in `inputs`, in the order given and by name within a folder, and what of them cannot be looked into.
pub(super) fn collect(inputs: &[PathBuf]) -> (Vec<PathBuf>, Vec<Failure>) {
    let (mut files, mut failed) = (Vec::new(), Vec::new());
    for input in inputs {
        if !input.is_dir() {
            files.push(input.clone());
            continue;
        }
        let before = (files.len(), failed.len());
        for entry in WalkDir::new(input).follow_links(true).sort_by_file_name().into_iter().filter_entry(is_visible) {
            match entry {
                Ok(entry) if is_recording(&entry) => files.push(entry.into_path()),
                Ok(_) => {}
                Err(error) => failed.push(unreadable(error, input)),
            }
        }
        if before == (files.len(), failed.len()) {
            let error = DatasetError::NothingInside { path: input.clone(), what: "recording" };
            failed.push(Failure { path: input.clone(), error });
        }
    }
    (files, failed)
}

/// Hidden files are no music; among them are the shadows that macOS leaves beside every file on foreign disks.
fn is_visible(entry: &DirEntry) -> bool {
    entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_recording(entry: &DirEntry) -> bool {
    entry.file_type().is_file() && is_audio(entry.path())
}

/// Whether a path ends as recordings that are looked for in folders do, in small letters or capitals.
pub fn is_audio(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or("");
    EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension))
}

fn unreadable(error: walkdir::Error, input: &Path) -> Failure {
    let path = error.path().unwrap_or(input).to_owned();
    let source = error.into_io_error().unwrap_or_else(|| io::Error::other("its links lead back to itself"));
    Failure { path: path.clone(), error: DatasetError::Read { path, source } }
}

/// BLAKE3 hash of a recording's bytes.
///
/// # Errors
/// What is missing, empty, unreadable or no regular file (a device may never end); `Interrupted`.
pub(super) fn hash(path: &Path, observer: &dyn Observer) -> Result<String, DatasetError> {
    let unusable = |source| DatasetError::Audio { path: path.to_owned(), source };
    let metadata = path.metadata().map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => unusable(AudioError::Missing { path: path.to_owned() }),
        _ => DatasetError::Read { path: path.to_owned(), source },
    })?;
    if !metadata.is_file() {
        return Err(unusable(AudioError::NotAudio {
            path: path.to_owned(),
            reason: "it is no regular file".to_owned(),
        }));
    }
    if metadata.len() == 0 {
        return Err(unusable(AudioError::Empty { path: path.to_owned() }));
    }
    let mut file = File::open(path).map_err(DatasetError::reading(path))?;
    let (mut hasher, mut block) = (blake3::Hasher::new(), vec![0; HASH_BLOCK]);
    loop {
        if observer.stop_requested() {
            return Err(DatasetError::Interrupted { hint: None });
        }
        match file.read(&mut block) {
            Ok(0) => return Ok(hasher.finalize().to_hex().to_string()),
            Ok(read) => hasher.update(&block[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(source) => return Err(DatasetError::Read { path: path.to_owned(), source }),
        };
        observer.advance(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Silent;
    use std::fs;

    #[test]
    fn folders_give_their_recordings_in_order_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        for name in ["b/2.WAV", "b/1.flac", "b/._1.flac", "b/notes.txt", ".hidden/x.wav", "a.mp3", "c/empty/cover.png"]
        {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), name).unwrap();
        }
        let inputs = [root.to_owned(), root.join("b/notes.txt"), root.join("c"), root.join("gone.wav")];
        let (files, failed) = collect(&inputs);
        let names: Vec<_> = files.iter().map(|file| file.strip_prefix(root).unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["a.mp3", "b/1.flac", "b/2.WAV", "b/notes.txt", "gone.wav"]);
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].error.to_string(), format!("{} holds no recording", root.join("c").display()));
    }

    #[test]
    fn hashes_are_of_the_bytes_and_faults_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.wav");
        let bytes: Vec<u8> = (0..3_000_000u32).map(|index| (index % 251) as u8).collect();
        fs::write(&path, &bytes).unwrap();
        assert_eq!(hash(&path, &Silent).unwrap(), blake3::hash(&bytes).to_hex().to_string());
        fs::write(&path, b"").unwrap();
        assert_eq!(hash(&path, &Silent).unwrap_err().reason(), format!("{} is empty", path.display()));
        let gone = dir.path().join("gone.wav");
        assert_eq!(hash(&gone, &Silent).unwrap_err().reason(), format!("{} does not exist", gone.display()));
        assert!(hash(dir.path(), &Silent).unwrap_err().reason().ends_with("it is no regular file"));
    }
}
