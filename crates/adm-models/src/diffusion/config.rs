//! Every setting of a diffusion model.

use adm_spectral::{RepresentationConfig, Shape};
use adm_train::{RunDir, Schedule};
use serde::{Deserialize, Serialize};

use super::{NoiseSchedule, Resolved, Sampling, Told};
use crate::frontend::ScalingConfig;
use crate::labels::Shares;
use crate::ranges::{count, named, refused, within};
use crate::{AdamConfig, BeatConfig, Family, Length, ModelError, SliceSettings};

/// The whole configuration, as in `configs/diffusion/*.toml` and a run's `config.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffusionConfig {
    /// `diffusion`
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
    /// The U-Net.
    pub network: NetworkConfig,
    /// What it is told of a beat's token; nothing where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<ConditionConfig>,
    /// How tensors become noise.
    pub noise: NoiseConfig,
    /// What the network is to say of a noisy tensor.
    pub objective: ObjectiveConfig,
    /// How noise becomes tensors, where the command line says nothing.
    pub sampling: Sampling,
    /// How it learns.
    pub optimizer: AdamConfig,
    /// Batches and what happens when.
    pub training: TrainingConfig,
}

/// The U-Net's layers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    /// Side of the patches that the first convolution makes a pixel of: 1, 2, 4 or 8. Twice the side takes a quarter of the time and
    /// draws less finely.
    pub patch: usize,
    /// Channels of every level, the finest first; each level has half the bins and frames of the one before.
    pub widths: Vec<usize>,
    /// Residual blocks of a level on the way down, and as many on the way up.
    pub blocks: usize,
    /// Groups that channels are normalised in; divides every width.
    pub groups: usize,
    /// Heads of the attention among the pixels of the coarsest level; divides its width, and 0 is no attention.
    pub heads: usize,
    /// Values that the step and the label become before blocks see them. An even number.
    pub embedding: usize,
}

/// How labels say what is made; a network without this table takes none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConditionConfig {
    /// Whether it is told the position in the bar, too, or the token alone.
    pub positions: bool,
    /// Share of the training beats whose label is kept from it, 0 to 0.9, so that it also learns what beats are without one
    /// (Ho and Salimans 2022, algorithm 1). With 0 there is nothing to guide away from.
    pub forget: f64,
}

impl Default for ConditionConfig {
    fn default() -> Self {
        Self { positions: true, forget: 0.1 }
    }
}

/// How tensors become noise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoiseConfig {
    /// Steps from a tensor to noise alone.
    pub steps: usize,
    /// How much of it is noise at each.
    pub schedule: ScheduleConfig,
    /// What tensors are multiplied by first (Chen 2023, section 2). Quiet ones drown in the first steps' noise, and nothing is left
    /// to learn at the later ones; a larger gain lets them last longer.
    pub gain: f64,
}

/// How much of a tensor is noise at each step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ScheduleConfig {
    /// The share of noise that a step adds grows evenly (Ho et al. 2020, section 4).
    Linear {
        /// That of the first step.
        first: f64,
        /// That of the last.
        last: f64,
    },
    /// What is kept falls as a squared cosine (Nichol and Dhariwal 2021, equation 17).
    Cosine {
        /// Keeps the first steps from being too small.
        offset: f64,
    },
}

/// What the network says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prediction {
    /// The noise ε (Ho et al. 2020). Of noise alone it says nothing about the tensor.
    Epsilon,
    /// v = √ᾱ·ε − √(1 − ᾱ)·x₀ (Salimans and Ho 2022, section 4), which is as well told at every step.
    V,
}

/// What the network is to say of a noisy tensor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveConfig {
    /// What it says.
    pub predict: Prediction,
    /// Signal-to-noise ratio above which a step weighs no more (min-SNR, Hang et al. 2023); 0 weighs all errors of what is said alike.
    pub min_snr: f64,
}

/// Batches and what happens when.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingConfig {
    /// Slices a step. A larger batch steadies the gradients and takes as much longer.
    pub batch: usize,
    /// Share of the old average that stays in the averaged network each step, 0 to 1.
    pub ema: f64,
    /// Steps that samples for the judge and for previews take, whatever `sampling.steps` is. Judging takes as long as 256 samples.
    pub judge_steps: usize,
    /// Epochs where no budget is given on the command line; 0 leaves it to `minutes`.
    pub epochs: u64,
    /// Minutes where no budget is given on the command line; 0 leaves it to `epochs`.
    pub minutes: f64,
    /// What happens how often.
    pub schedule: Schedule,
}

/// Most weights of a network: four gigabytes, and four times that with gradients and moments.
const MOST_WEIGHTS: usize = 1 << 30;

/// Most steps of noise.
pub(super) const MOST_STEPS: usize = 10_000;

impl DiffusionConfig {
    /// Checks every range.
    ///
    /// # Errors
    /// The first setting that is out of its range.
    pub fn validate(&self) -> Result<(), ModelError> {
        named("diffusion", &self.family)?;
        self.network.validate()?;
        self.condition.map_or(Ok(()), |condition| within("condition.forget", condition.forget, 0.0, 0.9))?;
        self.noise.validate()?;
        within("objective.min_snr", self.objective.min_snr, 0.0, 1e6)?;
        self.sampling.validate()?;
        self.optimizer.validate()?;
        self.training.validate()
    }

    /// What labels a network of this configuration can be told, of those there are.
    pub(super) fn told(&self, shares: Option<&Shares>) -> Option<Told> {
        let (condition, shares) = self.condition.zip(shares)?;
        Some(Told { tokens: shares.tokens(), positions: condition.positions })
    }

    /// Refuses what no machine of today holds, before memory is asked for.
    ///
    /// # Errors
    /// A coarsest level of nothing but padding, or attention among more pixels than fit.
    pub(super) fn check_shape(&self, shape: Shape) -> Result<(), ModelError> {
        /// A gigabyte of scores a sample and head.
        const MOST_PIXELS: usize = 1 << 14;
        let network = &self.network;
        let factor = network.factor();
        let smallest = shape.bins.min(shape.frames);
        if factor >= 2 * smallest {
            let allowed = format!("few enough for {} bins and {} frames", shape.bins, shape.frames);
            return Err(refused("network.widths", allowed, format!("{} levels", network.widths.len())));
        }
        let pixels = shape.bins.div_ceil(factor) * shape.frames.div_ceil(factor);
        if network.heads > 0 && pixels > MOST_PIXELS {
            let allowed = format!("0 where the coarsest level has more than {MOST_PIXELS} pixels");
            return Err(refused("network.heads", allowed, network.heads));
        }
        Ok(())
    }
}

impl BeatConfig for DiffusionConfig {
    const FAMILY: Family = Family::Diffusion;

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
        Length {
            steps: None,
            epochs: (epochs > 0).then_some(epochs as f64),
            minutes: (minutes > 0.0).then_some(minutes),
        }
    }

    fn of_run(run: &RunDir) -> Result<Self, ModelError> {
        Ok(Resolved::load(&run.config())?.diffusion)
    }
}

impl NetworkConfig {
    /// What a side has to be a multiple of; others are padded.
    pub fn factor(&self) -> usize {
        self.patch << self.widths.len().saturating_sub(1)
    }

    fn validate(&self) -> Result<(), ModelError> {
        let Self { patch, widths, blocks, groups, heads, embedding } = self;
        let fits = |fits: bool, key: &'static str, allowed: &str, got: String| {
            if fits { Ok(()) } else { Err(refused(key, allowed.to_owned(), got)) }
        };
        fits(matches!(patch, 1 | 2 | 4 | 8), "network.patch", "1, 2, 4 or 8", patch.to_string())?;
        let counts = (1..=8).contains(&widths.len()) && widths.iter().all(|width| (1..=4096).contains(width));
        fits(counts, "network.widths", "1 to 8 counts of 1 to 4096", format!("{widths:?}"))?;
        count("network.blocks", *blocks, 1, 8)?;
        count("network.groups", *groups, 1, 4096)?;
        let divided = widths.iter().all(|width| width.is_multiple_of(*groups));
        fits(divided, "network.groups", &format!("a divisor of each of {widths:?}"), groups.to_string())?;
        let coarsest = widths.last().copied().unwrap_or(1);
        let split = *heads == 0 || coarsest.is_multiple_of(*heads);
        fits(split, "network.heads", &format!("0 or a divisor of {coarsest}"), heads.to_string())?;
        count("network.embedding", *embedding, 2, 4096)?;
        fits(embedding.is_multiple_of(2), "network.embedding", "even", embedding.to_string())?;
        let weights = self.weights();
        let allowed = format!("narrow enough for {MOST_WEIGHTS} weights");
        fits(weights <= MOST_WEIGHTS, "network.widths", &allowed, format!("{weights} weights"))
    }

    /// Weights of its convolutions, about.
    fn weights(&self) -> usize {
        let block = |width: usize| (2 + 3) * 9 * width * width + 2 * width * width;
        let levels = self.widths.iter().map(|&width| self.blocks.saturating_mul(block(width)));
        let coarsest = self.widths.last().map_or(0, |&width| (4 + 36) * width * width);
        levels.fold(coarsest, usize::saturating_add)
    }
}

impl NoiseConfig {
    fn validate(&self) -> Result<(), ModelError> {
        count("noise.steps", self.steps, 1, MOST_STEPS)?;
        within("noise.gain", self.gain, 0.01, 100.0)?;
        match self.schedule {
            ScheduleConfig::Linear { first, last } => {
                within("noise.schedule.first", first, 1e-9, 0.999)?;
                within("noise.schedule.last", last, 1e-9, 0.999)
            }
            ScheduleConfig::Cosine { offset } => within("noise.schedule.offset", offset, 1e-6, 1.0),
        }?;
        // Beyond, what is left of a tensor is no number that can be divided by.
        let left = NoiseSchedule::new(self).kept(self.steps);
        let allowed = || "weak enough for 1e-20 of a tensor to be left at the last step".to_owned();
        if left >= 1e-20 { Ok(()) } else { Err(refused("noise.schedule", allowed(), format!("{left:e}"))) }
    }
}

impl TrainingConfig {
    fn validate(&self) -> Result<(), ModelError> {
        count("training.batch", self.batch, 1, 4096)?;
        within("training.ema", self.ema, 0.0, 0.999_999)?;
        count("training.judge_steps", self.judge_steps, 1, MOST_STEPS)?;
        within("training.minutes", self.minutes, 0.0, 1e7)
    }
}
