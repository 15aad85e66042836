//! One configuration tried in this process.

use super::measured::{Found, Measured};
use super::watchdog::Watchdog;
use crate::commands::judging::HeldOut;
use crate::commands::train::{Rows, Tokenized};
use crate::commands::{Outcome, labels, preview};
use crate::output::{Output, write_stdout};
use crate::settings::{FamilyConfig, Session, TrialSettings};
use adm_core::Seeds;
use adm_dataset::{Dataset, Split};
use adm_models::autoencoder::{self, AutoencoderConfig, AutoencoderTrainee};
use adm_models::caw::{CawConfig, CawTrainee, Recording, made_up as made_up_recording};
use adm_models::diffusion::{self, DiffusionConfig, DiffusionTrainee};
use adm_models::gan::{self, GanConfig, GanTrainee};
use adm_models::mdn::{MdnConfig, MdnTrainee};
use adm_models::sequencer::{SequencerConfig, SequencerTrainee, made_up};
use adm_models::{BeatConfig, BeatTrainee, MadeUp, Onlookers};
use adm_train::device::{self, Picked};
use adm_train::trial::{Trial, size};
use adm_train::{Batches, RunDir, Schedule, Trainee};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Steps before the clock, and under it.
const WARM_UP: u64 = 3;
const STEPS: u64 = 20;

/// Slices that a made-up dataset is said to have: as many beats as the founding work's larger runs began with.
const ASSUMED_SLICES: usize = 7_000;

/// What the trials of all families need.
struct Bench<'a> {
    settings: &'a TrialSettings,
    scratch: &'a Path,
    picked: &'a Picked,
    output: &'a Output,
}

/// Tries the one configuration and prints its figures for the process that asked.
pub fn run(settings: &TrialSettings, scratch: &Path, session: &Session, output: &Output) -> Result<Outcome> {
    let [candidate] = &settings.candidates[..] else { bail!("a trial is of one configuration") };
    let picked = device::pick(session.device)?;
    let bench = Bench { settings, scratch, picked: &picked, output };
    let measured = picked.watch(|| match &candidate.config {
        FamilyConfig::Gan(config) => bench.gan(config),
        FamilyConfig::Autoencoder(config) => bench.autoencoder(config),
        FamilyConfig::Diffusion(config) => bench.diffusion(config),
        FamilyConfig::Sequencer(config) => bench.sequencer(config),
        FamilyConfig::Mdn(config) => bench.mdn(config),
        FamilyConfig::Caw(config) => bench.caw(config),
    })??;
    let Some(measured) = measured else { return Ok(Outcome::Interrupted) };
    write_stdout(&serde_json::to_string(&measured)?).context("cannot tell what was measured")?;
    Ok(Outcome::Done)
}

impl Bench<'_> {
    fn gan(&self, config: &GanConfig) -> Result<Option<Measured>> {
        let made_up = |picked: &Picked| Ok(gan::made_up(config, &picked.device)?);
        self.beats(config, made_up, |dataset, picked| match config.condition {
            None => Ok(GanTrainee::new(config.clone(), dataset, &picked.device)?),
            Some(_) => Ok(GanTrainee::labelled(config.clone(), dataset, labels::of(dataset)?, &picked.device)?),
        })
    }

    fn autoencoder(&self, config: &AutoencoderConfig) -> Result<Option<Measured>> {
        let made_up = |picked: &Picked| Ok(autoencoder::made_up(config, &picked.device)?);
        let new =
            |dataset: &Dataset, picked: &Picked| Ok(AutoencoderTrainee::new(config.clone(), dataset, &picked.device)?);
        self.beats(config, made_up, new)
    }

    fn diffusion(&self, config: &DiffusionConfig) -> Result<Option<Measured>> {
        let made_up = |picked: &Picked| Ok(diffusion::made_up(config, &picked.device)?);
        self.beats(config, made_up, |dataset, picked| {
            let labels = config.condition.map(|_| labels::of(dataset)).transpose()?;
            Ok(DiffusionTrainee::new(config.clone(), dataset, labels, &picked.device)?)
        })
    }

    /// A family that makes beats, on made-up slices or those of the dataset.
    fn beats<T: BeatTrainee>(
        &self,
        config: &T::Config,
        made_up: impl FnOnce(&Picked) -> Result<(T, MadeUp)>,
        new: impl FnOnce(&Dataset, &Picked) -> Result<T>,
    ) -> Result<Option<Measured>> {
        let Some(data) = &self.settings.data else {
            let (trainee, made_up) = made_up(self.picked)?;
            let held_out = HeldOut::new(made_up.slices().to_vec(), made_up.rate(), 2)?;
            return self.beats_with(config, trainee, held_out, made_up.batches()?, ASSUMED_SLICES);
        };
        let dataset = Arc::new(Dataset::open(data)?);
        let trainee = new(&dataset, self.picked)?;
        let plan = trainee.batch_plan(dataset.clone());
        plan.check()?;
        let held_out = HeldOut::of(&dataset, &[Split::Validation])?;
        self.beats_with(config, trainee, held_out, plan.open(0)?, dataset.indices(Split::Train).len())
    }

    fn beats_with<T: BeatTrainee>(
        &self,
        config: &T::Config,
        trainee: T,
        held_out: Option<HeldOut>,
        batches: impl Batches<T::Batch>,
        items: usize,
    ) -> Result<Option<Measured>> {
        let judge = held_out.map(HeldOut::into_judge);
        let trainee = trainee.with_onlookers(Onlookers { judge, write_preview: Some(preview::writer()) });
        let weights = trainee.parameter_counts().into_iter().map(|(_, weights)| weights).collect();
        self.measure(trainee, batches, config.schedule(), Known { weights, items, beside: 0 })
    }

    fn sequencer(&self, config: &SequencerConfig) -> Result<Option<Measured>> {
        let (corpus, book, beside) = match &self.settings.data {
            None => (made_up::made_up(Seeds::new(config.seed))?, String::new(), 0),
            Some(data) => {
                let tokenized = Tokenized::open(data)?;
                let beside = size(&tokenized.folder);
                (tokenized.corpus()?, tokenized.book.fingerprint().to_owned(), beside)
            }
        };
        let beats = corpus.count(Split::Train);
        let trainee = SequencerTrainee::new(config.clone(), corpus, &book, &self.picked.device)?;
        let (weights, windows) = (vec![trainee.parameter_count()], trainee.windows());
        self.measure(trainee, windows, &config.training.schedule, Known { weights, items: beats, beside })
    }

    fn mdn(&self, config: &MdnConfig) -> Result<Option<Measured>> {
        let Rows { series, frames, .. } = match &self.settings.data {
            None => Rows::made_up(config)?,
            Some(data) => Rows::open(data, config)?,
        };
        let items = series.count(Split::Train);
        let trainee = MdnTrainee::new(config.clone(), series, frames.as_ref(), &self.picked.device)?;
        let (weights, stretches) = (vec![trainee.parameter_count()], trainee.stretches());
        self.measure(trainee, stretches, &config.training.schedule, Known { weights, items, beside: 0 })
    }

    /// A scale whose steps take about as long as those of all scales in the mean.
    fn caw(&self, config: &CawConfig) -> Result<Option<Measured>> {
        let recording = match &self.settings.data {
            None => made_up_recording(config),
            Some(path) => Recording::read(path, &config.recording)?,
        };
        let trainee = CawTrainee::new(config.clone(), &recording, &[], &self.picked.device)?.at_mean_scale()?;
        let weights = trainee.parameter_counts().to_vec();
        let known = Known { weights, items: 1, beside: 0 };
        self.measure(trainee, || Ok(()), &config.training.schedule, known)
    }

    fn measure<T: Trainee>(
        &self,
        mut trainee: T,
        mut batches: impl Batches<T::Batch>,
        schedule: &Schedule,
        Known { weights, items, beside }: Known,
    ) -> Result<Option<Measured>> {
        let patience = self.settings.patience;
        let measured = Measured { weights, items, beside, found: Found::AtLeast(0.0), peak_memory: None };
        let run = RunDir::create(self.scratch, "", "")?;
        let watchdog = Watchdog::start(self.patience_for_the_first(), measured.clone());
        let trial = Trial { warm_up: WARM_UP, steps: STEPS, patience };
        let progress = &self.output.progress;
        let tried = trial.of(&mut trainee, &mut batches, &run, schedule, progress, |_| watchdog.call_off())?;
        let found = tried.map(Found::Timed);
        Ok(found.map(|found| Measured { found, peak_memory: adm_train::memory::peak(), ..measured }))
    }

    /// The first step asks for memory; on a GPU it also compiles, which takes a minute.
    fn patience_for_the_first(&self) -> Duration {
        self.settings.patience * if self.picked.is_cpu { 2 } else { 12 }
    }
}

/// What is known before anything is timed; see [`Measured`].
struct Known {
    weights: Vec<usize>,
    items: usize,
    beside: u64,
}
