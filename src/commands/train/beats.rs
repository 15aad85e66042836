//! A dataset to a run that makes beats, whatever the family.

use super::watched::{self, Setting};
use super::{moved, report_of, summary_json};
use crate::commands::judging::HeldOut;
use crate::commands::preview;
use crate::output::Output;
use crate::output::text::{Rows, count, duration};
use crate::settings::{Start, TrainSettings, Until};
use adm_dataset::{Dataset, Split};
use adm_models::provenance::Provenance;
use adm_models::{BeatConfig, BeatTrainee, Family, ModelError, Onlookers};
use adm_train::device::{self, Picked};
use adm_train::{Budget, Ended, RunDir, Summary};
use anyhow::{Context, Result};
use serde::{Serialize, Serializer};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// What a training did.
#[derive(Debug, Serialize)]
pub struct Trained {
    pub run: PathBuf,
    pub device: String,
    /// Of each network by its name.
    #[serde(flatten, serialize_with = "weights_as_json")]
    pub weights: Vec<(&'static str, usize)>,
    pub seconds: f64,
    #[serde(flatten, serialize_with = "summary_as_json")]
    pub summary: Summary,
}

fn weights_as_json<S: Serializer>(weights: &[(&'static str, usize)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(weights.iter().map(|(network, weights)| (format!("{network}_weights"), weights)))
}

fn summary_as_json<S: Serializer>(summary: &Summary, serializer: S) -> Result<S::Ok, S::Error> {
    summary_json(summary, "best_kernel_distance").serialize(serializer)
}

/// Trains what `make` makes of a configuration, a dataset and a device, as the settings say.
pub fn train<T: BeatTrainee>(
    settings: &TrainSettings<T::Config>,
    output: &Output,
    make: impl FnOnce(T::Config, &Arc<Dataset>, &Picked) -> Result<T>,
) -> Result<Trained> {
    if let Start::New { .. } = settings.start {
        RunDir::refuse_existing(&settings.run)?;
    }
    let picked = device::pick(settings.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    let (config, dataset) = opened(settings)?;
    picked.watch(|| learn(settings, &config, &dataset, &picked, output, make))?
}

/// Trains on a device that is open.
fn learn<T: BeatTrainee>(
    settings: &TrainSettings<T::Config>,
    config: &T::Config,
    dataset: &Arc<Dataset>,
    picked: &Picked,
    output: &Output,
    make: impl FnOnce(T::Config, &Arc<Dataset>, &Picked) -> Result<T>,
) -> Result<Trained> {
    let judge = HeldOut::of(dataset, &[Split::Validation])?.map(HeldOut::into_judge);
    let onlookers = Onlookers { judge, write_preview: Some(preview::writer()) };
    let mut trainee = make(config.clone(), dataset, picked)?.with_onlookers(onlookers);
    let batches = trainee.batch_plan(dataset.clone());
    batches.check()?;
    let run = match &settings.start {
        Start::Resume { .. } => RunDir::open(&settings.run)?,
        Start::New { .. } => {
            let config = trainee.resolved_config().context("cannot write the configuration")?;
            RunDir::create(&settings.run, &config, &Provenance::of(dataset).to_json())?
        }
    };
    let budget = budget(settings.until, config, dataset);
    let (began, weights) = (Instant::now(), trainee.parameter_counts());
    let open = |first| batches.open(first);
    let setting = Setting { run: &run, schedule: config.schedule(), budget, device: &picked.description };
    let summary = watched::train(&mut trainee, open, setting, output)?;
    Ok(Trained {
        run: settings.run.clone(),
        device: picked.description.clone(),
        weights,
        seconds: began.elapsed().as_secs_f64(),
        summary,
    })
}

/// The configuration and the dataset, checked against each other.
fn opened<C: BeatConfig>(settings: &TrainSettings<C>) -> Result<(C, Arc<Dataset>)> {
    match &settings.start {
        Start::New { config, data } => Ok(((**config).clone(), Arc::new(Dataset::open(data)?))),
        Start::Resume { data } => {
            expect(C::FAMILY, &settings.run)?;
            let run = RunDir::open(&settings.run)?;
            let provenance = Provenance::load(&run.dataset())?;
            let path = data.as_ref().unwrap_or(&provenance.path);
            let dataset = Dataset::open(path).map_err(|error| moved(error, path))?;
            provenance.check(&dataset)?;
            Ok((C::of_run(&run)?, Arc::new(dataset)))
        }
    }
}

/// Checks that a run is of this family.
pub fn expect(family: Family, root: &Path) -> Result<(), ModelError> {
    match Family::of_run(root)? {
        found if found == family => Ok(()),
        found => {
            let (path, expected, got) = (root.to_owned(), family.name(), found.name());
            Err(ModelError::OtherFamily { path, expected, got })
        }
    }
}

fn budget<C: BeatConfig>(until: Until, config: &C, dataset: &Dataset) -> Budget {
    let until = if until.is_open() { config.length().into() } else { until };
    let slices = dataset.indices(Split::Train).len() as f64;
    let steps_of = |epochs: f64| (epochs * slices / config.slices().batch as f64).ceil() as u64;
    Budget { steps: until.steps.or(until.epochs.map(steps_of)), minutes: until.minutes }
}

impl fmt::Display for Trained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { ended, step, steps_per_second, best } = &self.summary;
        let of = |(network, weights): &(&str, usize)| format!("{} in the {network}", count(*weights as u64));
        let weights: Vec<String> = self.weights.iter().map(of).collect();
        let steps = format!("{} ({steps_per_second:.2} a second)", count(*step));
        let rows = Rows::default()
            .row("run", self.run.display().to_string())
            .row("device", &self.device)
            .row("weights", weights.join(", "))
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
