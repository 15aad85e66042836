//! The tempo of a grid, or of a dataset's recordings, as a picture.

use crate::output::Hinted;
use adm_audio::{Grid, TempoRegion};
use adm_dataset::Manifest;
use adm_dataset::manifest::RecordingRow;
use adm_dataset::recipe::LEAST_CONFIDENCE;
use adm_report::{TempoPanel, TempoStretch, tempo_picture};
use anyhow::Context;
use serde_json::Value;
use std::path::Path;

/// What is drawn.
pub struct Tempi {
    /// In words.
    pub what: String,
    /// The bytes of a PNG.
    pub png: Vec<u8>,
}

/// The tempi that a JSON file tells of.
///
/// # Errors
/// One that tells of none.
pub fn of_json(path: &Path) -> anyhow::Result<Tempi> {
    let cannot = || format!("cannot draw {}", path.display());
    let bytes = adm_core::regular::read(path).with_context(cannot)?;
    let value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let (panels, what) = if value["format"] == "adm-dataset" {
        let manifest = Manifest::load(path)?;
        let panels: Vec<TempoPanel> = manifest.recordings.iter().map(of_recording).collect();
        (panels, "the tempo, the confidence and what was skipped of each recording")
    } else if value.get("bpm").is_some() {
        let grid = Grid::from_json(&bytes).with_context(cannot)?;
        (vec![of_grid(&grid)], "the tempo, the confidence and what prepare skips unless told otherwise")
    } else {
        (Vec::new(), "")
    };
    let nothing = || {
        let message = format!("there is no tempo to draw in {}", path.display());
        Hinted::new(message, "--plot draws what adm grid writes, and recordings, datasets, runs and tensors")
    };
    let png = tempo_picture(&panels).ok_or_else(nothing)?;
    Ok(Tempi { what: what.to_owned(), png })
}

fn of_grid(grid: &Grid) -> TempoPanel {
    let uncertain = grid.regions.iter().filter(|region| region.confidence < LEAST_CONFIDENCE);
    TempoPanel {
        duration: grid.regions.last().map_or(0.0, |region| region.end),
        stretches: grid.regions.iter().map(stretch).collect(),
        skipped: uncertain.map(|region| (region.start, region.end)).collect(),
    }
}

fn of_recording(row: &RecordingRow) -> TempoPanel {
    let regions = row.grid.iter().flat_map(|grid| &grid.regions);
    TempoPanel {
        duration: row.duration.0,
        stretches: regions.map(stretch).collect(),
        skipped: row.skipped.iter().map(|region| (region.start.0, region.end.0)).collect(),
    }
}

fn stretch(region: &TempoRegion) -> TempoStretch {
    TempoStretch {
        span: (region.start, region.end),
        bpm: (region.start_bpm, region.end_bpm),
        confidence: region.confidence,
    }
}
