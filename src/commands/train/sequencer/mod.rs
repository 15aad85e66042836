//! `adm train sequencer`: a tokenized dataset to a run that orders tokens.

mod report;
mod tokenized;

pub use report::Trained;
pub use tokenized::Tokenized;

use super::moved;
use super::watched::{self, Setting};
use crate::output::Output;
use crate::settings::{Start, TrainSettings, Until};
use adm_compose::{BOOK, RunKind};
use adm_core::Seeds;
use adm_dataset::Split;
use adm_models::provenance::Provenance;
use adm_models::sequencer::{Composer, Corpus, HeldOut, Resolved, SequencerConfig, SequencerTrainee, own_and_recorded};
use adm_train::device::{self, Picked};
use adm_train::{Budget, Ended, RunDir};
use anyhow::{Context, Result};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Trains as the settings say.
pub fn train(settings: &TrainSettings<SequencerConfig>, output: &Output) -> Result<Trained> {
    let (config, tokenized) = match &settings.start {
        Start::New { config, data } => {
            RunDir::refuse_existing(&settings.run)?;
            ((**config).clone(), Tokenized::open(data)?)
        }
        Start::Resume { data } => {
            RunKind::Sequencer.expect(&settings.run)?;
            let config = Resolved::load(&RunDir::open(&settings.run)?.config())?.sequencer;
            (config, Tokenized::of_run(&settings.run, data.as_deref())?)
        }
    };
    let picked = device::pick(settings.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    picked.watch(|| learn(settings, &config, &tokenized, &picked, output))?
}

/// Trains on a device that is open.
fn learn(
    settings: &TrainSettings<SequencerConfig>,
    config: &SequencerConfig,
    tokenized: &Tokenized,
    picked: &Picked,
    output: &Output,
) -> Result<Trained> {
    let corpus = tokenized.corpus()?;
    let book = tokenized.book.fingerprint();
    let mut trainee = SequencerTrainee::new(config.clone(), corpus.clone(), book, &picked.device)?;
    let run = match &settings.start {
        Start::Resume { .. } => RunDir::open(&settings.run)?,
        Start::New { .. } => create(settings, &trainee, tokenized)?,
    };
    let budget = budget(settings.until, config, &corpus);
    let (began, windows) = (Instant::now(), trainee.windows());
    let open = |first| Ok(windows.starting_at(first));
    let setting = Setting { run: &run, schedule: &config.training.schedule, budget, device: &picked.description };
    let summary = watched::train(&mut trainee, open, setting, output)?;
    // Whoever stops it does not want to wait for what could be said of it.
    let composer = match summary.ended {
        Ended::Interrupted => None,
        _ => Some(Arc::new(Composer::open(&run, &picked.device)?)),
    };
    Ok(Trained {
        run: settings.run.clone(),
        device: picked.description.clone(),
        weights: trainee.parameter_count(),
        tokens: corpus.vocabulary(),
        learned_beats: corpus.count(Split::Train),
        held_out: composer.as_ref().and_then(|composer| HeldOut::of(composer, &corpus)),
        balance: composer.as_ref().map(|composer| own_and_recorded(composer, &corpus, Seeds::new(config.seed))),
        seconds: began.elapsed().as_secs_f64(),
        summary,
    })
}

/// A run's folder with the token book in it.
fn create(
    settings: &TrainSettings<SequencerConfig>,
    trainee: &SequencerTrainee,
    tokenized: &Tokenized,
) -> Result<RunDir> {
    let config = trainee.resolved_config().context("cannot write the configuration")?;
    let provenance = Provenance::of(&tokenized.dataset).to_json();
    let Tokenized { book, transcript, .. } = tokenized;
    let keep = |root: &Path| book.save_with(transcript, &root.join(BOOK)).map_err(anyhow::Error::from);
    RunDir::create_with(&settings.run, &config, &provenance, keep)
}

fn budget(until: Until, config: &SequencerConfig, corpus: &Corpus) -> Budget {
    let training = &config.training;
    let each = (training.batch * training.time_steps) as f64;
    let steps_of = |epochs: f64| (epochs * corpus.count(Split::Train) as f64 / each).ceil() as u64;
    let steps = until.steps.or(until.epochs.map(steps_of));
    Budget { steps: steps.or(until.is_open().then_some(training.steps)), minutes: until.minutes }
}
