//! A diffusion model in the training loop.

use std::path::Path;
use std::sync::Arc;

use adm_core::{SampleRate, Seeds};
use adm_dataset::Dataset;
use adm_dataset::stream::Batch;
use adm_train::optimizer::{clip, gradient_norm};
use adm_train::{Judgement, Learner, Rule, StepContext, TrainError, Trainee, ema, weights};
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};

use super::painter::start;
use super::resolved::Resolved;
use super::{DiffusionConfig, Exercise, Method, Painter, Process, Sampler, Sampling, Unet, loss};
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

const NAME: &str = "network";
/// The file of the averaged weights within a checkpoint.
pub(super) const AVERAGED: &str = "network-average.safetensors";

/// The network, its average, and what its values mean.
pub struct DiffusionTrainee {
    config: DiffusionConfig,
    frontend: Frontend,
    process: Process,
    learner: Learner<Unet>,
    averaged: Unet,
    /// For tensors that need gradients.
    device: Device,
    /// For those that need none.
    plain: Device,
    judge: Option<Judge>,
    write_preview: Option<WritePreview>,
}

impl DiffusionTrainee {
    /// A network with starting weights for a dataset, on `device` (without autodiff).
    ///
    /// # Errors
    /// A dataset that does not fit the configuration.
    pub fn new(config: DiffusionConfig, dataset: &Dataset, device: &Device) -> Result<Self, ModelError> {
        config.validate()?;
        config.check_rate(dataset.rate())?;
        let frontend = Frontend::for_dataset(dataset, &config.representation, config.scaling)?;
        Self::of_parts(config, frontend, device)
    }

    /// A network for what a frontend makes.
    pub(super) fn of_parts(config: DiffusionConfig, frontend: Frontend, device: &Device) -> Result<Self, ModelError> {
        let shape = frontend.shape();
        config.check_shape(shape)?;
        let training = device.clone().autodiff();
        let network = start(&config, shape, None, &training);
        let rule = Rule::Adam(config.optimizer.adam());
        Ok(Self {
            process: Process::new(&config.noise, &config.objective),
            learner: Learner::new(network, rule).with_decay(config.optimizer.decay),
            averaged: start(&config, shape, None, device),
            frontend,
            config,
            device: training,
            plain: device.clone(),
            judge: None,
            write_preview: None,
        })
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
        crate::config::write(&Resolved::new(&self.config, &self.frontend))
    }

    /// What its batches are made of.
    pub fn batch_plan(&self, dataset: Arc<Dataset>) -> BatchPlan {
        BatchPlan { dataset, frontend: self.frontend.clone(), batch: self.config.training.batch, seeds: self.seeds() }
    }

    /// What the network's values mean.
    pub fn frontend(&self) -> &Frontend {
        &self.frontend
    }

    /// Number of weights.
    pub fn parameter_count(&self) -> usize {
        self.learner.module().num_params()
    }

    /// The averaged network, ready to be sampled from as judging does: by DDIM in few steps.
    pub fn sampler(&self) -> Sampler {
        let steps = self.config.training.judge_steps;
        let sampling = Sampling { method: Method::Ddim, steps, ..self.config.sampling };
        let config = DiffusionConfig { sampling, ..self.config.clone() };
        let painter = Painter::new(self.averaged.clone(), &config, self.frontend.shape(), None, &self.plain);
        Sampler::of(painter, self.frontend.clone())
    }

    fn seeds(&self) -> Seeds {
        Seeds::new(self.config.seed)
    }

    fn tensor(&self, batch: Batch) -> Tensor<4> {
        let shape = batch.shape;
        let dims = [batch.indices.len(), shape.channels, shape.bins, shape.frames];
        Tensor::from_data(TensorData::new(batch.values, dims), &self.device)
    }

    fn samples(&self, count: usize, stream: &str) -> Result<Vec<Vec<f32>>, TrainError> {
        let slices = self.sampler().random(count, self.seeds(), stream);
        slices.map_err(|error| TrainError::family("generating samples")(Box::new(error)))
    }
}

impl Trainee for DiffusionTrainee {
    type Batch = Batch;

    fn metric_names(&self) -> &'static [&'static str] {
        &["diffusion_loss", "diffusion_norm"]
    }

    fn step(&mut self, context: StepContext, batch: Batch) -> Result<Vec<f64>, TrainError> {
        let (network, optimizer) = (self.learner.module(), &self.config.optimizer);
        let recorded = self.tensor(batch);
        let Exercise { noisy, target, steps } = Exercise::draw(&self.process, recorded, self.seeds(), context.step);
        let loss = loss(&self.process, network.forward(noisy, &steps, None), target, &steps);
        let value = context.measure.then(|| loss.clone().into_data().iter::<f64>().sum::<f64>());
        let grads = GradientsParams::from_grads(loss.backward(), network);
        let norm = context.measure.then(|| gradient_norm(&grads, network));
        let grads = clip(grads, network, optimizer.clip);
        self.learner.step(grads, optimizer.rate_scale(context.step));
        self.averaged =
            ema::update(self.averaged.clone(), self.learner.module(), self.config.training.ema, context.step);
        Ok(value.into_iter().chain(norm).collect())
    }

    fn preview(&mut self, folder: &Path, step: u64) -> Result<(), TrainError> {
        let Some(write) = &self.write_preview else { return Ok(()) };
        let slices = self.samples(PREVIEWED, "preview")?;
        let (channels, rate) = (self.frontend.representation.slice_channels(), self.frontend.rate);
        let path = folder.join(format!("step-{step:06}"));
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
        self.learner.save(folder, NAME)?;
        weights::save(&weights::collect(&self.averaged), &folder.join(AVERAGED))
    }

    fn load(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.learner.load(folder, NAME, &self.plain)?;
        self.averaged = weights::apply(self.averaged.clone(), &weights::load(&folder.join(AVERAGED))?)?;
        Ok(())
    }
}
