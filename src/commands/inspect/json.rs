//! The JSON files that are made here, told apart by what is in them.

use super::{checkpoint, export, survey};
use crate::commands::grid::GridSummary;
use crate::commands::summary::DatasetSummary;
use crate::output::text::Rows;
use crate::output::{Hinted, Output};
use adm_audio::Grid;
use adm_dataset::Manifest;
use anyhow::Context;
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::path::Path;

/// Prints what a JSON file is.
///
/// # Errors
/// A file that is damaged or comes from elsewhere.
pub fn print(path: &Path, output: &Output) -> anyhow::Result<()> {
    let bytes = adm_core::regular::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let value: Value = serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged JSON", path.display()))?;
    let has = |key: &str| value.get(key).is_some();
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match value.get("format").and_then(Value::as_str) {
        Some("adm-dataset") => output.printer.print(&FoundManifest::load(path)?),
        Some("adm-token-book" | "adm-transcript") => super::book::show(folder, None, output).map(|_| ()),
        Some("adm-export") => output.printer.print(&export::look(folder)?),
        Some("adm-survey-key") => output.printer.print(&survey::key(path)?),
        Some("adm-answers") => output.printer.print(&survey::answers(path, &bytes)?),
        _ if has("step") && has("files") => output.printer.print(&checkpoint::look(folder)?),
        Some(adm_audio::grid::FORMAT) => output.printer.print(&grid(path, &bytes)?),
        _ if has("bpm") && (has("beats") || has("regions")) => output.printer.print(&grid(path, &bytes)?),
        _ => {
            let message =
                format!("{} is JSON, but no manifest, grid, checkpoint, export, key or answers", path.display());
            Err(Hinted::new(message, "adm made dataset.json, export.json, checkpoint.json and what adm grid writes")
                .into())
        }
    }
}

fn grid(path: &Path, bytes: &[u8]) -> anyhow::Result<GridSummary> {
    let grid = Grid::from_json(bytes).with_context(|| format!("cannot use {}", path.display()))?;
    Ok(GridSummary::new(path.display().to_string(), &grid))
}

/// A manifest without its slices.
#[derive(Debug, Serialize)]
struct FoundManifest {
    kind: &'static str,
    #[serde(flatten)]
    summary: DatasetSummary,
}

impl FoundManifest {
    fn load(path: &Path) -> anyhow::Result<Self> {
        Ok(Self { kind: "manifest", summary: DatasetSummary::new(path, &Manifest::load(path)?) })
    }
}

impl fmt::Display for FoundManifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.summary.rows(Rows::default()).row("fingerprint", self.summary.fingerprint()))
    }
}
