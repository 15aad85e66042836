//! Which files are read.

use crate::SurveyError;
use std::fs;
use std::path::{Path, PathBuf};

/// Files as they were named, and those of folders and the folders within, in order of their names. Links to folders are not
/// followed: they may lead round in a circle. In folders, hidden files are nobody's answers.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, SurveyError> {
    let mut files = Vec::new();
    for path in paths {
        let unreadable = |source| SurveyError::Read { path: path.clone(), source };
        if fs::metadata(path).map_err(unreadable)?.is_dir() {
            walk(path, &mut files)?
        } else {
            files.push(path.clone())
        }
    }
    Ok(files)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), SurveyError> {
    let unreadable = |source| SurveyError::Read { path: folder.to_owned(), source };
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        entries.push((entry.path(), entry.file_type().map_err(unreadable)?));
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    entries.into_iter().try_for_each(|(path, kind)| {
        if kind.is_dir() {
            return walk(&path, files);
        }
        files.push(path);
        Ok(())
    })
}
