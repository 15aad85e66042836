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
    let file = File::open(path).map_err(TrainError::io("read", path))?;
    let mut rows = Vec::new();
    for line in BufReader::new(file).split(b'\n') {
        rows.extend(serde_json::from_slice(&line.map_err(TrainError::io("read", path))?).ok());
    }
    Ok(rows)
}
