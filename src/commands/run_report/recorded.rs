//! What a run's directory holds.

use super::configuration::Configuration;
use super::judged::{Judged, Unit};
use adm_models::Family;
use adm_models::provenance::Provenance;
use adm_train::metrics::{self, Row};
use adm_train::{RunDir, Sitting, TrainError, sitting};
use anyhow::Result;
use std::path::Path;

/// A run as it lies on disk.
pub struct Recorded {
    pub dir: RunDir,
    pub family: Family,
    pub configuration: Configuration,
    /// Nothing where `dataset.json` is damaged.
    pub provenance: Option<Provenance>,
    pub rows: Vec<Row>,
    /// Lines of `metrics.jsonl` that could not be read.
    pub damaged: usize,
    pub judged: Judged,
    pub sittings: Vec<Sitting>,
    pub state: State,
}

/// Whether a run is being trained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// A process is at it.
    Training,
    /// The last sitting ended, in these words.
    Ended(String),
    /// The last sitting has no end and nobody is at it: it crashed or was killed.
    CutOff,
    /// The run is older than `sittings.jsonl`, or no step was done.
    Unknown,
}

impl Recorded {
    /// Reads a run.
    ///
    /// # Errors
    /// No run, one of an unknown family, files that cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        let family = Family::of_run(root)?;
        let dir = RunDir::open(root)?;
        let (rows, damaged) = match dir.metrics().exists() {
            true => metrics::read_counting(&dir.metrics())?,
            false => (Vec::new(), 0),
        };
        let sittings = sitting::read(&dir);
        Ok(Self {
            family,
            configuration: Configuration::read(&dir, family)?,
            provenance: Provenance::load(&dir.dataset()).ok(),
            judged: Judged::of(&rows, Unit::of(family)),
            state: State::of(&dir, sittings.last()),
            rows,
            damaged,
            sittings,
            dir,
        })
    }

    /// The directory's own name.
    pub fn name(&self) -> String {
        let path = std::path::absolute(self.dir.root()).unwrap_or_else(|_| self.dir.root().to_owned());
        path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
    }

    /// The kind of model, as a sentence begins.
    pub fn kind(&self) -> &'static str {
        match self.family {
            Family::Gan => "A generator of beats",
            Family::Autoencoder => "An auto-encoder of beats",
            Family::Sequencer => "A sequencer of beats",
            Family::Mdn => "A mixture density network",
            Family::Diffusion => "A diffusion model of beats",
            Family::Caw => "A pyramid of waveforms",
        }
    }

    /// The dataset's own name.
    pub fn dataset_name(&self) -> String {
        let name =
            |provenance: &Provenance| provenance.path.file_name().map(|name| name.to_string_lossy().into_owned());
        self.provenance.as_ref().and_then(name).unwrap_or_else(|| "unknown".to_owned())
    }

    /// Steps done.
    pub fn steps(&self) -> u64 {
        let ended = self.sittings.iter().filter_map(|sitting| sitting.to_step).max();
        self.rows.last().map(|row| row.step).max(ended).unwrap_or(0)
    }

    /// Seconds of training, all sittings together.
    pub fn seconds(&self) -> f64 {
        self.rows.last().map_or(0.0, |row| row.seconds)
    }

    /// Steps a second.
    pub fn rate(&self) -> Option<f64> {
        self.rows.last().filter(|row| row.seconds > 0.0).map(|row| row.step as f64 / row.seconds)
    }

    /// What it was trained on last.
    pub fn device(&self) -> Option<&str> {
        self.sittings.last().map(|sitting| &*sitting.device)
    }
}

impl State {
    fn of(dir: &RunDir, last: Option<&Sitting>) -> Self {
        match last {
            None => Self::Unknown,
            Some(Sitting { ended: Some(ended), .. }) => Self::Ended(ended.clone()),
            Some(_) => match dir.lock() {
                Err(TrainError::InUse { .. }) => Self::Training,
                _ => Self::CutOff,
            },
        }
    }

    /// In words.
    pub fn sentence(&self, step: u64) -> Option<String> {
        match self {
            Self::Training => Some(format!("It is being trained: step {step} so far.")),
            Self::Ended(why) => Some(format!("The last sitting ended at step {step}: {why}.")),
            Self::CutOff => Some(format!(
                "The last sitting was cut off around step {step}; --resume goes on from its last checkpoint."
            )),
            Self::Unknown => None,
        }
    }
}
