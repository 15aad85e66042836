//! A checkpoint's folder.

use crate::output::text::{Rows, bytes, count, duration};
use adm_train::checkpoint::{Checkpoint, FileState};
use anyhow::Context;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

/// What makes a folder a checkpoint.
pub const MANIFEST_FILE: &str = "checkpoint.json";

/// Reads what a checkpoint says of itself.
///
/// # Errors
/// An unreadable or damaged `checkpoint.json`.
pub fn look(path: &Path) -> anyhow::Result<Found> {
    let manifest = path.join(MANIFEST_FILE);
    let text = fs::read(&manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    let checkpoint: Checkpoint = serde_json::from_slice(&text)
        .with_context(|| format!("{} is not a usable checkpoint's manifest", manifest.display()))?;
    let size = |name: &str| path.join(name).metadata().ok().map(|metadata| metadata.len());
    let states = checkpoint.states(path);
    Ok(Found {
        kind: "checkpoint",
        path: path.display().to_string(),
        step: checkpoint.step,
        trained_seconds: checkpoint.seconds,
        best: checkpoint.best,
        files: states.into_iter().map(|(name, state)| (name.clone(), File { bytes: size(&name), state })).collect(),
    })
}

#[derive(Debug, Serialize)]
pub struct Found {
    kind: &'static str,
    path: String,
    step: u64,
    trained_seconds: f64,
    /// The judge's best word so far; lower is better.
    best: Option<f64>,
    files: BTreeMap<String, File>,
}

#[derive(Debug, Serialize)]
struct File {
    /// None where it is missing.
    bytes: Option<u64>,
    state: FileState,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = |(name, file): (&String, &File)| match (file.state, file.bytes) {
            (FileState::Whole, Some(size)) => format!("{name}, {}", bytes(size)),
            (FileState::Changed, Some(size)) => format!("{name}, {}, changed since it was saved", bytes(size)),
            _ => format!("{name}, missing"),
        };
        let rows = Rows::default()
            .row("checkpoint", self.path.clone())
            .row("step", format!("{} after {} of training", count(self.step), duration(self.trained_seconds)))
            .maybe("best", self.best.map(|best| format!("{best:.4}")))
            .list("files", self.files.iter().map(file));
        write!(f, "{rows}")
    }
}
