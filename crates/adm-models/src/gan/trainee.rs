//! A GAN in the training loop.

use std::path::Path;
use std::sync::Arc;

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use adm_dataset::Dataset;
use adm_dataset::stream::Batch;
use adm_train::{Judgement, StepContext, TrainError, Trainee};
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::GanConfig;
use super::augment::Content;
use super::duel::{Duel, Learned, Recorded};
use super::resolved::Resolved;
use super::rows::Rows;
use super::sample::GanMaker;
use crate::frontend::{BatchPlan, Frontend};
use crate::labels::{Label, Labels, Shares, label_tensor, wanted};
use crate::{BeatConfig, BeatTrainee, ModelError, Onlookers, Sampler};

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
    onlookers: Onlookers,
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
        let frontend = config.slices().frontend(dataset)?;
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
        Ok(Self { config, frontend, content, duel, labels, rows, onlookers: Onlookers::default() })
    }

    /// What the networks' values mean.
    pub fn frontend(&self) -> &Frontend {
        &self.frontend
    }

    /// The averaged generator, ready to be sampled from.
    pub fn sampler(&mut self) -> Sampler {
        sampler(&mut self.duel, &self.frontend, &self.config)
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
}

fn sampler(duel: &mut Duel, frontend: &Frontend, config: &GanConfig) -> Sampler {
    let (generator, config) = (duel.averaged().clone(), config.clone());
    let maker = Box::new(GanMaker { generator, config });
    Sampler::of(maker, frontend.clone(), duel.shares().cloned(), duel.plain_device().clone())
}

impl BeatTrainee for GanTrainee {
    type Config = GanConfig;

    fn with_onlookers(self, onlookers: Onlookers) -> Self {
        Self { onlookers, ..self }
    }

    fn resolved_config(&self) -> Result<String, toml::ser::Error> {
        crate::config::write(&Resolved::new(&self.config, &self.frontend, self.duel.learned().clone()))
    }

    fn batch_plan(&self, dataset: Arc<Dataset>) -> BatchPlan {
        self.config.slices().batch_plan(dataset, &self.frontend)
    }

    fn parameter_counts(&self) -> Vec<(&'static str, usize)> {
        let [generator, discriminator] = self.duel.parameter_counts();
        vec![("generator", generator), ("discriminator", discriminator)]
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
        let Self { duel, frontend, config, onlookers, .. } = self;
        onlookers.preview(|| Ok(sampler(duel, frontend, config)), Seeds::new(config.seed), (folder, step))
    }

    fn judge(&mut self, _step: u64) -> Result<Option<Judgement>, TrainError> {
        let Self { duel, frontend, config, onlookers, .. } = self;
        onlookers.judge(|| Ok(sampler(duel, frontend, config)), Seeds::new(config.seed))
    }

    fn save(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.duel.save(folder)
    }

    fn load(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.duel.load(folder)
    }
}
