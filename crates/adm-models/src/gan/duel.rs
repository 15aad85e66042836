//! Two networks that learn from each other: the state of a GAN's training, and one step of it.

use std::path::Path;

use adm_core::Seeds;
use adm_spectral::Shape;
use adm_train::optimizer::{gradient_norm, rate_scale};
use adm_train::{Learner, StepContext, TrainError, ema, weights};
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Int, Tensor};

use super::resolved::check_beats;
use super::{Augmentation, Content, Counts, Discriminator, GanConfig, Generator, discriminator_loss, generator_loss};
use crate::ModelError;
use crate::labels::{Shares, label_tensor};
use crate::nn::Gaussian;
use crate::noise::latents;

/// Noise vectors that batch-norm statistics are taken from before sampling.
const CALIBRATED: usize = 64;

pub(super) const AVERAGED: &str = "generator-average.safetensors";
const GENERATOR: &str = "generator";
const DISCRIMINATOR: &str = "discriminator";

/// What a pair of networks learns from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Learned {
    /// The labels, where the pair is conditional.
    pub shares: Option<Shares>,
    /// How many beats, where they have codes; 0 elsewhere.
    pub beats: usize,
}

/// One batch of recorded beats.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// `[batch, channels, bins, frames]`, in −1 to 1.
    pub tensors: Tensor<4>,
    /// `[batch, 2]`, their tokens and positions, where the pair is conditional.
    pub labels: Option<Tensor<2, Int>>,
    /// `[batch]`, their codes' rows, where the generator has codes.
    pub beats: Option<Tensor<1, Int>>,
}

/// What the generator is taught with.
struct Fooling {
    /// Logits of recorded beats, `[batch, 1]`.
    real: Tensor<2>,
    /// Generated tensors, as the discriminator saw them.
    fake: Tensor<4>,
    /// The mean error of remade beats, `[1]`, where there are codes.
    error: Option<Tensor<1>>,
}

/// Both networks, their optimisers and the averaged generator.
#[derive(Debug)]
pub struct Duel {
    config: GanConfig,
    learned: Learned,
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
    /// Networks with starting weights for tensors of `shape` that learn from what is `learned`, on `device` (without autodiff).
    ///
    /// # Errors
    /// Stages that do not divide the shape, shares without a condition, or a condition without shares; codes without beats.
    pub fn new(config: &GanConfig, shape: Shape, learned: Learned, device: &Device) -> Result<Self, ModelError> {
        let counts = learned.counts(config)?;
        let training = device.clone().autodiff();
        let seeds = Seeds::new(config.seed);
        let rule = |rate| config.optimizer.rule(rate);
        let generator = Generator::init(config, shape, counts, &mut Gaussian::new(seeds, "generator", &training))?;
        let discriminator =
            Discriminator::init(config, shape, counts.tokens, &mut Gaussian::new(seeds, "discriminator", &training));
        Ok(Self {
            seeds,
            averaged: start(config, shape, &learned, device)?,
            learned,
            generator: Learner::new(generator, rule(config.optimizer.generator_rate)),
            discriminator: Learner::new(discriminator, rule(config.optimizer.discriminator_rate)),
            device: training,
            plain: device.clone(),
            config: config.clone(),
        })
    }

    /// The same pair, whose codes are of beats of these tokens.
    pub fn with_tokens(mut self, tokens: &[u32]) -> Self {
        self.generator.change(|generator| generator.with_tokens(tokens));
        Self { averaged: self.averaged.with_tokens(tokens), ..self }
    }

    /// The labels that a conditional pair is trained on.
    pub fn shares(&self) -> Option<&Shares> {
        self.learned.shares.as_ref()
    }

    /// What it learns from.
    pub fn learned(&self) -> &Learned {
        &self.learned
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
    /// `content` says what the channels of tensors are.
    pub fn step(&mut self, recorded: Recorded, content: &Content, context: StepContext) -> Vec<f64> {
        let Recorded { tensors: real, labels, beats } = recorded;
        let dims = real.dims();
        let augment = Augmentation::draw(&self.config.augment, dims, content, self.seeds, context.step);
        let g = &self.config.generator;
        let noise = latents(g.noise, [dims[0], g.latent], self.seeds, "noise", context.step, &self.device);
        let fake = augment.apply(self.generator.module().forward_train(noise, labels.clone()));
        let error = beats.and_then(|beats| self.error(beats, real.clone(), labels.clone()));
        let pair = [augment.apply(real), fake.clone().detach()];
        let (mut values, real) = self.teach_discriminator(pair, labels.clone(), context);
        values.extend(self.teach_generator(Fooling { real, fake, error }, labels, context));
        values
    }

    /// The mean error of remade beats, `[1]`.
    fn error(&self, beats: Tensor<1, Int>, real: Tensor<4>, labels: Option<Tensor<2, Int>>) -> Option<Tensor<1>> {
        let remade = self.generator.module().forward_beats(beats, labels)?;
        Some((remade - real).abs().mean())
    }

    /// Returns the recorded beats' logits, too.
    fn teach_discriminator(
        &mut self,
        [real, fake]: [Tensor<4>; 2],
        labels: Option<Tensor<2, Int>>,
        context: StepContext,
    ) -> (Vec<f64>, Tensor<2>) {
        let discriminator = self.discriminator.module();
        let forgotten = |name| self.seeds.stream(name, context.step);
        let forgotten = ["dropout real", "dropout fake"].map(forgotten);
        let penalty = self.config.penalty;
        let cost = penalty.and_then(|p| p.cost(context.step, discriminator, [&real, &fake], labels.as_ref()));
        let (real, fake) = discriminator.forward_both(real, fake, labels, forgotten);
        let logits = real.clone().detach();
        let loss = discriminator_loss(self.config.loss, real, fake);
        let loss = cost.map_or(loss.clone(), |cost| loss + cost);
        let (grads, values) = backward(loss, discriminator, context);
        self.discriminator.step(grads, self.rate_scale(context.step));
        self.discriminator.change(Discriminator::refresh);
        (values, logits)
    }

    fn teach_generator(&mut self, fooling: Fooling, labels: Option<Tensor<2, Int>>, context: StepContext) -> Vec<f64> {
        let Fooling { real, fake, error } = fooling;
        // Its weights get no gradient here, and computing them would cost a third of its backward pass.
        let discriminator = self.discriminator.module().clone().no_grad();
        let forgotten = self.seeds.stream("dropout generator", context.step);
        let fooled = generator_loss(self.config.loss, real, discriminator.forward(fake, labels, forgotten));
        let weight = self.config.codes.map_or(0.0, |codes| codes.weight);
        let loss = match error {
            Some(error) => fooled + error * weight,
            None => fooled,
        };
        let (grads, values) = backward(loss, self.generator.module(), context);
        self.generator.step(grads, self.rate_scale(context.step));
        let decay = self.config.training.ema;
        self.averaged = ema::update(self.averaged.clone(), self.generator.module(), decay, context.step);
        values
    }

    fn rate_scale(&self, step: u64) -> f64 {
        rate_scale(step, self.config.optimizer.half_life)
    }

    /// The averaged generator with fresh batch-norm statistics, ready to be sampled from.
    pub fn averaged(&mut self) -> &Generator {
        let g = &self.config.generator;
        let noise = latents(g.noise, [CALIBRATED, g.latent], self.seeds, "calibrate", 0, &self.plain);
        let labels = self
            .learned
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
    learned: &Learned,
    device: &Device,
) -> Result<Generator, ModelError> {
    let counts = learned.counts(config)?;
    Generator::init(config, shape, counts, &mut Gaussian::new(Seeds::new(config.seed), "generator", device))
}

impl Learned {
    /// What the networks know apart.
    fn counts(&self, config: &GanConfig) -> Result<Counts, ModelError> {
        let tokens = match (config.condition, &self.shares) {
            (None, None) => 0,
            (Some(_), Some(shares)) => shares.validate().map(|()| shares.tokens())?,
            (Some(_), None) => return Err(ModelError::Conditional),
            (None, Some(_)) => return Err(ModelError::Unconditional),
        };
        check_beats(config, self.beats)?;
        Ok(Counts { tokens, beats: self.beats })
    }
}

/// Gradients of a loss; its value and their norm where the context asks for them.
fn backward<M: Module>(loss: Tensor<1>, module: &M, context: StepContext) -> (GradientsParams, Vec<f64>) {
    let value = context.measure.then(|| loss.clone().into_data().iter::<f64>().sum());
    let grads = GradientsParams::from_grads(loss.backward(), module);
    let norm = context.measure.then(|| gradient_norm(&grads, module));
    (grads, value.into_iter().chain(norm).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gan::{NormKind, load};
    use crate::labels::Label;
    use burn::tensor::{Distribution, TensorData};

    fn config(norm: NormKind, dense: &[usize], spread: bool) -> GanConfig {
        let settings =
            ["generator.widths=[8, 4]", "discriminator.widths=[4, 8]", "generator.latent=4", "condition.width=5"];
        let mut config = load("complex", &settings.map(str::to_owned)).unwrap();
        (config.discriminator.norm, config.discriminator.spread) = (norm, spread);
        config.discriminator.dense = dense.to_vec();
        config
    }

    const SHAPE: Shape = Shape { channels: 4, bins: 16, frames: 16 };

    /// Three tokens: two in the batch, one not.
    const LABELS: [Label; 2] = [Label { token: 0, position: 1 }, Label { token: 2, position: 3 }];

    fn shares() -> Shares {
        Shares { book: String::new(), counts: vec![[1; 4]; 3] }
    }

    fn told() -> Learned {
        Learned { shares: Some(shares()), beats: 0 }
    }

    /// Largest change of each row of a table.
    fn moved(before: &weights::Arrays, after: &weights::Arrays, name: &str) -> Vec<bool> {
        let (before, after) = (&before[name], &after[name]);
        let rows = before.values.chunks(before.shape[1]).zip(after.values.chunks(before.shape[1]));
        rows.map(|(before, after)| before != after).collect()
    }

    #[test]
    fn gradients_reach_the_vectors_of_the_labels_that_were_told_and_no_others() {
        let pairs = [(NormKind::Spectral, false), (NormKind::None, true), (NormKind::Batch, true)];
        for ((norm, spread), dense) in pairs.into_iter().flat_map(|pair| [(pair, &[][..]), (pair, &[6][..])]) {
            let device = Device::flex();
            let mut duel = Duel::new(&config(norm, dense, spread), SHAPE, told(), &device).unwrap();
            let collect = |duel: &Duel| {
                [weights::collect(duel.generator.module()), weights::collect(duel.discriminator.module())]
            };
            let before = collect(&duel);
            // The first step is taken with vectors of the discriminator that have not been moved yet.
            let real = Tensor::random([2, 4, 16, 16], Distribution::Uniform(-0.5, 0.5), duel.device());
            let labels = label_tensor(&LABELS, duel.device());
            let recorded = Recorded { tensors: real, labels: Some(labels), beats: None };
            duel.step(recorded, &Content::Complex { mid_side: true }, StepContext { step: 0, measure: true });
            let after = collect(&duel);
            for (at, prefix) in [(0, "labels"), (1, "projection.labels")] {
                let moved = |table: &str| moved(&before[at], &after[at], &format!("{prefix}.{table}.weight"));
                if at == 1 && norm == NormKind::Spectral {
                    // Through the norm every row moves.
                    assert!(moved("tokens")[0], "{norm:?} {dense:?}");
                    continue;
                }
                assert_eq!(moved("tokens"), [true, false, true], "{norm:?} {dense:?} {prefix}");
                assert_eq!(moved("positions"), [false, true, false, true], "{norm:?} {dense:?} {prefix}");
            }
        }
    }

    #[test]
    fn a_verdict_is_that_of_the_tensor_plus_that_of_tensor_and_label() {
        let device = Device::flex();
        for (norm, dense) in
            [NormKind::Spectral, NormKind::None].into_iter().flat_map(|norm| [(norm, &[][..]), (norm, &[6][..])])
        {
            let config = config(norm, dense, true);
            let plain = GanConfig { condition: None, ..config.clone() };
            let duel = Duel::new(&config, SHAPE, told(), &device).unwrap();
            let other = Duel::new(&plain, SHAPE, Learned::default(), &device).unwrap();
            let values: Vec<f32> = (0..2 * SHAPE.size()).map(|at| (at as f32 * 0.7).sin()).collect();
            let x = || Tensor::from_data(TensorData::new(values.clone(), [2, 4, 16, 16]), duel.device());
            let none = || Seeds::new(0).stream("test", 0);
            let logits = |duel: &Duel, labels: Option<&[Label]>| -> Vec<f32> {
                let labels = labels.map(|labels| label_tensor(labels, duel.device()));
                duel.discriminator.module().forward(x(), labels, none()).into_data().iter::<f32>().collect()
            };
            assert_eq!(logits(&duel, None), logits(&other, None), "the same weights as without a condition");
            let [told, turned] = [LABELS, [LABELS[1], LABELS[0]]].map(|labels| logits(&duel, Some(&labels)));
            assert!(told[0] != turned[0] && told[0] != logits(&duel, None)[0], "{norm:?} {dense:?}");
        }
    }

    #[test]
    fn shares_and_condition_go_together() {
        let conditional = config(NormKind::Spectral, &[], true);
        let plain = GanConfig { condition: None, ..conditional.clone() };
        let device = Device::flex();
        assert!(matches!(
            Duel::new(&conditional, SHAPE, Learned::default(), &device).unwrap_err(),
            ModelError::Conditional
        ));
        assert!(matches!(Duel::new(&plain, SHAPE, told(), &device).unwrap_err(), ModelError::Unconditional));
    }
}
