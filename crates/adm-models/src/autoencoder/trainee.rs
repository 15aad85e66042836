//! An auto-encoder in the training loop.

use std::path::Path;
use std::sync::Arc;

use adm_core::Seeds;
use adm_dataset::stream::Batch;
use adm_dataset::{Dataset, Split};
use adm_train::{Judgement, Learner, StepContext, TrainError, Trainee, weights};
use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::objective::{divergence, error};
use super::resolved::Resolved;
use super::sample::{AutoencoderMaker, CODES, NAME, batch, start};
use super::{AutoencoderConfig, CodeKind, CodeSpread, Encoded, Network};
use crate::frontend::{BatchPlan, Frontend};
use crate::noise::{NoiseKind, latents};
use crate::{BeatConfig, BeatTrainee, ModelError, Onlookers, Sampler};

/// Slices whose codes are looked at, at most: enough for the covariance of a few hundred values.
const LOOKED_AT: usize = 512;

/// Held-out slices that are made again for a judgement, at most.
const MADE_AGAIN: usize = 128;

/// Slices at once where nothing is learned.
const BATCH: usize = 16;

/// Tensors in the network's range, one after another.
#[derive(Debug, Clone, Default)]
pub(super) struct Samples {
    pub training: Vec<f32>,
    pub held_out: Vec<f32>,
}

/// The network, and what its values mean.
pub struct AutoencoderTrainee {
    config: AutoencoderConfig,
    frontend: Frontend,
    samples: Samples,
    learner: Learner<Network>,
    /// For tensors that need gradients.
    device: Device,
    /// For those that need none.
    plain: Device,
    onlookers: Onlookers,
}

impl AutoencoderTrainee {
    /// A network with starting weights for a dataset, on `device` (without autodiff).
    ///
    /// # Errors
    /// A dataset that does not fit the configuration.
    pub fn new(config: AutoencoderConfig, dataset: &Dataset, device: &Device) -> Result<Self, ModelError> {
        config.validate()?;
        let frontend = config.slices().frontend(dataset)?;
        let of = |split, most| frontend.tensors_of(dataset, &dataset.indices(split), most);
        let samples = Samples { training: of(Split::Train, LOOKED_AT)?, held_out: of(Split::Validation, MADE_AGAIN)? };
        Self::of_parts(config, frontend, samples, device)
    }

    /// A network for what a frontend makes.
    pub(super) fn of_parts(
        config: AutoencoderConfig,
        frontend: Frontend,
        samples: Samples,
        device: &Device,
    ) -> Result<Self, ModelError> {
        let training = device.clone().autodiff();
        let learner = config.optimizer.learner(start(&config, &frontend, &training)?);
        let (plain, onlookers) = (device.clone(), Onlookers::default());
        Ok(Self { config, frontend, samples, learner, device: training, plain, onlookers })
    }

    fn seeds(&self) -> Seeds {
        Seeds::new(self.config.seed)
    }

    /// The network as it is now, without gradients.
    fn network(&self) -> Result<Network, ModelError> {
        let arrays = weights::collect(self.learner.module());
        Ok(weights::apply(start(&self.config, &self.frontend, &self.plain)?, &arrays)?)
    }

    /// The codes of tensors one after another.
    fn encoded(&self, network: &Network, tensors: &[f32]) -> Encoded {
        let parts = tensors.chunks(BATCH * self.frontend.shape().size());
        let (mut means, mut logs) = (Vec::new(), Vec::new());
        for part in parts {
            let Encoded { mean, log_variance } =
                network.encoder.forward(batch(&self.frontend, part.to_vec(), &self.plain));
            means.push(mean);
            logs.extend(log_variance);
        }
        Encoded { mean: Tensor::cat(means, 0), log_variance: (!logs.is_empty()).then(|| Tensor::cat(logs, 0)) }
    }

    fn spread(&self, network: &Network) -> CodeSpread {
        match self.config.codes {
            CodeKind::Standard => CodeSpread::standard(self.config.network.latent),
            CodeKind::Fitted => CodeSpread::of(&self.encoded(network, &self.samples.training)),
        }
    }

    /// The decoder with noise that lies as codes do, ready to be sampled from.
    ///
    /// # Errors
    /// Weights that cannot be read back.
    pub fn sampler(&self) -> Result<Sampler, ModelError> {
        let network = self.network()?;
        let spread = self.spread(&network);
        let maker = AutoencoderMaker { decoder: network.decoder, spread };
        Ok(Sampler::of(Box::new(maker), self.frontend.clone(), None, self.plain.clone()))
    }

    /// The mean error of held-out tensors that are made again of the middles of their clouds.
    fn held_out_error(&self, network: &Network) -> Option<f64> {
        let size = self.frontend.shape().size();
        let (mut sum, mut count) = (0.0, 0usize);
        for part in self.samples.held_out.chunks(BATCH * size) {
            let wanted = batch(&self.frontend, part.to_vec(), &self.plain);
            let made = network.decoder.forward(network.encoder.forward(wanted.clone()).mean);
            let of_part: f64 = error(self.config.error, made, wanted).into_data().iter::<f64>().sum();
            (sum, count) = (sum + of_part * part.len() as f64, count + part.len());
        }
        (count > 0).then(|| sum / count as f64)
    }

    /// What else is told beside the judge's word.
    fn details(&self) -> Result<Vec<(&'static str, f64)>, ModelError> {
        let network = self.network()?;
        let active = CodeSpread::active(&self.encoded(&network, &self.samples.training));
        let active = active as f64 / self.config.network.latent as f64;
        let held_out = self.held_out_error(&network).map(|error| ("held_out_error", error));
        Ok([("active_share", active)].into_iter().chain(held_out).collect())
    }
}

fn failed(error: ModelError) -> TrainError {
    TrainError::family("looking at codes")(Box::new(error))
}

impl BeatTrainee for AutoencoderTrainee {
    type Config = AutoencoderConfig;

    fn with_onlookers(self, onlookers: Onlookers) -> Self {
        Self { onlookers, ..self }
    }

    fn resolved_config(&self) -> Result<String, toml::ser::Error> {
        crate::config::write(&Resolved::new(&self.config, &self.frontend))
    }

    fn batch_plan(&self, dataset: Arc<Dataset>) -> BatchPlan {
        self.config.slices().batch_plan(dataset, &self.frontend)
    }

    fn parameter_counts(&self) -> Vec<(&'static str, usize)> {
        let Network { encoder, decoder } = self.learner.module();
        vec![("encoder", encoder.num_params()), ("decoder", decoder.num_params())]
    }
}

impl Trainee for AutoencoderTrainee {
    type Batch = Batch;

    fn metric_names(&self) -> &'static [&'static str] {
        &["autoencoder_loss", "autoencoder_norm", "reconstruction_loss", "divergence_loss"]
    }

    fn step(&mut self, context: StepContext, batch: Batch) -> Result<Vec<f64>, TrainError> {
        let Self { config, frontend, learner, device, .. } = self;
        let wanted = self::batch(frontend, batch.values, device);
        let network = learner.module();
        let encoded = network.encoder.forward(wanted.clone());
        let away =
            latents(NoiseKind::Normal, encoded.mean.dims(), Seeds::new(config.seed), "clouds", context.step, device);
        let wrong = error(config.error, network.decoder.forward(encoded.drawn(away)), wanted);
        let apart = divergence(&encoded);
        let apart = apart
            .zip(config.variational)
            .map(|(apart, variational)| apart * (variational.weight(context.step) / frontend.shape().size() as f64));
        let number = |tensor: &Tensor<1>| tensor.clone().into_data().iter::<f64>().sum::<f64>();
        let parts = context.measure.then(|| [number(&wrong), apart.as_ref().map_or(0.0, number)]);
        let loss = apart.map_or(wrong.clone(), |apart| wrong + apart);
        let values = config.optimizer.descend(learner, loss, context);
        Ok(values.into_iter().chain(parts.into_iter().flatten()).collect())
    }

    fn preview(&mut self, folder: &Path, step: u64) -> Result<(), TrainError> {
        self.onlookers.preview(|| self.sampler(), self.seeds(), (folder, step))
    }

    fn judge(&mut self, _step: u64) -> Result<Option<Judgement>, TrainError> {
        let (sampler, seeds) = (self.sampler().map_err(failed)?, self.seeds());
        let Some(mut judgement) = self.onlookers.judge(|| Ok(sampler), seeds)? else { return Ok(None) };
        judgement.details.extend(self.details().map_err(failed)?);
        Ok(Some(judgement))
    }

    fn save(&mut self, folder: &Path) -> Result<(), TrainError> {
        let network = self.network().map_err(failed)?;
        weights::save(&self.spread(&network).arrays(), &folder.join(CODES))?;
        self.learner.save(folder, NAME)
    }

    fn load(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.learner.load(folder, NAME, &self.plain)
    }
}
