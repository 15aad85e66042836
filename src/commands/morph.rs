//! `adm morph`: recordings through an auto-encoder's codes.

use super::prepare::{the_only_one, warn_of};
use super::train::expect;
use super::{Outcome, refuse_existing};
use crate::cli::MorphArgs;
use crate::interrupt;
use crate::output::text::{Rows, count, duration};
use crate::output::{Hinted, Output};
use crate::settings::{MorphSettings, Session, morph};
use adm_compose::at_rate;
use adm_core::{Observer, SampleRate, Seconds};
use adm_dataset::recipe::GridChoice;
use adm_dataset::{Dataset, DatasetError, Fit, PrepareSettings, Slicing};
use adm_models::autoencoder::{Code, Coder, Way};
use adm_models::provenance::Provenance;
use adm_models::{Family, ModelError};
use adm_render::{Material, RenderSettings, Timeline, render};
use adm_train::RunDir;
use adm_train::device::{self, Picked};
use anyhow::{Context, Result};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// What was made.
#[derive(Debug, Serialize)]
struct Morphed {
    output: PathBuf,
    slices: usize,
    lasts: f64,
    checkpoint_step: u64,
    loudness_lufs: f64,
}

/// Makes recordings again, or turns one into another.
///
/// # Errors
/// A run of another family, a recording without a slice, or whatever the libraries return.
pub fn run(args: MorphArgs, session: &Session, output: &Output) -> Result<Outcome> {
    let settings = morph(args, session)?;
    refuse_existing(&settings.output)?;
    expect(Family::Autoencoder, &settings.run)?;
    let picked = device::pick(settings.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    output.printer.print(&picked.watch(|| morphed(&settings, &picked, output))??)?;
    Ok(Outcome::Done)
}

fn morphed(settings: &MorphSettings, picked: &Picked, output: &Output) -> Result<Morphed> {
    let run = RunDir::open(&settings.run)?;
    let coder = Coder::open(&run, &picked.device)?;
    coder.skipped.iter().for_each(|skipped| output.progress.warn(skipped));
    let cut = Cut::of(&coder, Provenance::load(&run.dataset())?);
    cut.heeds(settings.grid)?;
    let codes = |path: &Path| -> Result<Vec<Code>> {
        let slices = cut.slices(path, settings, output)?;
        Ok(interrupt::at_once(|| codes(&coder, slices))?)
    };
    let first = codes(&settings.first)?;
    let second = settings.second.as_deref().map(codes).transpose()?;
    let on_the_way = settings.way.codes(&first, second.as_deref())?;
    let longest = first.len().max(second.map_or(0, |second| second.len()));
    note_end(settings.way, longest, on_the_way.len(), output);
    let slices = interrupt::at_once(|| slices(&coder, &on_the_way))?;
    let (timeline, slices_made) = (cut.timeline(slices.len(), settings.rate)?, slices.len());
    let material =
        |slice| at_rate(Material::from(slice), cut.channels, cut.rate, settings.rate).map_err(AnyError::from);
    let rendering = RenderSettings {
        channels: cut.channels,
        elastic: cut.provenance.bpm.is_some(),
        format: settings.format,
        dither: Some(settings.seeds),
        ..RenderSettings::default()
    };
    let report = render(&settings.output, timeline, slices.into_iter().map(material), &rendering, &output.progress)?;
    Ok(Morphed {
        output: settings.output.clone(),
        slices: slices_made,
        lasts: timeline.frames().0 as f64 / settings.rate.as_f64(),
        checkpoint_step: coder.step,
        loudness_lufs: report.master.after.integrated_lufs,
    })
}

/// Says where a longer recording is not heard to its end.
fn note_end(way: Way, longest: usize, made: usize, output: &Output) {
    if !way.is_between() && made < longest {
        let (longest, made) = (count(longest as u64), count(made as u64));
        let text =
            format!("the longer recording has {longest} slices: what is made ends with the shorter one's {made}");
        output.progress.note(&text);
    }
}

/// The code of every slice that sounds.
fn codes(coder: &Coder, slices: Vec<Option<Vec<f32>>>) -> Result<Vec<Code>, ModelError> {
    let places: Vec<bool> = slices.iter().map(Option::is_some).collect();
    let sounding: Vec<Vec<f32>> = slices.into_iter().flatten().collect();
    let mut codes = coder.codes(&sounding)?.into_iter();
    Ok(places.into_iter().map(|sounds| if sounds { codes.next() } else { None }).collect())
}

/// The slice of every code, and silence where there is none.
fn slices(coder: &Coder, codes: &[Code]) -> Result<Vec<Vec<f32>>, ModelError> {
    let representation = &coder.frontend().representation;
    let silence = vec![0.0; representation.slice_frames() * representation.slice_channels()];
    let sounding: Vec<Vec<f32>> = codes.iter().flatten().cloned().collect();
    let mut slices = coder.slices(&sounding)?.into_iter();
    let slice = |code: &Code| code.as_ref().and_then(|_| slices.next()).unwrap_or_else(|| silence.clone());
    Ok(codes.iter().map(slice).collect())
}

/// How the run's slices were cut.
struct Cut {
    provenance: Provenance,
    frames: usize,
    channels: usize,
    rate: SampleRate,
}

impl Cut {
    fn of(coder: &Coder, provenance: Provenance) -> Self {
        let representation = &coder.frontend().representation;
        let (frames, channels) = (representation.slice_frames(), representation.slice_channels());
        Self { provenance, frames, channels, rate: coder.frontend().rate }
    }

    /// Windows stand on no beats.
    fn heeds(&self, grid: GridChoice) -> Result<()> {
        if self.provenance.bpm.is_some() || grid == GridChoice::FOUND {
            return Ok(());
        }
        let message = "the run learned from windows, which stand on no beats: it cannot heed --bpm";
        anyhow::bail!(Hinted::new(message, "leave out --bpm and --offset"))
    }

    /// Beats of the run's length, fitted as those that were learned from; or windows of it, one after another.
    fn slicing(&self, settings: &MorphSettings) -> Slicing {
        let window = Seconds(self.frames as f64 / self.rate.as_f64());
        match self.provenance.bpm {
            None => Slicing::Windows { window, hop: window },
            Some(bpm) => {
                let (beats_per_slice, grid) = (self.provenance.beats_per_slice, settings.grid);
                Slicing::Beats { bpm, beats_per_slice, fit: self.provenance.fit.unwrap_or(Fit::Place), grid }
            }
        }
    }

    /// The slices of a recording from its first beat on; none where one is silent or would not be learned from.
    fn slices(&self, path: &Path, settings: &MorphSettings, output: &Output) -> Result<Vec<Option<Vec<f32>>>> {
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        let prepared = PrepareSettings {
            rate: self.rate,
            channels: self.channels,
            slicing: self.slicing(settings),
            jobs: settings.jobs,
            ..PrepareSettings::new(vec![path.to_owned()], folder.path().join("slices"))
        };
        let report = adm_dataset::prepare(&prepared, &output.progress).map_err(|error| match the_only_one(error) {
            // There is nothing of it to go on with.
            DatasetError::Interrupted { .. } => DatasetError::Interrupted { hint: None }.into(),
            none @ DatasetError::NoSlices { .. } => {
                let hint = "give a recording of which a slice sounds; --bpm and --offset say where beats are";
                anyhow::Error::from(Hinted::new(none.to_string(), hint))
            }
            error => error.into(),
        })?;
        warn_of(&report.failed, output);
        let dataset = Dataset::open(&prepared.output)?;
        if dataset.slice_frames() != self.frames {
            let (got, expected) = (dataset.slice_frames(), self.frames);
            let message = format!("{} was cut into slices of {got} frames, the run's have {expected}", path.display());
            anyhow::bail!(Hinted::new(message, "learn anew from a dataset of this version: adm prepare, adm train"));
        }
        warn_of_silence(&dataset, path, output);
        let mut slices = Vec::new();
        for (index, place) in places(&dataset).enumerate() {
            let mut slice = vec![0.0; dataset.slice_samples()];
            dataset.read_f32(index, &mut slice)?;
            slices.resize(place, None);
            slices.push(Some(slice));
        }
        Ok(slices)
    }

    fn timeline(&self, slices: usize, rate: SampleRate) -> Result<Timeline> {
        let (pace, beats) = self.provenance.pace(self.frames, self.rate);
        let timeline = Timeline::new(pace, rate, (slices * beats) as u64)?;
        Ok(timeline.with_beats_per_slice(beats as u64)?)
    }
}

/// Where each slice of a dataset of one recording stands, in slices from the recording's first beat.
fn places(dataset: &Dataset) -> impl Iterator<Item = usize> {
    let step = dataset.manifest().slicing.position_step().max(1);
    let passages = dataset.manifest().recordings.iter().flat_map(|row| &row.passages);
    passages.flat_map(move |passage| (0..passage.slices).map(move |at| (passage.position / step) as usize + at))
}

fn warn_of_silence(dataset: &Dataset, path: &Path, output: &Output) {
    let left_out = dataset.manifest().left_out();
    // What is left of a recording behind its last whole slice is none.
    let counts = left_out.iter().filter(|(reason, _)| *reason != "too-short");
    let counts: Vec<String> = counts.map(|(reason, slices)| format!("{slices} {reason}")).collect();
    if !counts.is_empty() {
        output.progress.warn(&format!(
            "silent in what is made of {}: slices that are {}",
            path.display(),
            counts.join(", ")
        ));
    }
}

impl fmt::Display for Morphed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = Rows::default()
            .row("output", self.output.display().to_string())
            .row("slices", count(self.slices as u64))
            .row("length", duration(self.lasts))
            .row("loudness", format!("{:.1} LUFS", self.loudness_lufs))
            .row("model", format!("checkpoint of step {}", self.checkpoint_step));
        write!(f, "{rows}")
    }
}
