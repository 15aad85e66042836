//! What the families that make beats have in common while they train, for whoever trains any of them.

use std::sync::Arc;

use adm_dataset::Dataset;
use adm_dataset::stream::Batch;
use adm_train::{RunDir, Schedule, Trainee};

use crate::frontend::BatchPlan;
use crate::{Family, ModelError, Onlookers, SliceSettings};

/// How long a training goes on where nobody says; what is first reached ends it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Length {
    /// Steps in all.
    pub steps: Option<u64>,
    /// Passes over the training split.
    pub epochs: Option<f64>,
    /// Minutes.
    pub minutes: Option<f64>,
}

/// The configuration of a family that makes beats.
pub trait BeatConfig: Clone {
    /// The family.
    const FAMILY: Family;

    /// What it says of the slices that are learned from.
    fn slices(&self) -> SliceSettings<'_>;

    /// What the loop does when.
    fn schedule(&self) -> &Schedule;

    /// How long, where nobody says.
    fn length(&self) -> Length;

    /// That of a run.
    ///
    /// # Errors
    /// A damaged run, or one of another family.
    fn of_run(run: &RunDir) -> Result<Self, ModelError>;
}

/// A family that makes beats, in training.
pub trait BeatTrainee: Trainee<Batch = Batch> + Sized {
    /// Its settings.
    type Config: BeatConfig;

    /// Has previews written and samples judged in training.
    #[must_use]
    fn with_onlookers(self, onlookers: Onlookers) -> Self;

    /// The run's `config.toml`: every setting as it was resolved, which reloads as it is.
    ///
    /// # Errors
    /// None that a valid configuration can cause.
    fn resolved_config(&self) -> Result<String, toml::ser::Error>;

    /// What its batches are made of.
    fn batch_plan(&self, dataset: Arc<Dataset>) -> BatchPlan;

    /// Its networks by name, with their weights.
    fn parameter_counts(&self) -> Vec<(&'static str, usize)>;
}
