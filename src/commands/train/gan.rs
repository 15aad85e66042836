//! `adm train gan`: a dataset to a run that makes beats.

use super::watched::{self, Setting};
use super::{moved, report_of, summary_json};
use crate::commands::judging::HeldOut;
use crate::commands::{labels, preview};
use crate::output::Output;
use crate::output::text::{Rows, count, duration};
use crate::settings::{Start, TrainSettings, Until, until_or_preset};
use adm_compose::RunKind;
use adm_dataset::{Dataset, Split};
use adm_models::gan::{GanConfig, GanTrainee, Resolved, Shares};
use adm_models::provenance::Provenance;
use adm_train::device::{self, Picked};
use adm_train::{Budget, Ended, RunDir, Summary};
use anyhow::{Context, Result};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// What a training did.
#[derive(Debug, Serialize)]
pub struct Trained {
    pub run: PathBuf,
    pub device: String,
    pub generator_weights: usize,
    pub discriminator_weights: usize,
    pub seconds: f64,
    #[serde(flatten, serialize_with = "summary_as_json")]
    pub summary: Summary,
}

fn summary_as_json<S: serde::Serializer>(summary: &Summary, serializer: S) -> Result<S::Ok, S::Error> {
    summary_json(summary, "best_kernel_distance").serialize(serializer)
}

/// Trains as the settings say.
pub fn train(settings: &TrainSettings<GanConfig>, output: &Output) -> Result<Trained> {
    if let Start::New { .. } = settings.start {
        RunDir::refuse_existing(&settings.run)?;
    }
    let picked = device::pick(settings.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    let (config, dataset) = opened(settings)?;
    picked.watch(|| learn(settings, &config, &dataset, &picked, output))?
}

/// Trains on a device that is open.
fn learn(
    settings: &TrainSettings<GanConfig>,
    config: &GanConfig,
    dataset: &Arc<Dataset>,
    picked: &Picked,
    output: &Output,
) -> Result<Trained> {
    let mut trainee = trainee(settings, config, dataset, picked)?.with_preview(preview::writer());
    if let Some(held_out) = HeldOut::of(dataset, &[Split::Validation])? {
        trainee = trainee.with_judge(held_out.into_judge());
    }
    let batches = trainee.batch_plan(dataset.clone());
    batches.check()?;
    let run = match &settings.start {
        Start::Resume { .. } => RunDir::open(&settings.run)?,
        Start::New { .. } => {
            let config = trainee.resolved_config().context("cannot write the configuration")?;
            RunDir::create(&settings.run, &config, &Provenance::of(dataset).to_json())?
        }
    };
    let budget = budget(until_or_preset(settings.until, config), config, dataset);
    let began = Instant::now();
    let [generator_weights, discriminator_weights] = trainee.parameter_counts();
    let open = |first| batches.open(first);
    let setting = Setting { run: &run, schedule: &config.training.schedule, budget, device: &picked.description };
    let summary = watched::train(&mut trainee, open, setting, output)?;
    Ok(Trained {
        run: settings.run.clone(),
        device: picked.description.clone(),
        generator_weights,
        discriminator_weights,
        seconds: began.elapsed().as_secs_f64(),
        summary,
    })
}

/// Networks for a dataset, with the labels of its slices where they are conditional.
fn trainee(
    settings: &TrainSettings<GanConfig>,
    config: &GanConfig,
    dataset: &Arc<Dataset>,
    picked: &Picked,
) -> Result<GanTrainee> {
    if config.condition.is_none() {
        return Ok(GanTrainee::new(config.clone(), dataset, &picked.device)?);
    }
    let labels = labels::of(dataset)?;
    if let Some(began_with) = labels_of_run(settings)? {
        began_with.check(&labels)?;
    }
    Ok(GanTrainee::labelled(config.clone(), dataset, labels, &picked.device)?)
}

/// What the run that is gone on with knows of its labels.
fn labels_of_run(settings: &TrainSettings<GanConfig>) -> Result<Option<Shares>> {
    match &settings.start {
        Start::New { .. } => Ok(None),
        Start::Resume { .. } => Ok(Resolved::load(&RunDir::open(&settings.run)?.config())?.labels),
    }
}

/// The configuration and the dataset, checked against each other.
fn opened(settings: &TrainSettings<GanConfig>) -> Result<(GanConfig, Arc<Dataset>)> {
    match &settings.start {
        Start::New { config, data } => Ok(((**config).clone(), Arc::new(Dataset::open(data)?))),
        Start::Resume { data } => {
            RunKind::Generator.expect(&settings.run)?;
            let run = RunDir::open(&settings.run)?;
            let provenance = Provenance::load(&run.dataset())?;
            let path = data.as_ref().unwrap_or(&provenance.path);
            let dataset = Dataset::open(path).map_err(|error| moved(error, path))?;
            provenance.check(&dataset)?;
            Ok((Resolved::load(&run.config())?.gan, Arc::new(dataset)))
        }
    }
}

fn budget(until: Until, config: &GanConfig, dataset: &Dataset) -> Budget {
    let slices = dataset.indices(Split::Train).len() as f64;
    let steps_of = |epochs: f64| (epochs * slices / config.training.batch as f64).ceil() as u64;
    Budget { steps: until.steps.or(until.epochs.map(steps_of)), minutes: until.minutes }
}

impl fmt::Display for Trained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { ended, step, steps_per_second, best } = &self.summary;
        let weights = (self.generator_weights as u64, self.discriminator_weights as u64);
        let steps = format!("{} ({steps_per_second:.2} a second)", count(*step));
        let rows = Rows::default()
            .row("run", self.run.display().to_string())
            .row("device", &self.device)
            .row("weights", format!("{} in the generator, {} in the discriminator", count(weights.0), count(weights.1)))
            .row("steps", steps)
            .row("time", duration(self.seconds))
            .row("report", report_of(&self.run))
            .maybe("best", best.map(|best| format!("kernel distance {best:.0} to held-out slices (lower is nearer)")));
        match ended {
            Ended::Done => write!(f, "{rows}"),
            Ended::Early(reason) => write!(f, "{}", rows.row("ended early", reason)),
            Ended::Interrupted => write!(f, "{}", rows.row("stopped", "everything is saved; go on with --resume")),
        }
    }
}
