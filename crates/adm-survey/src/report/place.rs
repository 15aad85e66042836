//! Where a report goes, and what becomes of an earlier one.

use super::writing;
use crate::SurveyError;
use adm_core::{persist, regular};
use serde::Deserialize;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file by which a folder is known to be a report.
pub(super) const MARK: &str = "report.json";

/// What the mark says of its format.
const FORMAT: &str = "adm-survey-report";

/// What is read of the mark.
#[derive(Deserialize)]
struct Mark {
    format: String,
    /// Files beside the mark.
    files: Vec<String>,
}

/// Fills a new folder and puts it in the place of an earlier report, or where there is nothing yet.
pub(super) fn replace(folder: &Path, fill: impl FnOnce(&Path) -> Result<(), SurveyError>) -> Result<(), SurveyError> {
    // A name such as `.` cannot be renamed, and behind a link lies what is meant.
    let folder = &folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    if is_free(folder) {
        return filled(folder, fill);
    }
    if !is_report(folder) {
        return Err(SurveyError::NotAReport { path: folder.to_owned() });
    }
    let parent = folder.parent().unwrap_or(folder);
    let beside =
        tempfile::Builder::new().prefix(".adm-").suffix(".partial").tempdir_in(parent).map_err(writing(folder))?;
    let (new, old) = (beside.path().join("new"), beside.path().join("old"));
    filled(&new, fill)?;
    fs::rename(folder, &old).map_err(writing(folder))?;
    let Err(error) = fs::rename(&new, folder) else { return Ok(()) };
    // The earlier report goes back; where even that fails, it is kept in the folder that it was put into.
    if fs::rename(&old, folder).is_err() {
        let _kept: PathBuf = beside.keep();
    }
    Err(writing(folder)(error))
}

/// Whether a folder holds a report and nothing else, so that nobody loses what they put there.
fn is_report(folder: &Path) -> bool {
    let bytes = regular::read(&folder.join(MARK));
    let mark = bytes.ok().and_then(|bytes| serde_json::from_slice::<Mark>(&bytes).ok());
    let Some(mark) = mark.filter(|mark| mark.format == FORMAT) else { return false };
    names(folder).is_ok_and(|names| names.iter().all(|name| name == MARK || mark.files.contains(name)))
}

/// Names of everything in a folder, in their order.
pub(super) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = entries.collect::<io::Result<Vec<String>>>()?;
    names.sort();
    Ok(names)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(word: &str) -> String {
        format!("{{\"format\": \"adm-survey-report\", \"files\": [\"a.csv\"], \"word\": \"{word}\"}}")
    }

    fn put(word: &str) -> impl FnOnce(&Path) -> Result<(), SurveyError> {
        move |folder| {
            fs::write(folder.join(MARK), mark(word)).unwrap();
            Ok(())
        }
    }

    #[test]
    fn an_earlier_report_is_replaced_whole() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("report");
        replace(&folder, put("first")).unwrap();
        fs::write(folder.join("a.csv"), "").unwrap();
        replace(&folder, put("second")).unwrap();
        assert_eq!(fs::read_to_string(folder.join(MARK)).unwrap(), mark("second"));
        assert!(!folder.join("a.csv").exists());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_somebody_put_beside_a_report_is_never_lost() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("report");
        replace(&folder, put("first")).unwrap();
        for mine in ["notes.txt", "answers"] {
            fs::create_dir(folder.join(mine)).unwrap();
            assert!(matches!(replace(&folder, put("x")), Err(SurveyError::NotAReport { .. })), "{mine}");
            fs::remove_dir(folder.join(mine)).unwrap();
        }
        fs::write(folder.join(MARK), "{\"mine\": 1}").unwrap();
        assert!(matches!(replace(&folder, put("x")), Err(SurveyError::NotAReport { .. })));
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
        assert_eq!(fs::read_to_string(folder.join(MARK)).unwrap(), mark("first"));
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
