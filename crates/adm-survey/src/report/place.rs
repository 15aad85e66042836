//! Where a report goes, and what becomes of an earlier one.

use super::writing;
use crate::SurveyError;
use adm_core::persist;
use std::fs;
use std::path::{Path, PathBuf};

/// The file by which a folder is known to be a report.
pub(super) const MARK: &str = "report.json";

/// Fills a new folder and puts it in the place of an earlier report, or where there is nothing yet.
pub(super) fn replace(folder: &Path, fill: impl FnOnce(&Path) -> Result<(), SurveyError>) -> Result<(), SurveyError> {
    if is_free(folder) {
        return filled(folder, fill);
    }
    if !folder.join(MARK).is_file() {
        return Err(SurveyError::NotAReport { path: folder.to_owned() });
    }
    let (new, old) = (beside(folder, "new"), beside(folder, "old"));
    clear(&new)?;
    clear(&old)?;
    filled(&new, fill)?;
    fs::rename(folder, &old).map_err(writing(folder))?;
    if let Err(error) = fs::rename(&new, folder) {
        // The earlier report goes back; where even that fails, it lies beside under its other name.
        let _ = fs::rename(&old, folder);
        return Err(writing(folder)(error));
    }
    clear(&old)
}

fn is_free(folder: &Path) -> bool {
    match fs::read_dir(folder) {
        Ok(mut files) => files.next().is_none(),
        Err(_) => !folder.exists(),
    }
}

fn filled(folder: &Path, fill: impl FnOnce(&Path) -> Result<(), SurveyError>) -> Result<(), SurveyError> {
    let mut failed = None;
    let done = persist::write_dir(folder, |new| {
        fill(new).map_err(|error| {
            failed = Some(error);
            std::io::Error::other("the report could not be written")
        })
    });
    match failed {
        Some(error) => Err(error),
        None => done.map_err(writing(folder)),
    }
}

/// A hidden name beside a folder.
fn beside(folder: &Path, word: &str) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!(".{name}.{word}"))
}

fn clear(folder: &Path) -> Result<(), SurveyError> {
    match folder.exists() {
        true => fs::remove_dir_all(folder).map_err(writing(folder)),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(word: &str) -> impl FnOnce(&Path) -> Result<(), SurveyError> {
        move |folder| {
            fs::write(folder.join(MARK), word).unwrap();
            Ok(())
        }
    }

    #[test]
    fn an_earlier_report_is_replaced_whole() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("report");
        replace(&folder, put("first")).unwrap();
        fs::write(folder.join("stale.csv"), "").unwrap();
        replace(&folder, put("second")).unwrap();
        assert_eq!(fs::read_to_string(folder.join(MARK)).unwrap(), "second");
        assert!(!folder.join("stale.csv").exists());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_failure_leaves_the_earlier_report() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("report");
        replace(&folder, put("first")).unwrap();
        let failed = replace(&folder, |new| {
            put("half")(new)?;
            Err(SurveyError::NotAReport { path: new.to_owned() })
        });
        assert!(matches!(failed, Err(SurveyError::NotAReport { .. })));
        assert_eq!(fs::read_to_string(folder.join(MARK)).unwrap(), "first");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn other_folders_are_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("mine.txt"), "mine").unwrap();
        assert!(matches!(replace(dir.path(), put("x")), Err(SurveyError::NotAReport { .. })));
        let file = dir.path().join("mine.txt");
        assert!(matches!(replace(&file, put("x")), Err(SurveyError::NotAReport { .. })));
        assert_eq!(fs::read_to_string(file).unwrap(), "mine");
    }
}
