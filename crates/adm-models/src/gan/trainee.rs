//! A GAN in the training loop.

use std::path::Path;
use std::sync::Arc;

use adm_core::seeds::RngExt;
use adm_core::{SampleRate, Seeds};
use adm_dataset::Dataset;
use adm_dataset::stream::Batch;
use adm_train::{Judgement, StepContext, TrainError, Trainee};
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::augment::Content;
use super::duel::{Duel, Learned, Recorded};
use super::labels::wanted;
use super::resolved::Resolved;
use super::rows::Rows;
use super::{GanConfig, Label, Labels, Sampler, Shares, label_tensor};
use crate::ModelError;
use crate::frontend::{BatchPlan, Frontend};

/// Compares generated slices with held-out ones.
pub type Judge = Box<dyn FnMut(&[Vec<f32>]) -> Judgement>;

/// Any error of a caller's own.
pub type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Writes the preview of a step: slices, channels, rate, and the path without extension.
pub type WritePreview = Box<dyn Fn(&[Vec<f32>], usize, SampleRate, &Path) -> Result<(), AnyError>>;

/// Slices that the judge sees.
const JUDGED: usize = 256;

/// Beats in a preview.
const PREVIEWED: usize = 8;

/// What is known of the slices that are learned from.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Of every slice, and how often each comes, where the networks are conditional.
    pub labels: Option<Labels>,
    pub shares: Option<Shares>,
    /// Where they have codes.
    pub rows: Option<Rows>,
}

/// The networks, and what their values mean.
pub struct GanTrainee {
    config: GanConfig,
    frontend: Frontend,
    content: Content,
    duel: Duel,
    /// Of every slice, where the networks are conditional.
    labels: Option<Labels>,
    /// Of the training slices, where they have codes.
    rows: Option<Rows>,
    judge: Option<Judge>,
    write_preview: Option<WritePreview>,
}

impl GanTrainee {
    /// Networks with starting weights for a dataset, on `device` (without autodiff).
    ///
    /// # Errors
    /// A dataset that does not fit the configuration, or a conditional one: [`labelled`](Self::labelled) makes those.
    pub fn new(config: GanConfig, dataset: &Dataset, device: &Device) -> Result<Self, ModelError> {
        Self::with(config, dataset, None, device)
    }

    /// The same for a conditional configuration, which is told the label of every slice.
    ///
    /// # Errors
    /// A dataset that does not fit the configuration, labels that do not fit the dataset, or a configuration that is not
    /// conditional.
    pub fn labelled(config: GanConfig, dataset: &Dataset, labels: Labels, device: &Device) -> Result<Self, ModelError> {
        Self::with(config, dataset, Some(labels), device)
    }

    fn with(config: GanConfig, dataset: &Dataset, labels: Option<Labels>, device: &Device) -> Result<Self, ModelError> {
        config.validate()?;
        config.check_rate(dataset.rate())?;
        let frontend = Frontend::for_dataset(dataset, &config.representation, config.scaling)?;
        let shares = wanted(config.condition.is_some(), labels.as_ref(), dataset)?;
        let rows = config.codes.map(|_| Rows::of(dataset).with_versions(config.augment.versions()));
        Self::of_parts(config, frontend, Known { labels, shares, rows }, device)
    }

    /// Networks for what a frontend makes, with what is known of its slices.
    pub(super) fn of_parts(
        config: GanConfig,
        frontend: Frontend,
        known: Known,
        device: &Device,
    ) -> Result<Self, ModelError> {
        let Known { labels, shares, rows } = known;
        let content = Content::of(&frontend);
        config.check_content(&content)?;
        let learned = Learned { shares, beats: rows.as_ref().map_or(0, Rows::len) };
        let duel = Duel::new(&config, frontend.shape(), learned, device)?;
        let duel = match (&rows, &labels) {
            (Some(rows), Some(labels)) => duel.with_tokens(&rows.tokens(labels)),
            _ => duel,
        };
        Ok(Self { config, frontend, content, duel, labels, rows, judge: None, write_preview: None })
    }

    /// Has samples judged in training.
    #[must_use]
    pub fn with_judge(self, judge: Judge) -> Self {
        Self { judge: Some(judge), ..self }
    }

    /// Has previews written in training.
    #[must_use]
    pub fn with_preview(self, write: WritePreview) -> Self {
        Self { write_preview: Some(write), ..self }
    }

    /// The run's `config.toml`: every setting as it was resolved, which reloads as it is.
    ///
    /// # Errors
    /// None that a valid configuration can cause.
    pub fn resolved_config(&self) -> Result<String, toml::ser::Error> {
        crate::config::write(&Resolved::new(&self.config, &self.frontend, self.duel.learned().clone()))
    }

    /// What its batches are made of.
    pub fn batch_plan(&self, dataset: Arc<Dataset>) -> BatchPlan {
        BatchPlan { dataset, frontend: self.frontend.clone(), batch: self.config.training.batch, seeds: self.seeds() }
    }

    /// What the networks' values mean.
    pub fn frontend(&self) -> &Frontend {
        &self.frontend
    }

    /// Weights in the generator and in the discriminator.
    pub fn parameter_counts(&self) -> [usize; 2] {
        self.duel.parameter_counts()
    }

    /// The averaged generator, ready to be sampled from.
    pub fn sampler(&mut self) -> Sampler {
        let device = self.duel.plain_device().clone();
        let (frontend, config, shares) = (self.frontend.clone(), self.config.clone(), self.duel.shares().cloned());
        Sampler::of(self.duel.averaged().clone(), frontend, config, shares, device)
    }

    fn seeds(&self) -> Seeds {
        Seeds::new(self.config.seed)
    }

    fn tensor(&self, batch: Batch) -> Tensor<4> {
        let shape = batch.shape;
        let dims = [batch.indices.len(), shape.channels, shape.bins, shape.frames];
        Tensor::from_data(TensorData::new(batch.values, dims), self.duel.device())
    }

    /// Which version of its beats the batch of a step is of: themselves, or higher or lower copies.
    fn version(&self, step: u64) -> usize {
        match self.config.augment.versions() {
            1 => 0,
            versions => self.seeds().stream("copies", step).random_range(0..versions),
        }
    }

    /// That version of a batch.
    fn copies(&self, beats: Tensor<4>, version: usize) -> Tensor<4> {
        let apart = self.config.augment.pitch_copies;
        let shift = match version {
            0 => None,
            1 => self.content.shift(apart),
            _ => self.content.shift(-apart),
        };
        shift.map_or(beats.clone(), |shift| shift.apply(beats))
    }

    /// The labels of a batch, where the networks are conditional.
    fn labels(&self, batch: &Batch) -> Option<Tensor<2, Int>> {
        let labels = self.labels.as_ref()?;
        let of_batch: Vec<Label> = batch.indices.iter().map(|&slice| labels.of(slice)).collect();
        Some(label_tensor(&of_batch, self.duel.device()))
    }

    fn samples(&mut self, count: usize, stream: &str) -> Result<Vec<Vec<f32>>, TrainError> {
        let slices = self.sampler().random(count, self.seeds(), stream);
        slices.map_err(|error| TrainError::family("generating samples")(Box::new(error)))
    }
}

impl Trainee for GanTrainee {
    type Batch = Batch;

    fn metric_names(&self) -> &'static [&'static str] {
        &["discriminator_loss", "discriminator_norm", "generator_loss", "generator_norm"]
    }

    fn step(&mut self, context: StepContext, batch: Batch) -> Result<Vec<f64>, TrainError> {
        let labels = self.labels(&batch);
        let version = self.version(context.step);
        let beats = self.rows.as_ref().map(|rows| rows.tensor(&batch.indices, version, self.duel.device()));
        let recorded = Recorded { tensors: self.copies(self.tensor(batch), version), labels, beats };
        Ok(self.duel.step(recorded, &self.content, context))
    }

    fn preview(&mut self, folder: &Path, step: u64) -> Result<(), TrainError> {
        if self.write_preview.is_none() {
            return Ok(());
        }
        let slices = self.samples(PREVIEWED, "preview")?;
        let (channels, rate) = (self.frontend.representation.slice_channels(), self.frontend.rate);
        let path = folder.join(format!("step-{step:06}"));
        let Some(write) = &self.write_preview else { return Ok(()) };
        write(&slices, channels, rate, &path).map_err(TrainError::family("writing a preview"))
    }

    fn judge(&mut self, _step: u64) -> Result<Option<Judgement>, TrainError> {
        if self.judge.is_none() {
            return Ok(None);
        }
        // The same noise every time: two judgements then differ by the network and not by the draw.
        let slices = self.samples(JUDGED, "judge")?;
        Ok(self.judge.as_mut().map(|judge| judge(&slices)))
    }

    fn save(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.duel.save(folder)
    }

    fn load(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.duel.load(folder)
    }
}
