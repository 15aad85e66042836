//! Recordings of a folder.

use crate::SurveyError;
use adm_audio::AudioError;
use adm_dataset::prepare::is_audio;
use std::fs;
use std::path::{Path, PathBuf};

/// The first `count` recordings of a folder in order of their names, or all: what `adm prepare` takes for recordings. Folders
/// within it and hidden files are none.
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
    !hidden && is_audio(path) && path.is_file()
}
