//! Two networks that learn from each other: the state of a GAN's training, and one step of it.

use std::path::Path;

use adm_core::Seeds;
use adm_kernels::Adam;
use adm_spectral::Shape;
use adm_train::optimizer::gradient_norm;
use adm_train::{Learner, StepContext, TrainError, ema, weights};
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Int, Tensor};

use super::{
    Augmentation, Discriminator, GanConfig, Generator, Shares, discriminator_loss, generator_loss, label_tensor,
    latents,
};
use crate::ModelError;
use crate::nn::Gaussian;

/// Noise vectors that batch-norm statistics are taken from before sampling.
const CALIBRATED: usize = 64;

pub(super) const AVERAGED: &str = "generator-average.safetensors";
const GENERATOR: &str = "generator";
const DISCRIMINATOR: &str = "discriminator";

/// Both networks, their optimisers and the averaged generator.
#[derive(Debug)]
pub struct Duel {
    config: GanConfig,
    /// The labels that a conditional pair is trained on.
    shares: Option<Shares>,
    seeds: Seeds,
    /// For tensors that need gradients.
    device: Device,
    /// For those that need none.
    plain: Device,
    generator: Learner<Generator>,
    discriminator: Learner<Discriminator>,
    averaged: Generator,
}

impl Duel {
    /// Networks with starting weights for tensors of `shape`, on `device` (without autodiff); `shares` where the configuration is
    /// conditional.
    ///
    /// # Errors
    /// Stages that do not divide the shape, shares without a condition, or a condition without shares.
    pub fn new(config: &GanConfig, shape: Shape, shares: Option<Shares>, device: &Device) -> Result<Self, ModelError> {
        let tokens = tokens(config, shares.as_ref())?;
        let training = device.clone().autodiff();
        let seeds = Seeds::new(config.seed);
        let adam = |rate: f64| {
            let o = &config.optimizer;
            Adam { rate, beta_1: o.beta_1, beta_2: o.beta_2, epsilon: o.epsilon }
        };
        let generator = Generator::init(config, shape, tokens, &mut Gaussian::new(seeds, "generator", &training))?;
        let discriminator =
            Discriminator::init(config, shape, tokens, &mut Gaussian::new(seeds, "discriminator", &training));
        Ok(Self {
            seeds,
            averaged: start(config, shape, shares.as_ref(), device)?,
            shares,
            generator: Learner::new(generator, adam(config.optimizer.generator_rate)),
            discriminator: Learner::new(discriminator, adam(config.optimizer.discriminator_rate)),
            device: training,
            plain: device.clone(),
            config: config.clone(),
        })
    }

    /// The labels that a conditional pair is trained on.
    pub fn shares(&self) -> Option<&Shares> {
        self.shares.as_ref()
    }

    /// The device of batches.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The device of the averaged generator.
    pub fn plain_device(&self) -> &Device {
        &self.plain
    }

    /// Weights in the generator and in the discriminator.
    pub fn parameter_counts(&self) -> [usize; 2] {
        [self.generator.module().num_params(), self.discriminator.module().num_params()]
    }

    /// One step of the discriminator, then one of the generator on the same generated tensors.
    ///
    /// Returns the discriminator's loss and gradient norm, then the generator's, where the context asks for them.
    ///
    /// # Shapes
    /// `real`: `[batch, channels, bins, frames]`, in −1 to 1; `labels`: `[batch, 2]`, its tokens and positions, where the pair is
    /// conditional; `mid_side` says that the second half of channels is the side.
    pub fn step(
        &mut self,
        real: Tensor<4>,
        labels: Option<Tensor<2, Int>>,
        mid_side: bool,
        context: StepContext,
    ) -> Vec<f64> {
        let dims = real.dims();
        let augment = Augmentation::draw(&self.config.augment, dims, mid_side, self.seeds, context.step);
        let g = &self.config.generator;
        let noise = latents(g.noise, [dims[0], g.latent], self.seeds, "noise", context.step, &self.device);
        let fake = augment.apply(self.generator.module().forward_train(noise, labels.clone()));
        let pair = [augment.apply(real), fake.clone().detach()];
        let mut values = self.teach_discriminator(pair, labels.clone(), context);
        values.extend(self.teach_generator(fake, labels, context));
        values
    }

    fn teach_discriminator(
        &mut self,
        [real, fake]: [Tensor<4>; 2],
        labels: Option<Tensor<2, Int>>,
        context: StepContext,
    ) -> Vec<f64> {
        let discriminator = self.discriminator.module();
        let forgotten = |name| self.seeds.stream(name, context.step);
        let forgotten = ["dropout real", "dropout fake"].map(forgotten);
        let (real, fake) = discriminator.forward_both(real, fake, labels, forgotten);
        let loss = discriminator_loss(self.config.loss, real, fake);
        let (grads, values) = backward(loss, discriminator, context);
        self.discriminator.step(grads, self.rate_scale(context.step));
        self.discriminator.change(Discriminator::refresh);
        values
    }

    fn teach_generator(&mut self, fake: Tensor<4>, labels: Option<Tensor<2, Int>>, context: StepContext) -> Vec<f64> {
        // Its weights get no gradient here, and computing them would cost a third of its backward pass.
        let discriminator = self.discriminator.module().clone().no_grad();
        let forgotten = self.seeds.stream("dropout generator", context.step);
        let loss = generator_loss(self.config.loss, discriminator.forward(fake, labels, forgotten));
        let (grads, values) = backward(loss, self.generator.module(), context);
        self.generator.step(grads, self.rate_scale(context.step));
        let decay = self.config.training.ema;
        self.averaged = ema::update(self.averaged.clone(), self.generator.module(), decay, context.step);
        values
    }

    fn rate_scale(&self, step: u64) -> f64 {
        match self.config.optimizer.half_life {
            0 => 1.0,
            half_life => 0.5f64.powf(step as f64 / half_life as f64),
        }
    }

    /// The averaged generator with fresh batch-norm statistics, ready to be sampled from.
    pub fn averaged(&mut self) -> &Generator {
        let g = &self.config.generator;
        let noise = latents(g.noise, [CALIBRATED, g.latent], self.seeds, "calibrate", 0, &self.plain);
        let labels = self
            .shares
            .as_ref()
            .map(|shares| label_tensor(&shares.draw(CALIBRATED, self.seeds, "calibrate labels", 0), &self.plain));
        self.averaged = self.averaged.clone().calibrate(noise, labels);
        &self.averaged
    }

    /// Writes everything needed to continue.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn save(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.generator.save(folder, GENERATOR)?;
        self.discriminator.save(folder, DISCRIMINATOR)?;
        weights::save(&weights::collect(self.averaged()), &folder.join(AVERAGED))
    }

    /// Restores what [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// A missing or damaged file, or one of other networks.
    pub fn load(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.generator.load(folder, GENERATOR, &self.plain)?;
        self.discriminator.load(folder, DISCRIMINATOR, &self.plain)?;
        self.averaged = weights::apply(self.averaged.clone(), &weights::load(&folder.join(AVERAGED))?)?;
        Ok(())
    }
}

/// A generator with starting weights, for a checkpoint to be put into.
pub(super) fn start(
    config: &GanConfig,
    shape: Shape,
    shares: Option<&Shares>,
    device: &Device,
) -> Result<Generator, ModelError> {
    let tokens = tokens(config, shares)?;
    Generator::init(config, shape, tokens, &mut Gaussian::new(Seeds::new(config.seed), "generator", device))
}

/// How many tokens the networks tell apart; 0 where they are told none.
fn tokens(config: &GanConfig, shares: Option<&Shares>) -> Result<usize, ModelError> {
    match (config.condition, shares) {
        (None, None) => Ok(0),
        (Some(_), Some(shares)) => shares.validate().map(|()| shares.tokens()),
        (Some(_), None) => Err(ModelError::Conditional),
        (None, Some(_)) => Err(ModelError::Unconditional),
    }
}

/// Gradients of a loss; its value and their norm where the context asks for them.
fn backward<M: Module>(loss: Tensor<1>, module: &M, context: StepContext) -> (GradientsParams, Vec<f64>) {
    let value = context.measure.then(|| loss.clone().into_data().iter::<f64>().sum());
    let grads = GradientsParams::from_grads(loss.backward(), module);
    let norm = context.measure.then(|| gradient_norm(&grads, module));
    (grads, value.into_iter().chain(norm).collect())
}
