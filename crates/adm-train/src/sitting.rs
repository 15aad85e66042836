//! `sittings.jsonl`: when a run was trained, on what, and how far it got; one JSON object a sitting.
//!
//! The line of a sitting is written when it begins and written again when it ends. A sitting that crashed, or was killed,
//! leaves the first: it has no end.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::machine::Machine;
use crate::{RunDir, TrainError};

/// One sitting of a training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sitting {
    /// When it began, in seconds since 1970.
    pub started: u64,
    /// Steps done before it.
    pub from_step: u64,
    /// Steps done after it; nothing while it lasts, or where it was cut off.
    pub to_step: Option<u64>,
    /// How long it took; nothing like `to_step`.
    pub seconds: Option<f64>,
    /// Why it ended, in words.
    pub ended: Option<String>,
    /// What it computed on, as `adm devices` names it.
    pub device: String,
    /// Threads that worked.
    pub threads: usize,
    /// The machine.
    #[serde(flatten)]
    pub machine: Machine,
    /// Version of adm.
    pub version: String,
}

impl Sitting {
    /// One on this machine, from now on.
    pub fn now(from_step: u64, device: &str, threads: usize, version: &str) -> Self {
        Self {
            started: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            from_step,
            to_step: None,
            seconds: None,
            ended: None,
            device: device.to_owned(),
            threads,
            machine: Machine::here(),
            version: version.to_owned(),
        }
    }
}

/// A sitting that is going on.
#[derive(Debug)]
pub struct OpenSitting {
    path: PathBuf,
    sitting: Sitting,
    began: Instant,
}

impl OpenSitting {
    /// Writes down that it begins.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn begin(run: &RunDir, sitting: Sitting) -> Result<Self, TrainError> {
        let path = run.sittings();
        append(&path, &line(&sitting)).map_err(TrainError::io("write", &path))?;
        Ok(Self { path, sitting, began: Instant::now() })
    }

    /// Writes down how it ended.
    ///
    /// # Errors
    /// Whatever the file system returns; the line of its beginning stays.
    pub fn end(self, to_step: u64, why: &str) -> Result<Sitting, TrainError> {
        let seconds = Some(self.began.elapsed().as_secs_f64());
        let ended = Sitting { to_step: Some(to_step), seconds, ended: Some(why.to_owned()), ..self.sitting.clone() };
        // A damaged line of an earlier sitting stays as it is, but for what is no text.
        let bytes = fs::read(&self.path).map_err(TrainError::io("read", &self.path))?;
        let text = with_end(&String::from_utf8_lossy(&bytes), &line(&self.sitting), &line(&ended));
        let written = adm_core::persist::write_bytes(&self.path, text.as_bytes());
        written.map_err(TrainError::io("write", &self.path))?;
        Ok(ended)
    }
}

/// The sittings of a run, oldest first; lines that cannot be read are passed over. None where a run is older than the file.
pub fn read(run: &RunDir) -> Vec<Sitting> {
    let bytes = fs::read(run.sittings()).unwrap_or_default();
    bytes.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

fn line(sitting: &Sitting) -> String {
    serde_json::to_string(sitting).unwrap_or_default()
}

fn append(path: &std::path::Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    writeln!(file, "{line}")
}

/// A text whose last line `begun` is `ended` instead; with `ended` at its end where there is no such line.
fn with_end(text: &str, begun: &str, ended: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    match lines.iter().rposition(|line| *line == begun) {
        Some(at) => lines[at] = ended,
        None => lines.push(ended),
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sitting_that_was_cut_off_keeps_its_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let run = RunDir::create(&folder.path().join("run"), "", "{}").unwrap();
        assert_eq!(read(&run), []);
        let sitting = |from_step| Sitting::now(from_step, "CPU", 2, "1.2.3");
        OpenSitting::begin(&run, sitting(0)).unwrap();
        let second = OpenSitting::begin(&run, sitting(40)).unwrap().end(90, "done").unwrap();
        fs::write(run.sittings(), fs::read_to_string(run.sittings()).unwrap() + "{\"started\":\n\u{7f}\n").unwrap();
        let third = OpenSitting::begin(&run, sitting(90)).unwrap();
        let found = read(&run);
        assert_eq!(found.len(), 3);
        assert_eq!((found[0].from_step, found[0].to_step, &found[0].ended), (0, None, &None));
        assert_eq!(found[1], second);
        assert_eq!((second.to_step, second.ended.as_deref()), (Some(90), Some("done")));
        third.end(95, "interrupted").unwrap();
        assert_eq!(read(&run)[2].to_step, Some(95));
    }
}
