//! A run's directory.

use super::checkpoint;
use crate::output::text::{Rows, count, duration};
use adm_models::Family;
use adm_train::RunDir;
use adm_train::metrics::{self, Row};
use anyhow::Context;
use serde::Serialize;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Reads what a run has come to.
///
/// # Errors
/// A folder that is no run, files that cannot be read.
pub fn look(path: &Path) -> anyhow::Result<Found> {
    let run = RunDir::open(path)?;
    let config = fs::read_to_string(run.config()).with_context(|| format!("cannot read {}", run.config().display()))?;
    let config: toml::Table =
        config.parse().with_context(|| format!("{} is not a usable configuration", run.config().display()))?;
    let rows = if run.metrics().exists() { metrics::read(&run.metrics())? } else { Vec::new() };
    let pointed = |name: &str| fs::read_to_string(path.join(name)).ok().map(|name| name.trim().to_owned());
    Ok(Found {
        kind: "run",
        path: path.display().to_string(),
        config,
        latest: pointed("latest"),
        best: pointed("best"),
        checkpoints: checkpoints(&run),
        samples: samples(&run).len(),
        last_metrics: rows.into_iter().next_back(),
    })
}

/// The run's previews of sounds, oldest first.
pub fn wavs(run: &RunDir) -> Vec<PathBuf> {
    let of_sounds = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "wav");
    samples(run).into_iter().filter(of_sounds).collect()
}

/// One file of every preview, oldest first: sounds, or a sequencer's tokens, rows. Beside a sound lies its picture.
fn samples(run: &RunDir) -> Vec<PathBuf> {
    let entries = run.samples().read_dir().into_iter().flatten().flatten();
    let is_preview = |path: &PathBuf| {
        path.extension().is_some_and(|extension| ["wav", "txt", "csv"].iter().any(|known| extension == *known))
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_preview).collect();
    paths.sort();
    paths
}

fn checkpoints(run: &RunDir) -> Vec<String> {
    let entries = run.checkpoints().read_dir().into_iter().flatten().flatten();
    let whole = entries.filter(|entry| entry.path().join(checkpoint::MANIFEST_FILE).is_file());
    let mut names: Vec<String> = whole.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[derive(Debug, Serialize)]
pub struct Found {
    kind: &'static str,
    path: String,
    config: toml::Table,
    latest: Option<String>,
    best: Option<String>,
    checkpoints: Vec<String>,
    samples: usize,
    last_metrics: Option<Row>,
}

impl Found {
    /// Families keep their settings in a table of their name, with a sentence on what they are about.
    fn models(&self) -> impl Iterator<Item = String> + '_ {
        let about = |table: &toml::Value| table.get("about")?.as_str().map(str::to_owned);
        let documents = |family: &str| Family::of_name(family).map_or("no document", Family::documents);
        self.config
            .iter()
            .filter_map(move |(family, table)| Some(format!("{family}: {} ({})", about(table)?, documents(family))))
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let progress = |row: &Row| format!("step {} after {} of training", count(row.step), duration(row.seconds));
        let numbers = self.last_metrics.iter().flat_map(|row| &row.values);
        let numbers: Vec<String> = numbers.map(|(name, value)| format!("{name} {value:.4}")).collect();
        let checkpoints = if self.checkpoints.is_empty() { "none".to_owned() } else { self.checkpoints.join(", ") };
        let rows = Rows::default()
            .row("run", self.path.clone())
            .list("model", self.models())
            .maybe("progress", self.last_metrics.as_ref().map(progress))
            .maybe("metrics", (!numbers.is_empty()).then(|| numbers.join(", ")))
            .row("checkpoints", checkpoints)
            .maybe("latest", self.latest.clone())
            .maybe("best", self.best.clone())
            .row("previews", count(self.samples as u64));
        write!(f, "{rows}")
    }
}
