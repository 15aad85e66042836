//! Every setting of an auto-encoder.

use adm_spectral::{RepresentationConfig, Shape};
use adm_train::{RunDir, Schedule};
use serde::{Deserialize, Serialize};

use super::Resolved;
use crate::frontend::ScalingConfig;
use crate::ranges::{count, named, refused, within};
use crate::{AdamConfig, BeatConfig, Family, Length, ModelError, SliceSettings};

/// The whole configuration, as in `configs/autoencoder/*.toml` and a run's `config.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AutoencoderConfig {
    /// `autoencoder`
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
    /// Tensor → code → tensor.
    pub network: NetworkConfig,
    /// What a wrong value costs.
    pub error: ErrorKind,
    /// Codes that are clouds, of a known shape all together; points where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variational: Option<VariationalConfig>,
    /// What noise becomes.
    pub codes: CodeKind,
    /// How it learns.
    pub optimizer: AdamConfig,
    /// Batches and what happens when.
    pub training: TrainingConfig,
}

/// The layers of the encoder; the decoder has them the other way round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    /// Channels after each halving of bins and frames by a convolution; none of them leaves dense layers alone. More channels learn
    /// more and cost their square in time.
    pub widths: Vec<usize>,
    /// Side of the kernels: 2, 4, 6 or 8.
    pub kernel: usize,
    /// Values of each dense layer between these and the code.
    pub dense: Vec<usize>,
    /// Values of a code. More of them make slices again more exactly, and are harder to fill with noise.
    pub latent: usize,
    /// LeakyReLU's gain below zero.
    pub slope: f32,
    /// A dense layer from the code to every value, past all others: places what comes again in the same place to the frame.
    pub direct: bool,
}

/// What a wrong value costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// Half its square: a Gaussian of deviation 1 around every value. Between two possibilities it makes their mean.
    Squares,
    /// Its size: a Laplace distribution of scale 1. Between two possibilities it makes the likelier one.
    Absolute,
}

/// Variational auto-encoding (Kingma and Welling 2014).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariationalConfig {
    /// What a nat of divergence from the standard normal distribution weighs, beside the error summed over all values (Higgins et al.
    /// 2017). At 1 it is the evidence bound, which takes errors as large as the whole range for likely: codes say little or nothing, and
    /// all that is made is the mean of what was learned from. Less makes slices again more exactly.
    pub beta: f64,
    /// Steps over which that weight grows from 0 (Bowman et al. 2016): codes come to say something before they cost.
    pub warm_up: u64,
}

impl VariationalConfig {
    /// What a nat weighs at a step.
    pub fn weight(&self, step: u64) -> f64 {
        if step >= self.warm_up { self.beta } else { self.beta * step as f64 / self.warm_up as f64 }
    }
}

/// What noise becomes before it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodeKind {
    /// A code as it is: right where codes are spread as the standard normal distribution, as a variational one wants to have them.
    Standard,
    /// A code spread as those of the training slices are, by their mean and covariance (Ghosh et al. 2020, "ex-post density
    /// estimation"): right however they came to lie.
    Fitted,
}

/// Batches and what happens when.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingConfig {
    /// Slices a step.
    pub batch: usize,
    /// Steps where the command line says nothing.
    pub steps: u64,
    /// What the loop does when.
    pub schedule: Schedule,
}

/// Most weights of a layer: four gigabytes, and four times that with gradients and moments.
const MOST_WEIGHTS: usize = 1 << 30;

impl AutoencoderConfig {
    /// Whether every value is in its range.
    ///
    /// # Errors
    /// The first that is not.
    pub fn validate(&self) -> Result<(), ModelError> {
        named("autoencoder", &self.family)?;
        self.network.validate()?;
        if let Some(VariationalConfig { beta, .. }) = self.variational {
            within("variational.beta", beta, 0.0, 1e6)?;
        }
        self.optimizer.validate()?;
        count("training.batch", self.training.batch, 1, 4_096)
    }
}

impl BeatConfig for AutoencoderConfig {
    const FAMILY: Family = Family::Autoencoder;

    fn slices(&self) -> SliceSettings<'_> {
        let Self { representation, scaling, sample_rate, seed, training, .. } = self;
        let (scaling, sample_rate, seed, batch) = (*scaling, *sample_rate, *seed, training.batch);
        SliceSettings { representation, scaling, sample_rate, seed, batch }
    }

    fn schedule(&self) -> &Schedule {
        &self.training.schedule
    }

    fn length(&self) -> Length {
        Length { steps: Some(self.training.steps), ..Length::default() }
    }

    fn of_run(run: &RunDir) -> Result<Self, ModelError> {
        Ok(Resolved::load(&run.config())?.autoencoder)
    }
}

impl NetworkConfig {
    fn validate(&self) -> Result<(), ModelError> {
        let counts = |key, widths: &[usize], most: usize| {
            let fits = widths.len() <= 8 && widths.iter().all(|width| (1..=most).contains(width));
            let allowed = format!("at most 8 counts of 1 to {most}");
            if fits { Ok(()) } else { Err(refused(key, allowed, format!("{widths:?}"))) }
        };
        counts("network.widths", &self.widths, 8_192)?;
        counts("network.dense", &self.dense, 65_536)?;
        count("network.latent", self.latent, 1, 4_096)?;
        let kernel = matches!(self.kernel, 2 | 4 | 6 | 8);
        if !kernel {
            return Err(refused("network.kernel", "2, 4, 6 or 8".to_owned(), self.kernel));
        }
        within("network.slope", f64::from(self.slope), 0.0, 1.0)
    }

    /// Bins and frames after all halvings.
    ///
    /// # Errors
    /// Halvings that do not divide the tensor's shape, or layers that no machine of today holds.
    pub fn fold(&self, shape: Shape) -> Result<[usize; 2], ModelError> {
        let stages = self.widths.len();
        let fold = [shape.bins >> stages, shape.frames >> stages];
        let (expected, got) = ([shape.bins, shape.frames], fold.map(|side| side << stages));
        if got != expected || fold.contains(&0) {
            return Err(ModelError::Geometry { stages, fold, got, expected });
        }
        self.check_weights(shape, fold)?;
        Ok(fold)
    }

    /// Values between the convolutions and the dense layers.
    pub(super) fn flat(&self, shape: Shape, fold: [usize; 2]) -> usize {
        self.widths.last().copied().unwrap_or(shape.channels) * fold[0] * fold[1]
    }

    fn check_weights(&self, shape: Shape, fold: [usize; 2]) -> Result<(), ModelError> {
        let sizes = [&[self.flat(shape, fold)], &self.dense[..], &[2 * self.latent]].concat();
        let direct = if self.direct { self.latent.saturating_mul(shape.size()) } else { 0 };
        let convolution = |pair: &[usize]| pair[0] * pair[1] * self.kernel * self.kernel;
        let dense = sizes.windows(2).map(|pair| pair[0].saturating_mul(pair[1]));
        let largest = dense.chain(self.widths.windows(2).map(convolution)).chain([direct]).max().unwrap_or(0);
        let allowed = || format!("small enough for {MOST_WEIGHTS} weights a layer");
        if largest <= MOST_WEIGHTS { Ok(()) } else { Err(refused("network", allowed(), format!("{largest} weights"))) }
    }
}
