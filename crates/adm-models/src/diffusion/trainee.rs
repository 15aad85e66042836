//! A diffusion model in the training loop.

use std::path::Path;
use std::sync::Arc;

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use adm_dataset::Dataset;
use adm_dataset::stream::Batch;
use adm_train::{Judgement, Learner, StepContext, TrainError, Trainee, ema, weights};
use burn::module::Module;
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::painter::start;
use super::{DiffusionConfig, Exercise, Method, Painter, Process, Resolved, Sampling, Told, Unet, loss};
use crate::frontend::{BatchPlan, Frontend};
use crate::labels::{Labels, Shares, wanted};
use crate::{BeatConfig, BeatTrainee, ModelError, Onlookers, Sampler};

const NAME: &str = "network";
/// The file of the averaged weights within a checkpoint.
pub(super) const AVERAGED: &str = "network-average.safetensors";

/// The network, its average, and what its values mean.
pub struct DiffusionTrainee {
    config: DiffusionConfig,
    frontend: Frontend,
    /// Of every slice, where the network is told any.
    labels: Option<Labels>,
    shares: Option<Shares>,
    process: Process,
    learner: Learner<Unet>,
    averaged: Unet,
    /// For tensors that need gradients.
    device: Device,
    /// For those that need none.
    plain: Device,
    onlookers: Onlookers,
}

impl DiffusionTrainee {
    /// A network with starting weights for a dataset, on `device` (without autodiff); a conditional configuration is told the label of
    /// every slice, and another none.
    ///
    /// # Errors
    /// A dataset that does not fit the configuration, labels that do not fit the dataset, or one without the other.
    pub fn new(
        config: DiffusionConfig,
        dataset: &Dataset,
        labels: Option<Labels>,
        device: &Device,
    ) -> Result<Self, ModelError> {
        config.validate()?;
        let frontend = config.slices().frontend(dataset)?;
        let shares = wanted(config.condition.is_some(), labels.as_ref(), dataset)?;
        Self::of_parts(config, frontend, labels.zip(shares), device)
    }

    /// A network for what a frontend makes, with the labels of slices and how often each comes.
    pub(super) fn of_parts(
        config: DiffusionConfig,
        frontend: Frontend,
        labels: Option<(Labels, Shares)>,
        device: &Device,
    ) -> Result<Self, ModelError> {
        let shape = frontend.shape();
        config.check_shape(shape)?;
        let (labels, shares) = labels.unzip();
        let told = config.told(shares.as_ref());
        let training = device.clone().autodiff();
        Ok(Self {
            process: Process::new(&config.noise, &config.objective),
            learner: config.optimizer.learner(start(&config, shape, told, &training)),
            averaged: start(&config, shape, told, device),
            frontend,
            labels,
            shares,
            config,
            device: training,
            plain: device.clone(),
            onlookers: Onlookers::default(),
        })
    }

    /// The averaged network, ready to be sampled from as judging does: by DDIM in few steps.
    pub fn sampler(&self) -> Sampler {
        let steps = self.config.training.judge_steps;
        let sampling = Sampling { method: Method::Ddim, steps, ..self.config.sampling };
        let (shape, told) = (self.frontend.shape(), self.told());
        let painter = Painter::new(self.averaged.clone(), &self.config, shape, told, &self.plain);
        let maker = Box::new(painter.with_sampling(sampling));
        Sampler::of(maker, self.frontend.clone(), self.shares.clone(), self.plain.clone())
    }

    fn told(&self) -> Option<Told> {
        self.config.told(self.shares.as_ref())
    }

    fn seeds(&self) -> Seeds {
        Seeds::new(self.config.seed)
    }

    fn tensor(&self, batch: Batch) -> Tensor<4> {
        let shape = batch.shape;
        let dims = [batch.indices.len(), shape.channels, shape.bins, shape.frames];
        Tensor::from_data(TensorData::new(batch.values, dims), &self.device)
    }

    /// What a network that is told anything is told of a batch: the label of each slice, or, of a share of them, none.
    fn labels(&self, indices: &[usize], step: u64) -> Option<Tensor<2, Int>> {
        let (labels, told, condition) = (self.labels.as_ref()?, self.told()?, self.config.condition?);
        let mut forgets = self.seeds().stream("forget", step);
        let mut of = |&slice: &usize| {
            let label = labels.of(slice);
            let forgotten = forgets.random::<f64>() < condition.forget;
            if forgotten { told.nothing() } else { [label.token as i32, i32::from(label.position)] }
        };
        let values: Vec<i32> = indices.iter().flat_map(&mut of).collect();
        Some(Tensor::from_data(TensorData::new(values, [indices.len(), 2]), &self.device))
    }
}

impl BeatTrainee for DiffusionTrainee {
    type Config = DiffusionConfig;

    fn with_onlookers(self, onlookers: Onlookers) -> Self {
        Self { onlookers, ..self }
    }

    fn resolved_config(&self) -> Result<String, toml::ser::Error> {
        crate::config::write(&Resolved::new(&self.config, &self.frontend, self.shares.clone()))
    }

    fn batch_plan(&self, dataset: Arc<Dataset>) -> BatchPlan {
        self.config.slices().batch_plan(dataset, &self.frontend)
    }

    fn parameter_counts(&self) -> Vec<(&'static str, usize)> {
        vec![("network", self.learner.module().num_params())]
    }
}

impl Trainee for DiffusionTrainee {
    type Batch = Batch;

    fn metric_names(&self) -> &'static [&'static str] {
        &["diffusion_loss", "diffusion_norm"]
    }

    fn step(&mut self, context: StepContext, batch: Batch) -> Result<Vec<f64>, TrainError> {
        let labels = self.labels(&batch.indices, context.step);
        let recorded = self.tensor(batch);
        let Exercise { noisy, target, steps } = Exercise::draw(&self.process, recorded, self.seeds(), context.step);
        let said = self.learner.module().forward(noisy, &steps, labels);
        let loss = loss(&self.process, said, target, &steps);
        let values = self.config.optimizer.descend(&mut self.learner, loss, context);
        let decay = self.config.training.ema;
        self.averaged = ema::update(self.averaged.clone(), self.learner.module(), decay, context.step);
        Ok(values)
    }

    fn preview(&mut self, folder: &Path, step: u64) -> Result<(), TrainError> {
        self.onlookers.preview(|| Ok(self.sampler()), self.seeds(), (folder, step))
    }

    fn judge(&mut self, _step: u64) -> Result<Option<Judgement>, TrainError> {
        let (sampler, seeds) = (self.sampler(), self.seeds());
        self.onlookers.judge(|| Ok(sampler), seeds)
    }

    fn save(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.learner.save(folder, NAME)?;
        weights::save(&weights::collect(&self.averaged), &folder.join(AVERAGED))
    }

    fn load(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.learner.load(folder, NAME, &self.plain)?;
        self.averaged = weights::apply(self.averaged.clone(), &weights::load(&folder.join(AVERAGED))?)?;
        Ok(())
    }
}
