//! What is in a dataset, for people and as JSON.

use crate::output::text::{Rows, channels, count, duration, plural};
use adm_core::SampleRate;
use adm_dataset::manifest::{GridRow, RecordingRow};
use adm_dataset::{Failure, Manifest, Slicing, Split};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// More recordings than these are counted, not listed.
const MOST_LISTED: usize = 20;

/// A dataset in short.
#[derive(Debug, Serialize)]
pub struct DatasetSummary {
    dataset: String,
    slices: usize,
    slicing: Slicing,
    slice_frames: usize,
    sample_rate: SampleRate,
    channels: usize,
    left_out: BTreeMap<String, usize>,
    splits: SplitSizes,
    recordings: Vec<RecordingSummary>,
    duplicates: usize,
    fingerprint: String,
}

#[derive(Debug, Serialize)]
struct SplitSizes {
    train: usize,
    validation: usize,
    test: usize,
    /// Slices that keep the splits apart.
    between: usize,
}

#[derive(Debug, Serialize)]
struct RecordingSummary {
    path: String,
    seconds: f64,
    slices: usize,
    grid: Option<GridRow>,
    left_out: BTreeMap<String, usize>,
    warnings: Vec<String>,
}

/// An input that gave no slices.
#[derive(Debug, Serialize)]
pub struct FailedInput {
    pub path: String,
    pub reason: String,
}

impl FailedInput {
    /// All of them, in the order they were found.
    pub fn list(failed: &[Failure]) -> Vec<Self> {
        let row = |failure: &Failure| Self { path: failure.path.display().to_string(), reason: failure.error.reason() };
        failed.iter().map(row).collect()
    }

    /// Path and reason in one sentence; most reasons name the path themselves.
    pub fn sentence(&self) -> String {
        if self.reason.contains(&self.path) { self.reason.clone() } else { format!("{}: {}", self.path, self.reason) }
    }
}

impl DatasetSummary {
    /// What the manifest of the dataset at `path` says.
    pub fn new(path: &Path, manifest: &Manifest) -> Self {
        let size = |split| manifest.splits.indices(split).len();
        let [train, validation, test] = Split::ALL.map(size);
        let between = manifest.slices.saturating_sub(train + validation + test);
        Self {
            dataset: path.display().to_string(),
            slices: manifest.slices,
            slicing: manifest.slicing,
            slice_frames: manifest.slice_frames,
            sample_rate: manifest.sample_rate,
            channels: manifest.channels,
            left_out: manifest.left_out(),
            splits: SplitSizes { train, validation, test, between },
            recordings: manifest.recordings.iter().map(RecordingSummary::new).collect(),
            duplicates: manifest.duplicates.len(),
            fingerprint: manifest.fingerprint.clone(),
        }
    }

    /// How long all its recordings last together.
    pub fn recorded_seconds(&self) -> f64 {
        self.recordings.iter().map(|recording| recording.seconds).sum()
    }

    /// What it is recognised by.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The lines for people, after those that are there.
    pub fn rows(&self, rows: Rows) -> Rows {
        let listed = self.recordings.iter().take(MOST_LISTED).map(RecordingSummary::line);
        let more = self.recordings.len().saturating_sub(MOST_LISTED);
        let more = (more > 0).then(|| format!("and {} more", plural(more, "recording")));
        rows.row("dataset", self.dataset.clone())
            .row("slices", format!("{} of {}", count(self.slices as u64), self.one_slice()))
            .row("left out", counts(&self.left_out))
            .row("splits", self.splits.line())
            .list("recordings", listed.chain(more))
            .maybe("duplicates", (self.duplicates > 0).then(|| plural(self.duplicates, "recording")))
    }

    fn one_slice(&self) -> String {
        let what = match self.slicing {
            Slicing::Beats { bpm, beats_per_slice, .. } => format!("{} at {bpm}", plural(beats_per_slice, "beat")),
            Slicing::Windows { window, hop } => format!("{} s every {} s", window.0, hop.0),
        };
        let frames = count(self.slice_frames as u64);
        format!("{what}: {frames} frames, {}, {}", channels(self.channels), self.sample_rate)
    }
}

impl SplitSizes {
    fn line(&self) -> String {
        let [train, validation, test] = [self.train, self.validation, self.test].map(|size| count(size as u64));
        let between =
            if self.between > 0 { format!(", {} between them", count(self.between as u64)) } else { String::new() };
        format!("{train} train, {validation} validation, {test} test{between}")
    }
}

impl RecordingSummary {
    fn new(row: &RecordingRow) -> Self {
        Self {
            path: row.path.clone(),
            seconds: row.duration.0,
            slices: row.kept,
            grid: row.grid.clone(),
            left_out: row.left_out.clone(),
            warnings: row.warnings.clone(),
        }
    }

    /// Such as `set.wav: 1:59:58, 126.02 BPM from 0.21 s (confidence 0.93), 5,000 slices`.
    fn line(&self) -> String {
        let grid = self.grid.as_ref().map(grid_line).map(|line| format!("{line}, ")).unwrap_or_default();
        format!("{}: {}, {grid}{}", self.path, duration(self.seconds), plural(self.slices, "slice"))
    }
}

fn grid_line(grid: &GridRow) -> String {
    format!("{:.2} BPM from {:.3} s (confidence {:.2})", grid.bpm, grid.offset.0, grid.confidence)
}

/// Such as `96 silent, 3 clipped`, or `none`.
fn counts(left_out: &BTreeMap<String, usize>) -> String {
    let counts: Vec<String> = left_out
        .iter()
        .map(|(reason, slices)| format!("{} {}", count(*slices as u64), reason.replace('-', " ")))
        .collect();
    if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
}
