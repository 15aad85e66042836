//! A dataset.

use crate::commands::summary::DatasetSummary;
use crate::output::text::{Rows, bytes};
use adm_dataset::Dataset;
use adm_dataset::manifest::SLICES_FILE;
use serde::Serialize;
use std::fmt;
use std::path::Path;

/// Opens a dataset.
///
/// # Errors
/// A damaged one.
pub fn look(path: &Path) -> anyhow::Result<Found> {
    let dataset = Dataset::open(path)?;
    let bytes = path.join(SLICES_FILE).metadata().map_or(0, |metadata| metadata.len());
    Ok(Found { kind: "dataset", bytes, summary: DatasetSummary::new(path, dataset.manifest()) })
}

#[derive(Debug, Serialize)]
pub struct Found {
    kind: &'static str,
    bytes: u64,
    #[serde(flatten)]
    summary: DatasetSummary,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.summary.rows(Rows::default());
        write!(f, "{}", rows.row("size", bytes(self.bytes)).row("fingerprint", self.summary.fingerprint()))
    }
}
