//! `adm grid`: a recording's beats alone.

use super::{Outcome, refuse_existing};
use crate::cli::GridArgs;
use crate::output::Output;
use crate::output::text::{Rows, count};
use crate::settings::GridSettings;
use adm_audio::{AudioError, Decoder, Grid, GridMethod, Source, grid};
use adm_core::{Observer, persist};
use anyhow::Context;
use serde::Serialize;
use std::fmt;

/// Finds the beats and writes them down.
///
/// # Errors
/// A recording that cannot be read or has no beat, an output that exists or cannot be written.
pub fn run(args: GridArgs, output: &Output) -> anyhow::Result<Outcome> {
    let settings = GridSettings::resolve(args)?;
    refuse_existing(&settings.output)?;
    let grid = find(&settings, &output.progress)
        .with_context(|| format!("cannot find the beats of {}", settings.input.display()))?;
    let text = serde_json::to_vec_pretty(&grid)?;
    persist::write_bytes(&settings.output, &text)
        .with_context(|| format!("cannot write {}", settings.output.display()))?;
    output.printer.print(&GridSummary::new(settings.output.display().to_string(), &grid))?;
    Ok(Outcome::Done)
}

fn find(settings: &GridSettings, observer: &dyn Observer) -> Result<Grid, AudioError> {
    let mut source = Decoder::open(&settings.input)?;
    observer.begin("finding beats", source.duration_hint().map(|length| length.0));
    let grid = grid::find(&mut source, &settings.request, observer)?;
    observer.end();
    source.warnings().iter().for_each(|warning| observer.warn(warning));
    Ok(grid)
}

/// A beat grid in short.
#[derive(Debug, Serialize)]
pub struct GridSummary {
    grid: String,
    bpm: f64,
    confidence: f64,
    method: GridMethod,
    beats: usize,
    first_beat: Option<f64>,
    last_beat: Option<f64>,
}

impl GridSummary {
    /// Of the grid that lies at `path`.
    pub fn new(path: String, grid: &Grid) -> Self {
        Self {
            grid: path,
            bpm: grid.bpm,
            confidence: grid.confidence,
            method: grid.method,
            beats: grid.beats.len(),
            first_beat: grid.beats.first().copied(),
            last_beat: grid.beats.last().copied(),
        }
    }
}

impl fmt::Display for GridSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = |first, last| format!(" from {first:.3} s to {last:.3} s");
        let span = self.first_beat.zip(self.last_beat).map(|(first, last)| span(first, last)).unwrap_or_default();
        let rows = Rows::default()
            .row("grid", self.grid.clone())
            .row("tempo", format!("{:.2} BPM (confidence {:.2})", self.bpm, self.confidence))
            .row("beats", format!("{}{span}", count(self.beats as u64)));
        write!(f, "{rows}")
    }
}
