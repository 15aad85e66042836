//! Every setting of a GAN.

use adm_kernels::Adam;
use adm_spectral::{RepresentationConfig, Shape};
use adm_train::{Rule, RunDir, Schedule};
use serde::{Deserialize, Serialize};

use super::{AugmentConfig, CodesConfig, ConditionConfig, Content, PenaltyConfig, Resolved};
use crate::frontend::ScalingConfig;
use crate::noise::NoiseKind;
use crate::{BeatConfig, Family, Length, ModelError, SliceSettings};

/// The whole configuration, as in `configs/gan/*.toml` and a run's `config.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GanConfig {
    /// `gan`
    pub family: String,
    /// One sentence on what the preset is.
    pub about: String,
    /// Sample rate in Hz that the preset is made for; 0 takes any.
    pub sample_rate: u32,
    /// Seed of every random number of the run.
    #[serde(default)]
    pub seed: u64,
    /// Slice ⇄ tensor.
    pub representation: RepresentationConfig,
    /// Tensor ⇄ the network's range.
    pub scaling: ScalingConfig,
    /// Noise → tensor.
    pub generator: GeneratorConfig,
    /// Tensor → real or generated.
    pub discriminator: DiscriminatorConfig,
    /// What both are told of a beat's token; nothing where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<ConditionConfig>,
    /// Codes of beats that the generator learns to make again; none where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codes: Option<CodesConfig>,
    /// What a steep discriminator pays; nothing where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty: Option<PenaltyConfig>,
    /// What both want.
    pub loss: Loss,
    /// How both learn.
    pub optimizer: OptimizerConfig,
    /// Changes made to real and generated tensors alike before the discriminator sees them.
    pub augment: AugmentConfig,
    /// Batches and what happens when.
    pub training: TrainingConfig,
}

/// The generator's layers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeneratorConfig {
    /// Length of the noise vector. A longer one can say more and is harder to fill.
    pub latent: usize,
    /// Distribution of the noise.
    pub noise: NoiseKind,
    /// Channels before each upsampling stage, the first being what the noise is folded to. Each stage doubles bins and
    /// frames. More channels learn more and cost their square in time.
    pub widths: Vec<usize>,
    /// Side of the kernels: 2, 4, 6 or 8. An even one doubles the size exactly and covers every pixel alike.
    pub kernel: usize,
    /// How each stage doubles.
    #[serde(default)]
    pub upsample: Upsample,
    /// LeakyReLU's gain below zero; 0 is ReLU.
    pub slope: f32,
    /// A tanh after every LeakyReLU (training-4).
    pub tanh_between: bool,
    /// Overshoot to twice the size and learn the way down (training-5).
    pub oversample: bool,
    /// A dense layer from the code to every value, past all stages, whose output is added before the last tanh: places what comes
    /// again in the same place to the frame. As many weights as `latent` times the tensor's size.
    #[serde(default)]
    pub direct: bool,
}

/// How a generator's stages double bins and frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Upsample {
    /// By a transposed convolution (Radford et al. 2016).
    #[default]
    Transposed,
    /// By repeating every pixel, and a convolution with a kernel one smaller (Odena et al. 2016).
    Repeated,
}

/// How a discriminator's layers are normalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NormKind {
    /// Not at all.
    None,
    /// By the batch's mean and variance, from the second layer on.
    Batch,
    /// By the weight's largest singular value (Miyato et al. 2018).
    Spectral,
}

/// The discriminator's layers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscriminatorConfig {
    /// Channels after each strided convolution, each of which halves bins and frames.
    pub widths: Vec<usize>,
    /// Side of the kernels: 2, 4, 6 or 8.
    pub kernel: usize,
    /// LeakyReLU's gain below zero.
    pub slope: f32,
    /// Share of values forgotten after each layer in training, 0 to 0.9. More of it weakens the discriminator.
    pub dropout: f64,
    /// Normalisation of its layers.
    pub norm: NormKind,
    /// Sizes of dense layers between the last convolution and the logit.
    pub dense: Vec<usize>,
    /// Also show the logarithm of every magnitude, so that quiet parts count as much as loud ones. 0 shows none; a larger
    /// value stretches it (0.1 to 1).
    pub log_magnitude: f32,
    /// Also show the last layer how much each place differs among the samples of a batch (Karras et al. 2018, section 3), so that
    /// a generator that leaves kinds of beats out is found out.
    pub spread: bool,
}

/// What the two networks want of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// Binary cross-entropy, the generator's not saturating (Goodfellow et al. 2014; document 000, section 5.7).
    Bce,
    /// Hinge (Lim and Ye 2017): the discriminator stops caring about what it tells apart with a margin.
    Hinge,
    /// Relativistic, in pairs (Jolicoeur-Martineau 2019; Huang et al., "The GAN is dead; long live the GAN", 2024): the
    /// discriminator says which of a recorded and a generated beat is the more real one.
    Relativistic,
}

/// How a step follows from a gradient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Adam (Kingma and Ba 2015).
    #[default]
    Adam,
    /// Stochastic gradient descent without momentum (document 002, section 4): `beta_1`, `beta_2` and `epsilon` mean nothing.
    Sgd,
}

/// How both networks learn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptimizerConfig {
    /// How a step follows from a gradient.
    #[serde(default)]
    pub method: Method,
    /// The generator's learning rate.
    pub generator_rate: f64,
    /// The discriminator's learning rate.
    pub discriminator_rate: f64,
    /// Decay of the mean gradient.
    pub beta_1: f64,
    /// Decay of the mean squared gradient.
    pub beta_2: f64,
    /// Keeps steps finite where gradients vanish.
    pub epsilon: f64,
    /// Steps after which the rates have fallen to a half; 0 keeps them.
    pub half_life: u64,
}

impl OptimizerConfig {
    /// The rule that moves a network with this rate.
    pub(super) fn rule(&self, rate: f64) -> Rule {
        let &Self { beta_1, beta_2, epsilon, .. } = self;
        match self.method {
            Method::Adam => Rule::Adam(Adam { rate, beta_1, beta_2, epsilon }),
            Method::Sgd => Rule::Descent { rate },
        }
    }
}

/// Batches and what happens when.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingConfig {
    /// Slices a step. A larger batch steadies the gradients and takes as much longer.
    pub batch: usize,
    /// Share of the old average that stays in the averaged generator each step, 0 to 1.
    pub ema: f64,
    /// Epochs where no budget is given on the command line; 0 leaves it to `minutes`.
    pub epochs: u64,
    /// Minutes where no budget is given on the command line; 0 leaves it to `epochs`.
    pub minutes: f64,
    /// What happens how often.
    pub schedule: Schedule,
}

/// Most weights of a network: four gigabytes, and four times that with gradients and moments.
const MOST_WEIGHTS: usize = 1 << 30;

impl GanConfig {
    /// The side lengths that the noise is folded to.
    ///
    /// # Errors
    /// Settings out of range, or stages that do not divide the tensor's shape.
    pub fn fold(&self, shape: Shape) -> Result<[usize; 2], ModelError> {
        let stages = self.generator.widths.len();
        let factor = 1usize.checked_shl(u32::try_from(stages).unwrap_or(u32::MAX)).unwrap_or(0).max(1);
        let fold = [shape.bins / factor, shape.frames / factor];
        let expected = [shape.bins, shape.frames];
        let got = fold.map(|side| side * factor);
        if got != expected || fold.contains(&0) {
            return Err(ModelError::Geometry { stages, fold, got, expected });
        }
        let deepest = shape.bins.min(shape.frames).ilog2() as usize;
        let depth = self.discriminator.widths.len();
        if depth > deepest {
            let allowed = format!("at most {deepest} counts for {} bins and {} frames", shape.bins, shape.frames);
            return Err(ModelError::Setting { key: "discriminator.widths", allowed, got: format!("{depth} counts") });
        }
        self.penalty.map_or(Ok(()), |_| PenaltyConfig::check_shape(depth, shape))?;
        self.check_weights(shape, fold)?;
        Ok(fold)
    }

    /// Refuses networks that no machine of today holds, before memory is asked for.
    fn check_weights(&self, shape: Shape, fold: [usize; 2]) -> Result<(), ModelError> {
        let (g, d) = (&self.generator, &self.discriminator);
        let product = |sizes: &[usize]| sizes.iter().fold(1usize, |product, &size| product.saturating_mul(size));
        let convs = |widths: &[usize], kernel: usize| {
            widths.windows(2).fold(0usize, |sum, pair| sum.saturating_add(product(&[pair[0], pair[1], kernel, kernel])))
        };
        let told = self.condition.map_or(0, |condition| condition.width);
        let folded =
            product(&[g.latent.saturating_add(told), g.widths.first().copied().unwrap_or(0), fold[0], fold[1]]);
        let direct = if g.direct { product(&[g.latent.saturating_add(told), shape.size()]) } else { 0 };
        let generator = folded.saturating_add(convs(&g.widths, g.kernel)).saturating_add(direct);
        let halvings = d.widths.len();
        let flat = product(&[d.widths.last().copied().unwrap_or(0), shape.bins >> halvings, shape.frames >> halvings]);
        let dense: Vec<usize> = std::iter::once(flat).chain(d.dense.iter().copied()).collect();
        let discriminator = convs(&d.widths, d.kernel).saturating_add(convs(&dense, 1));
        for (key, weights) in [("generator.widths", generator), ("discriminator.widths", discriminator)] {
            if weights > MOST_WEIGHTS {
                let allowed = format!("narrow enough for {MOST_WEIGHTS} weights");
                return Err(ModelError::Setting { key, allowed, got: format!("{weights} weights") });
            }
        }
        Ok(())
    }

    /// Checks every range.
    ///
    /// # Errors
    /// The first setting that is out of its range.
    pub fn validate(&self) -> Result<(), ModelError> {
        let check = |fits: bool, key: &'static str, allowed: &str, got: String| {
            if fits { Ok(()) } else { Err(ModelError::Setting { key, allowed: allowed.to_owned(), got }) }
        };
        let counts =
            |widths: &[usize]| (1..=8).contains(&widths.len()) && widths.iter().all(|w| (1..=8192).contains(w));
        let (g, d, o, t) = (&self.generator, &self.discriminator, &self.optimizer, &self.training);
        let kernel = |kernel: usize| matches!(kernel, 2 | 4 | 6 | 8);
        check(self.family == "gan", "family", "gan", self.family.clone())?;
        check((1..=4096).contains(&g.latent), "generator.latent", "1 to 4096", g.latent.to_string())?;
        check(counts(&g.widths), "generator.widths", "1 to 8 counts of 1 to 8192", format!("{:?}", g.widths))?;
        check(kernel(g.kernel), "generator.kernel", "2, 4, 6 or 8", g.kernel.to_string())?;
        check((0.0..=1.0).contains(&g.slope), "generator.slope", "0 to 1", g.slope.to_string())?;
        let direct = !(g.direct && g.oversample);
        check(direct, "generator.direct", "false where generator.oversample is true", g.direct.to_string())?;
        check(counts(&d.widths), "discriminator.widths", "1 to 8 counts of 1 to 8192", format!("{:?}", d.widths))?;
        check(kernel(d.kernel), "discriminator.kernel", "2, 4, 6 or 8", d.kernel.to_string())?;
        let dense = d.dense.len() <= 8 && d.dense.iter().all(|size| (1..=65_536).contains(size));
        check(dense, "discriminator.dense", "at most 8 counts of 1 to 65536", format!("{:?}", d.dense))?;
        check((0.0..=1.0).contains(&d.slope), "discriminator.slope", "0 to 1", d.slope.to_string())?;
        check((0.0..=0.9).contains(&d.dropout), "discriminator.dropout", "0 to 0.9", d.dropout.to_string())?;
        if let Some(condition) = self.condition {
            let (least, allowed) = if self.codes.is_some() { (0, "0 to 1024") } else { (1, "1 to 1024 without codes") };
            check((least..=1024).contains(&condition.width), "condition.width", allowed, condition.width.to_string())?;
        }
        self.codes.map_or(Ok(()), |codes| codes.validate())?;
        self.penalty.map_or(Ok(()), |penalty| penalty.validate(self))?;
        let log = d.log_magnitude;
        check((0.0..=10.0).contains(&log), "discriminator.log_magnitude", "0 to 10", log.to_string())?;
        for (key, rate) in
            [("optimizer.generator_rate", o.generator_rate), ("optimizer.discriminator_rate", o.discriminator_rate)]
        {
            check(rate > 0.0 && rate <= 1.0, key, "above 0 and at most 1", rate.to_string())?;
        }
        for (key, beta) in [("optimizer.beta_1", o.beta_1), ("optimizer.beta_2", o.beta_2), ("training.ema", t.ema)] {
            check((0.0..1.0).contains(&beta), key, "0 to less than 1", beta.to_string())?;
        }
        check(o.epsilon > 0.0 && o.epsilon < 1.0, "optimizer.epsilon", "above 0 and below 1", o.epsilon.to_string())?;
        check((1..=4096).contains(&t.batch), "training.batch", "1 to 4096", t.batch.to_string())?;
        check(t.minutes >= 0.0 && t.minutes.is_finite(), "training.minutes", "0 or more", t.minutes.to_string())?;
        self.augment.validate()
    }

    /// Refuses settings that mean nothing for what the tensors hold.
    ///
    /// # Errors
    /// Phases to turn or magnitudes to show where there are levels; pitch to shift where there are none.
    pub fn check_content(&self, content: &Content) -> Result<(), ModelError> {
        let augment = &self.augment;
        let semitones = [("augment.pitch", augment.pitch), ("augment.pitch_copies", augment.pitch_copies)];
        if let Some((key, got)) = semitones.into_iter().find(|&(_, s)| s > 0.0 && content.shift(s).is_none()) {
            let allowed = "0 for a representation that is not of levels alone, as log-mel and magnitude are".to_owned();
            return Err(ModelError::Setting { key, allowed, got: got.to_string() });
        }
        if matches!(content, Content::Complex { .. }) {
            return Ok(());
        }
        let turn = (self.augment.turn_from > 0).then(|| ("augment.turn_from", self.augment.turn_from.to_string()));
        let log = self.discriminator.log_magnitude;
        let shown = (log > 0.0).then(|| ("discriminator.log_magnitude", log.to_string()));
        match turn.or(shown) {
            None => Ok(()),
            Some((key, got)) => {
                let allowed = "0 for a representation that is not made of complex numbers".to_owned();
                Err(ModelError::Setting { key, allowed, got })
            }
        }
    }
}

impl BeatConfig for GanConfig {
    const FAMILY: Family = Family::Gan;

    fn slices(&self) -> SliceSettings<'_> {
        let Self { representation, scaling, sample_rate, seed, training, .. } = self;
        let (scaling, sample_rate, seed, batch) = (*scaling, *sample_rate, *seed, training.batch);
        SliceSettings { representation, scaling, sample_rate, seed, batch }
    }

    fn schedule(&self) -> &Schedule {
        &self.training.schedule
    }

    fn length(&self) -> Length {
        let TrainingConfig { epochs, minutes, .. } = self.training;
        let epochs = (epochs > 0).then_some(epochs as f64);
        Length { steps: None, epochs, minutes: (minutes > 0.0).then_some(minutes) }
    }

    fn of_run(run: &RunDir) -> Result<Self, ModelError> {
        Ok(Resolved::load(&run.config())?.gan)
    }
}
