//! `adm train caw`: one recording to a run that makes more like it.

mod holes;
mod report;

pub use report::Trained;

use super::watched::{self, Setting};
use crate::commands::preview;
use crate::output::{Hinted, Output};
use crate::settings::{CawSettings, Start, TrainSettings, Until};
use adm_core::Observer;
use adm_models::caw::{CawConfig, CawError, CawTrainee, Hole, RECORDING, Recording, Resolved};
use adm_models::provenance::Provenance;
use adm_models::{Family, ModelError};
use adm_train::device::{self, Picked};
use adm_train::{Budget, RunDir};
use anyhow::{Context, Result};
use std::path::Path;
use std::time::Instant;

/// Seconds below which a recording has little to learn from.
const USUAL: f64 = 20.0;

/// What is learned from, and as what.
struct Lesson {
    config: CawConfig,
    recording: Recording,
    holes: Vec<Hole>,
    provenance: Provenance,
}

/// Trains as the settings say.
pub fn train(settings: &CawSettings, output: &Output) -> Result<Trained> {
    let lesson = match &settings.train.start {
        Start::New { config, data } => {
            RunDir::refuse_existing(&settings.train.run)?;
            Lesson::new(settings, config, data, output)?
        }
        Start::Resume { data } => Lesson::of_run(&settings.train.run, data.as_deref())?,
    };
    let picked = device::pick(settings.train.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    picked.watch(|| learn(&settings.train, lesson, &picked, output))?
}

impl Lesson {
    fn new(settings: &CawSettings, config: &CawConfig, path: &Path, output: &Output) -> Result<Self> {
        let recording = Recording::read(path, &config.recording)?;
        if recording.length().0 < USUAL {
            output.progress.note(&format!("the recording lasts {}: 20 s and more vary more", recording.length()));
        }
        let holes = holes::resolve(&settings.holes, settings.bpm, path, &output.progress)?;
        recording.warnings.iter().for_each(|warning| output.progress.warn(warning));
        note_left_out(config, &recording, output);
        let provenance = Provenance::of_recording(path, recording.fingerprint());
        Ok(Self { config: config.clone(), recording, holes, provenance })
    }

    /// That of a run, which has a copy of its recording.
    fn of_run(root: &Path, given: Option<&Path>) -> Result<Self> {
        expect_caw(root)?;
        let run = RunDir::open(root)?;
        let (Resolved { caw: config, sound }, provenance) =
            (Resolved::load(&run.config())?, Provenance::load(&run.dataset())?);
        let recording = recording_of(root, config.recording.channels, &provenance)?;
        let other = given.map(|path| Recording::read_plain(path, config.recording.channels)).transpose()?;
        if let Some(got) = other.as_ref().map(Recording::fingerprint).filter(|got| *got != provenance.fingerprint) {
            return Err(ModelError::from(CawError::OtherRecording { expected: provenance.fingerprint, got }).into());
        }
        Ok(Self { config, recording, holes: sound.holes, provenance })
    }
}

/// A run's own copy of the recording that it learns.
pub fn recording_of(root: &Path, channels: usize, began: &Provenance) -> Result<Recording> {
    let path = root.join(RECORDING);
    let hinted = |message: String| Hinted::new(message, "put the run's own recording.wav back, or train another --run");
    let recording = Recording::read_plain(&path, channels);
    let recording = recording.with_context(|| hinted(format!("cannot go on without {}", path.display())))?;
    let (expected, got) = (began.fingerprint.clone(), recording.fingerprint());
    if expected != got {
        let error = anyhow::Error::new(CawError::OtherRecording { expected, got });
        return Err(error.context(hinted(format!("{} is not what the run learned", path.display()))));
    }
    Ok(recording)
}

/// Says which rates of the pyramid are above all that the recording holds.
fn note_left_out(config: &CawConfig, recording: &Recording, output: &Output) {
    let above = config.pyramid.rates.iter().filter(|&&rate| rate > recording.rate.hz());
    let above: Vec<String> = above.map(u32::to_string).collect();
    if !above.is_empty() && above.len() < config.pyramid.rates.len() {
        let (rate, above) = (recording.rate, above.join(", "));
        output.progress.note(&format!("the recording is sampled at {rate}: left out of the pyramid are {above} Hz"));
    }
}

/// Checks that a run is of this family.
fn expect_caw(root: &Path) -> Result<(), ModelError> {
    match Family::of_run(root)? {
        Family::Caw => Ok(()),
        other => {
            let (path, expected, got) = (root.to_owned(), Family::Caw.name(), other.name());
            Err(ModelError::OtherFamily { path, expected, got })
        }
    }
}

/// Trains on a device that is open.
fn learn(settings: &TrainSettings<CawConfig>, lesson: Lesson, picked: &Picked, output: &Output) -> Result<Trained> {
    let Lesson { config, recording, holes, provenance } = lesson;
    let trainee = CawTrainee::new(config.clone(), &recording, &holes, &picked.device)?;
    let missing = holes.iter().map(|hole| (hole.from, hole.to)).collect();
    let trainee = match settings.until.minutes {
        None => trainee,
        Some(minutes) => trainee.within(minutes),
    };
    let write = preview::writer();
    let mut trainee = trainee
        .with_preview(Box::new(move |sound, channels, rate, path| write(&[sound.to_vec()], channels, rate, path)));
    let run = match &settings.start {
        Start::Resume { .. } => RunDir::open(&settings.run)?,
        Start::New { .. } => create(&settings.run, &trainee, &recording, &provenance)?,
    };
    let budget = budget(settings.until, &config, trainee.rates().len());
    let (schedule, device, began) = (&config.training.schedule, &*picked.description, Instant::now());
    let setting = Setting { run: &run, schedule, budget, device };
    let summary = watched::train(&mut trainee, |_| Ok(|| Ok(())), setting, output)?;
    Ok(Trained {
        run: settings.run.clone(),
        device: picked.description.clone(),
        weights: trainee.parameter_counts(),
        recording: recording.length().0,
        holes: missing,
        rates: trainee.rates().to_vec(),
        scale: trainee.finished() + 1,
        seconds: began.elapsed().as_secs_f64(),
        summary,
    })
}

/// A run's folder with the recording in it.
fn create(root: &Path, trainee: &CawTrainee, recording: &Recording, provenance: &Provenance) -> Result<RunDir> {
    let config = trainee.resolved_config().context("cannot write the configuration")?;
    let keep = |root: &Path| Ok::<(), anyhow::Error>(recording.write(&root.join(RECORDING))?);
    RunDir::create_with(root, &config, &provenance.to_json(), keep)
}

fn budget(until: Until, config: &CawConfig, scales: usize) -> Budget {
    let all = config.training.steps * scales as u64;
    Budget { steps: until.steps.or(until.is_open().then_some(all)), minutes: until.minutes }
}
