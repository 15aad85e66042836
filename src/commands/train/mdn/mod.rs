//! `adm train mdn`: rows, or a dataset's frames, to a run that foretells them.

mod report;
mod rows;

pub use report::Trained;
pub use rows::Rows;

use super::beats::expect;
use super::watched::{self, Setting};
use crate::commands::preview;
use crate::output::Output;
use crate::settings::{Start, TrainSettings, Until};
use adm_dataset::{Split, Vectors};
use adm_models::Family;
use adm_models::mdn::{Frames, MdnConfig, MdnTrainee, PRIMER, Resolved, Series, WriteRows};
use adm_models::provenance::Provenance;
use adm_train::device::{self, Picked};
use adm_train::{Budget, RunDir};
use anyhow::{Context, Result};
use std::path::Path;
use std::time::Instant;

/// Seconds of sound in a preview, and rows in one that is none.
const PREVIEW_SECONDS: f64 = 4.0;
const PREVIEW_ROWS: usize = 64;

/// Columns that are named, at most.
const MOST_NAMED: usize = 8;

/// Trains as the settings say.
pub fn train(settings: &TrainSettings<MdnConfig>, output: &Output) -> Result<Trained> {
    let (config, rows) = match &settings.start {
        Start::New { config, data } => {
            RunDir::refuse_existing(&settings.run)?;
            ((**config).clone(), Rows::open(data, config)?)
        }
        Start::Resume { data } => {
            expect(Family::Mdn, &settings.run)?;
            let run = RunDir::open(&settings.run)?;
            let (config, began) = (Resolved::load(&run.config())?.mdn, Provenance::load(&run.dataset())?);
            let rows = Rows::of_run(&began, data.as_deref(), &config)?;
            (config, rows)
        }
    };
    note_constant(&rows.series, output);
    let picked = device::pick(settings.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    picked.watch(|| learn(settings, &config, rows, &picked, output))?
}

/// Columns that never change cost nothing and may be a mistake.
fn note_constant(series: &Series, output: &Output) {
    let constant = series.constant_columns();
    if !constant.is_empty() {
        let numbers: Vec<String> = constant.iter().take(MOST_NAMED).map(|column| (column + 1).to_string()).collect();
        let more = if constant.len() > MOST_NAMED { ", …" } else { "" };
        output.progress.note(&format!("nothing is learned of columns that never change: {}{more}", numbers.join(", ")));
    }
}

/// Why nothing is judged.
fn not_judged(of_sound: bool) -> &'static str {
    if of_sound {
        "nothing is judged: no held-out passage is longer than training.warm_up"
    } else {
        "nothing is judged: too few rows are held out; training.hold_out says how many are"
    }
}

/// Trains on a device that is open.
fn learn(
    settings: &TrainSettings<MdnConfig>,
    config: &MdnConfig,
    rows: Rows,
    picked: &Picked,
    output: &Output,
) -> Result<Trained> {
    let Rows { series, frames, provenance } = rows;
    let counts = [Split::Train, Split::Validation].map(|split| series.count(split));
    let columns = series.columns();
    let trainee = MdnTrainee::new(config.clone(), series, frames.as_ref(), &picked.device)?;
    if !trainee.is_judged() {
        output.progress.note(not_judged(frames.is_some()));
    }
    let mut trainee = with_preview(trainee, frames);
    let run = match &settings.start {
        Start::Resume { .. } => RunDir::open(&settings.run)?,
        Start::New { .. } => create(&settings.run, &trainee, &provenance)?,
    };
    let budget = budget(settings.until, config, counts[0]);
    let (began, stretches) = (Instant::now(), trainee.stretches());
    let open = |first| Ok(stretches.starting_at(first));
    let setting = Setting { run: &run, schedule: &config.training.schedule, budget, device: &picked.description };
    let summary = watched::train(&mut trainee, open, setting, output)?;
    Ok(Trained {
        run: settings.run.clone(),
        device: picked.description.clone(),
        weights: trainee.parameter_count(),
        rows: counts[0],
        held_out_rows: counts[1],
        columns,
        seconds: began.elapsed().as_secs_f64(),
        summary,
    })
}

/// A run's folder with the rows in it that its own ones go on from.
fn create(root: &Path, trainee: &MdnTrainee, provenance: &Provenance) -> Result<RunDir> {
    let config = trainee.resolved_config().context("cannot write the configuration")?;
    let keep = |root: &Path| match trainee.primer() {
        Some(primer) => Ok(primer.write(&root.join(PRIMER))?),
        None => Ok(()),
    };
    RunDir::create_with(root, &config, &provenance.to_json(), keep)
}

/// Has rows written as a file of them, or as sound.
fn with_preview(trainee: MdnTrainee, frames: Option<Frames>) -> MdnTrainee {
    match frames {
        None => trainee.with_preview(PREVIEW_ROWS, Box::new(|rows, path| Ok(rows.write(&path.with_extension("csv"))?))),
        Some(frames) => trainee.with_preview((PREVIEW_SECONDS * frames.per_second()) as usize, sound_writer(frames)),
    }
}

fn sound_writer(frames: Frames) -> WriteRows {
    let write = preview::writer();
    Box::new(move |rows: &Vectors, path: &Path| {
        write(&[frames.sound_of(rows)?], frames.channels(), frames.rate(), path)
    })
}

fn budget(until: Until, config: &MdnConfig, rows: usize) -> Budget {
    let training = &config.training;
    let each = (training.batch * training.time_steps) as f64;
    let steps_of = |epochs: f64| (epochs * rows as f64 / each).ceil() as u64;
    let steps = until.steps.or(until.epochs.map(steps_of));
    Budget { steps: steps.or(until.is_open().then_some(training.steps)), minutes: until.minutes }
}
