//! A run's `dataset.json`: which dataset it learned from, and what its slices are in music.

use std::path::{Path, PathBuf};

use adm_core::{Bpm, SampleRate, Seconds};
use adm_dataset::{Dataset, Fit, Slicing, Vectors};
use adm_train::TrainError;
use serde::{Deserialize, Serialize};

use crate::ModelError;

/// Where a run's slices came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The dataset's folder.
    pub path: PathBuf,
    /// Its fingerprint: datasets with the same one train alike.
    pub fingerprint: String,
    /// Tempo of its slices; none for fixed windows.
    pub bpm: Option<Bpm>,
    /// Beats in a slice; 1 for fixed windows.
    pub beats_per_slice: usize,
    /// How recordings' beats became slices; none for fixed windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fit: Option<Fit>,
}

impl Provenance {
    /// Of a dataset.
    pub fn of(dataset: &Dataset) -> Self {
        let slicing = dataset.manifest().recipe().slicing;
        let (beats_per_slice, fit) = match slicing {
            Slicing::Beats { beats_per_slice, fit, .. } => (beats_per_slice, Some(fit)),
            Slicing::Windows { .. } => (1, None),
        };
        Self {
            path: std::path::absolute(dataset.dir()).unwrap_or_else(|_| dataset.dir().to_owned()),
            fingerprint: dataset.manifest().fingerprint.clone(),
            bpm: slicing.bpm(),
            beats_per_slice,
            fit,
        }
    }

    /// Of a file of rows.
    pub fn of_rows(path: &Path, rows: &Vectors) -> Self {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Self { path, fingerprint: rows.fingerprint(), bpm: None, beats_per_slice: 1, fit: None }
    }

    /// The tempo at which slices of so many frames are put one after another, and how many beats each then holds. Windows know of no
    /// beats; so that each plays to its end, it is said to hold some.
    pub fn pace(&self, frames: usize, rate: SampleRate) -> (Bpm, usize) {
        match self.bpm {
            Some(bpm) => (bpm, self.beats_per_slice),
            None => {
                let (pace, beats) = Bpm::filling(Seconds(frames as f64 / rate.as_f64()));
                (pace, beats as usize)
            }
        }
    }

    /// Of one recording.
    pub fn of_recording(path: &Path, fingerprint: String) -> Self {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Self { path, fingerprint, bpm: None, beats_per_slice: 1, fit: None }
    }

    /// As `dataset.json` holds it.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Reads a run's `dataset.json`.
    ///
    /// # Errors
    /// A file that is missing or damaged.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        let text = std::fs::read_to_string(path).map_err(TrainError::io("read", path))?;
        let damaged =
            |error: serde_json::Error| TrainError::Damaged { path: path.to_owned(), reason: error.to_string() };
        Ok(serde_json::from_str(&text).map_err(damaged)?)
    }

    /// Whether a dataset is the one that the run began with.
    ///
    /// # Errors
    /// It is another.
    pub fn check(&self, dataset: &Dataset) -> Result<(), ModelError> {
        self.check_fingerprint(&dataset.manifest().fingerprint)
    }

    /// The same by a fingerprint.
    ///
    /// # Errors
    /// It is another.
    pub fn check_fingerprint(&self, got: &str) -> Result<(), ModelError> {
        if got == self.fingerprint {
            return Ok(());
        }
        Err(ModelError::OtherDataset { expected: self.fingerprint.clone(), got: got.to_owned() })
    }
}
