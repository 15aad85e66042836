//! `adm grid`: a recording's beats alone.

use super::{Outcome, refuse_existing};
use crate::cli::GridArgs;
use crate::output::Output;
use crate::output::text::{Rows, count, duration};
use crate::settings::GridSettings;
use adm_audio::{AudioError, Clicks, Decoder, Grid, GridMethod, Source, TempoRegion, WavFormat, WavWriter, grid};
use adm_core::{Observer, persist};
use anyhow::Context;
use serde::Serialize;
use std::fmt;
use std::path::Path;

/// Finds the beats and writes them down.
///
/// # Errors
/// A recording that cannot be read or has no beat, an output that exists or cannot be written.
pub fn run(args: GridArgs, output: &Output) -> anyhow::Result<Outcome> {
    let settings = GridSettings::resolve(args)?;
    refuse_existing(&settings.output)?;
    settings.click.as_deref().map_or(Ok(()), refuse_existing)?;
    let grid = find(&settings, &output.progress)
        .with_context(|| format!("cannot find the beats of {}", settings.input.display()))?;
    if let Some(click) = &settings.click {
        write_clicks(&settings, &grid, click, &output.progress)?;
    }
    persist::write_bytes(&settings.output, grid.to_json().as_bytes())
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

/// The recording with a click on every beat.
fn write_clicks(settings: &GridSettings, grid: &Grid, path: &Path, observer: &dyn Observer) -> anyhow::Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    let mut source = Decoder::open(&settings.input)?;
    let (rate, channels) = (source.rate(), source.channels());
    let mut clicks = Clicks::new(grid, rate, channels);
    let mut writer = WavWriter::create(path, rate, channels, WavFormat::Pcm16).with_context(cannot)?;
    observer.begin("writing clicks", source.duration_hint().map(|length| length.0));
    let mut block = Vec::new();
    loop {
        block.clear();
        let frames = source.read(&mut block)?;
        if frames == 0 {
            break;
        }
        clicks.add(&mut block);
        writer.write(&block).with_context(cannot)?;
        observer.advance(frames as u64);
        if observer.stop_requested() {
            return Err(AudioError::Interrupted.into());
        }
    }
    observer.end();
    writer.finish().with_context(cannot)?;
    Ok(())
}

/// A beat grid in short.
#[derive(Debug, Serialize)]
pub struct GridSummary {
    grid: String,
    bpm: f64,
    confidence: f64,
    method: GridMethod,
    beats: usize,
    bars: usize,
    regions: Vec<TempoRegion>,
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
            bars: grid.downbeats.len(),
            regions: grid.regions.clone(),
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
            .row("beats", format!("{}{span}, {} bars", count(self.beats as u64), count(self.bars as u64)))
            .list("regions", self.regions.iter().map(region));
        write!(f, "{rows}")
    }
}

/// A stretch of even tempo in a line.
fn region(region: &TempoRegion) -> String {
    let TempoRegion { start, end, start_bpm, end_bpm, confidence } = *region;
    let tempo = if (end_bpm - start_bpm).abs() < 0.01 {
        format!("{start_bpm:.2} BPM")
    } else {
        format!("{start_bpm:.2} to {end_bpm:.2} BPM")
    };
    format!("{} to {}: {tempo}, confidence {confidence:.2}", duration(start), duration(end))
}
