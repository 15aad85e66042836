//! Recordings of a folder.

use crate::SurveyError;
use adm_audio::AudioError;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// What counts as a recording, as in `adm prepare`.
const EXTENSIONS: [&str; 12] = ["wav", "wave", "flac", "mp3", "ogg", "oga", "m4a", "mp4", "aac", "aif", "aiff", "aifc"];

/// The first `count` recordings of a folder in order of their names, or all. Folders within it and hidden files are none.
///
/// # Errors
/// A folder that cannot be listed, or with fewer recordings.
pub(super) fn recordings(id: &str, path: &Path, count: Option<usize>) -> Result<Vec<PathBuf>, SurveyError> {
    let unreadable = |source| {
        let source = AudioError::Read { path: path.to_owned(), source };
        SurveyError::Sound { id: id.to_owned(), source }
    };
    let entries = fs::read_dir(path).map_err(unreadable)?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(unreadable)?;
    paths.retain(|path| is_recording(path));
    paths.sort();
    let found = paths.len();
    if found < count.unwrap_or(1) {
        let wanted = count.map_or("recordings".to_owned(), |count| format!("{count} recordings"));
        return Err(SurveyError::TooFewFiles { id: id.to_owned(), path: path.to_owned(), wanted, found });
    }
    paths.truncate(count.unwrap_or(found));
    Ok(paths)
}

fn is_recording(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or("");
    !hidden && EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension)) && path.is_file()
}
