//! The two networks of the scale in training, and one step of each (Arjovsky et al. 2017; Gulrajani et al. 2017).
//!
//! ```text
//! critic      mean(fake) − mean(real) + λ·(‖∂ scores / ∂ mix‖ − 1)²
//! generator   − mean(fake) + 10·(reconstruction − real)² + 10⁻⁴·‖|spectra| − |spectra|‖
//! ```

use std::path::Path;

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use adm_train::optimizer::gradient_norm;
use adm_train::{Learner, Rule, StepContext, TrainError, weights};
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};

use super::critic::shown_mean;
use super::ladder::{Rung, joined};
use super::pyramid::Scale;
use super::signal::Signal;
use super::spectral::Spectra;
use super::{CawConfig, Critic, Generator};
use crate::nn::Gaussian;

const GENERATOR: &str = "generator";
const CRITIC: &str = "critic";

/// What the networks of a scale are taught with.
pub(super) struct Stage {
    index: usize,
    config: CawConfig,
    rate: u32,
    noise: f32,
    generator: Learner<Generator>,
    critic: Learner<Critic>,
    /// The recording, `[1, channels, time]`, nothing within holes.
    real: Tensor<3>,
    /// `[1, 1, time]`, where there are holes.
    mask: Option<Tensor<3>>,
    /// What the reconstruction is made of, and what its generator's output is added to.
    remembered: [Tensor<3>; 2],
    /// What a signal is made up of whose statistics a finished generator keeps.
    invented: Tensor<3>,
    spectra: Spectra,
    /// Magnitudes of the recording.
    of_real: Vec<Tensor<3>>,
    device: Device,
    plain: Device,
}

/// What a stage begins with.
pub(super) struct Beginning<'a> {
    pub index: usize,
    pub scale: &'a Scale,
    /// The reconstruction of the scale below at this rate, and what noise it gets.
    pub start: [Option<Signal>; 2],
    /// The same of a signal that the scales below made up.
    pub invented: [Option<Signal>; 2],
    /// Deviation of the noise.
    pub noise: f32,
    /// The networks of the scale below.
    pub inherited: Option<(Generator, Critic)>,
}

impl Stage {
    /// On `device` (without autodiff). Networks that are as wide as those of the scale below start from their weights.
    pub fn new(config: &CawConfig, beginning: Beginning<'_>, device: &Device) -> Self {
        let Beginning { index, scale, start: [base, fixed], invented: [below, drawn], noise, inherited } = beginning;
        let (training, channels) = (device.clone().autodiff(), scale.real.channels);
        let shape = [channels, scale.real.length()];
        let (generator, critic) = inherited.unwrap_or_else(|| fresh(config, index, channels, &training));
        let mask = scale
            .shown
            .as_ref()
            .map(|shown| Tensor::<3>::from_data(TensorData::new(shown.clone(), [1, 1, shown.len()]), &training));
        let real = masked(scale.real.tensor(&training), mask.as_ref());
        let (input, base) = joined(base.as_ref(), fixed.as_ref(), noise, shape, &training);
        let (invented, _) = joined(below.as_ref(), drawn.as_ref(), noise, shape, device);
        let spectra = Spectra::new(&training);
        let rule = Rule::Adam(config.optimizer.adam());
        Self {
            of_real: spectra.of(real.clone()),
            spectra,
            index,
            rate: scale.rate,
            noise,
            generator: Learner::new(generator, rule),
            critic: Learner::new(critic, rule),
            real,
            mask,
            remembered: [input, base],
            invented,
            device: training,
            plain: device.clone(),
            config: config.clone(),
        }
    }

    /// One step of the critic, then one of the generator. `start` is what a fake begins with; `rate` multiplies the learning rate.
    pub fn step(&mut self, start: [Option<Signal>; 2], rate: f64, context: StepContext) -> Vec<f64> {
        let [_, channels, time] = self.real.dims();
        let [base, noise] = start;
        let (input, base) = joined(base.as_ref(), noise.as_ref(), self.noise, [channels, time], &self.device);
        let fake = masked(self.generator.module().forward_train(input, None) + base, self.mask.as_ref());
        let mut values = self.teach_critic(fake.clone().detach(), rate, context);
        values.extend(self.teach_generator(fake, rate, context));
        values
    }

    fn teach_critic(&mut self, fake: Tensor<3>, rate: f64, context: StepContext) -> Vec<f64> {
        let (critic, mask, loss) = (self.critic.module(), self.mask.as_ref(), self.config.loss);
        let mut cost = critic.score(fake.clone(), mask) - critic.score(self.real.clone(), mask);
        if loss.penalty > 0.0 && context.step.is_multiple_of(loss.penalty_every) {
            let share = Seeds::new(self.config.seed).stream("mix", context.step).random::<f64>();
            let mix = self.real.clone() * share + fake * (1.0 - share);
            cost = cost + critic.penalty(mix, mask) * (loss.penalty * loss.penalty_every as f64);
        }
        let (grads, values) = backward(cost, critic, context);
        self.critic.step(grads, rate);
        values
    }

    fn teach_generator(&mut self, fake: Tensor<3>, rate: f64, context: StepContext) -> Vec<f64> {
        let (mask, loss) = (self.mask.as_ref(), self.config.loss);
        // Its weights get no gradient here, and computing them would cost a third of its backward pass.
        let critic = self.critic.module().clone().no_grad();
        let fooled = critic.score(fake, mask).neg();
        let [input, base] = self.remembered.clone();
        let made = masked(self.generator.module().forward_train(input, mask) + base, mask);
        let error = shown_mean((made.clone() - self.real.clone()).square(), mask);
        let apart = self.spectra.distance(made, &self.of_real);
        let cost = fooled + error.clone() * loss.reconstruction + apart * loss.spectral;
        let (grads, mut values) = backward(cost, self.generator.module(), context);
        if context.measure {
            values.extend(error.into_data().iter::<f64>());
        }
        self.generator.step(grads, rate);
        values
    }

    /// Both networks, for the next stage to begin with.
    pub fn networks(&self) -> (Generator, Critic) {
        (self.generator.module().clone(), self.critic.module().clone())
    }

    /// The generator as it is now, as a finished scale.
    pub fn rung(&self) -> Result<Rung, TrainError> {
        let arrays = weights::collect(self.generator.module());
        let channels = self.real.dims()[1];
        let generator = weights::apply(start(&self.config, self.index, channels, &self.plain), &arrays)?;
        let plain = |x: &Tensor<3>| x.clone().inner();
        let free = generator.clone().calibrated(self.invented.clone(), None);
        let generator = generator.calibrated(plain(&self.remembered[0]), self.mask.as_ref().map(plain).as_ref());
        Ok(Rung { rate: self.rate, noise: self.noise, generator, free })
    }

    /// Number of weights.
    pub fn parameter_counts(&self) -> [usize; 2] {
        [self.generator.module().num_params(), self.critic.module().num_params()]
    }

    /// Writes everything needed to continue.
    pub fn save(&self, folder: &Path) -> Result<(), TrainError> {
        self.generator.save(folder, GENERATOR)?;
        self.critic.save(folder, CRITIC)
    }

    /// Restores what [`save`](Self::save) wrote.
    pub fn load(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.generator.load(folder, GENERATOR, &self.plain)?;
        self.critic.load(folder, CRITIC, &self.plain)
    }
}

fn masked(x: Tensor<3>, mask: Option<&Tensor<3>>) -> Tensor<3> {
    match mask {
        None => x,
        Some(mask) => x * mask.clone(),
    }
}

/// A generator with starting weights, for a checkpoint to be put into.
pub(super) fn start(config: &CawConfig, scale: usize, channels: usize, device: &Device) -> Generator {
    let name = format!("generator {scale}");
    let mut init = Gaussian::new(Seeds::new(config.seed), &name, device);
    Generator::init(&config.network, channels, config.network.width(scale), &mut init)
}

fn fresh(config: &CawConfig, scale: usize, channels: usize, device: &Device) -> (Generator, Critic) {
    let name = format!("critic {scale}");
    let mut init = Gaussian::new(Seeds::new(config.seed), &name, device);
    let critic = Critic::init(&config.network, channels, config.network.width(scale), &mut init);
    (start(config, scale, channels, device), critic)
}

/// Gradients of a loss; its value and their norm where the context asks for them.
fn backward<M: Module>(loss: Tensor<1>, module: &M, context: StepContext) -> (GradientsParams, Vec<f64>) {
    let value = context.measure.then(|| loss.clone().into_data().iter::<f64>().sum::<f64>());
    let grads = GradientsParams::from_grads(loss.backward(), module);
    let norm = context.measure.then(|| gradient_norm(&grads, module));
    (grads, value.into_iter().chain(norm).collect())
}
