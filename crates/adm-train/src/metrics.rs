//! `metrics.jsonl`: one JSON object a line, `{"step":…,"seconds":…,"name":value…}`.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::TrainError;

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Steps done when it was written.
    pub step: u64,
    /// Training time until then, all sittings together.
    pub seconds: f64,
    /// Numbers by name.
    #[serde(flatten)]
    pub values: BTreeMap<String, f64>,
}

/// The open log of a run.
#[derive(Debug)]
pub struct MetricsLog {
    path: PathBuf,
    file: File,
}

impl MetricsLog {
    /// Opens the log for the steps after `step`, dropping rows that a resumed run is about to write again.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn open(path: &Path, step: u64) -> Result<Self, TrainError> {
        if path.exists() {
            let kept: Vec<Row> = read(path)?.into_iter().filter(|row| row.step <= step).collect();
            adm_core::persist::write_file(path, |out| {
                kept.iter().try_for_each(|row| writeln!(out, "{}", serde_json::to_string(row)?))
            })
            .map_err(TrainError::io("write", path))?;
        }
        let open = OpenOptions::new().create(true).append(true).open(path);
        Ok(Self { path: path.to_owned(), file: open.map_err(TrainError::io("write", path))? })
    }

    /// Appends a row.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn push(&mut self, row: &Row) -> Result<(), TrainError> {
        let line = serde_json::to_string(row).map_err(std::io::Error::from);
        line.and_then(|line| writeln!(self.file, "{line}")).map_err(TrainError::io("write", &self.path))
    }
}

/// All whole rows of a log; a line cut short by a crash is passed over.
///
/// # Errors
/// Whatever the file system returns.
pub fn read(path: &Path) -> Result<Vec<Row>, TrainError> {
    read_counting(path).map(|(rows, _)| rows)
}

/// All whole rows of a log, and how many lines were passed over because they are none.
///
/// A last line without its end is none of these: it is being written, or was when the process died.
///
/// # Errors
/// Whatever the file system returns.
pub fn read_counting(path: &Path) -> Result<(Vec<Row>, usize), TrainError> {
    let mut file = BufReader::new(File::open(path).map_err(TrainError::io("read", path))?);
    let (mut rows, mut damaged, mut line) = (Vec::new(), 0, Vec::new());
    while file.read_until(b'\n', &mut line).map_err(TrainError::io("read", path))? > 0 {
        match serde_json::from_slice(&line) {
            Ok(row) => rows.push(row),
            Err(_) => damaged += usize::from(line.ends_with(b"\n")),
        }
        line.clear();
    }
    Ok((rows, damaged))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_lines_are_counted_and_an_unfinished_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.jsonl");
        let text = b"{\"step\":1,\"seconds\":0.5,\"a\":2.0}\n{\"step\":\n\xff\n{\"step\":2,\"seconds\":1.5}\n{\"st";
        std::fs::write(&path, text).unwrap();
        let (rows, damaged) = read_counting(&path).unwrap();
        assert_eq!((rows.len(), rows[0].values["a"], rows[1].step, damaged), (2, 2.0, 2, 2));
        assert_eq!(read(&path).unwrap(), rows);
    }
}
