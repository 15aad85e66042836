//! What a family supplies to the loop.

use std::path::Path;

use crate::TrainError;

/// What a step is told.
#[derive(Debug, Clone, Copy)]
pub struct StepContext {
    /// Number of this step, from 0.
    pub step: u64,
    /// Whether the returned metrics will be looked at. Reading numbers back from a GPU makes it wait, so a family computes
    /// none where this is false.
    pub measure: bool,
}

/// What a family says of itself beside held-out data.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judgement {
    /// How far it is from held-out data; lower is better, and infinite where it cannot tell.
    pub distance: f64,
    /// What else was measured on the way, by name; logged beside the distance.
    pub details: Vec<(&'static str, f64)>,
    /// Whether it has learned what it was asked to, so that training may end; a few words on why.
    pub enough: Option<String>,
}

impl From<f64> for Judgement {
    /// A distance and nothing else.
    fn from(distance: f64) -> Self {
        Self { distance, ..Self::default() }
    }
}

/// A model in training.
pub trait Trainee {
    /// What one step consumes.
    type Batch: Send + 'static;

    /// Names of the numbers that [`step`](Self::step) returns, in order. Those ending in `_norm` are gradient norms.
    fn metric_names(&self) -> &'static [&'static str];

    /// One optimiser step of every network. Returns the metrics where the context asks for them, else nothing.
    ///
    /// # Errors
    /// Whatever the family's work returns.
    fn step(&mut self, context: StepContext, batch: Self::Batch) -> Result<Vec<f64>, TrainError>;

    /// Writes previews on a fixed noise vector into `folder`, for example `step-000200.wav` and `.png`.
    ///
    /// # Errors
    /// Whatever the family's work returns.
    fn preview(&mut self, folder: &Path, step: u64) -> Result<(), TrainError>;

    /// Compares itself with held-out data. `None` where the family cannot tell.
    ///
    /// # Errors
    /// Whatever the family's work returns.
    fn judge(&mut self, step: u64) -> Result<Option<Judgement>, TrainError>;

    /// Writes everything needed to continue bit-exactly into `folder`.
    ///
    /// # Errors
    /// Whatever the file system returns.
    fn save(&mut self, folder: &Path) -> Result<(), TrainError>;

    /// Restores what [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// A missing or damaged file, or one of another network.
    fn load(&mut self, folder: &Path) -> Result<(), TrainError>;
}

/// Where batches come from: prepared ahead by worker threads, one for each step, the same whatever came before.
pub trait Batches<T> {
    /// The batch of the next step.
    ///
    /// # Errors
    /// Whatever stopped the workers.
    fn next(&mut self) -> Result<T, TrainError>;
}

impl<T, F: FnMut() -> Result<T, TrainError>> Batches<T> for F {
    fn next(&mut self) -> Result<T, TrainError> {
        self()
    }
}
