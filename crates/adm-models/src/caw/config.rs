//! Every setting of a pyramid of waveforms.

use adm_kernels::Adam;
use adm_train::Schedule;
use serde::{Deserialize, Serialize};

use super::signal::{HIGHEST_RATE, LOWEST_RATE};
use crate::ModelError;
use crate::ranges::{count, named, refused, within};

/// The whole configuration, as in `configs/caw/*.toml` and a run's `config.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CawConfig {
    /// `caw`
    pub family: String,
    /// One sentence on what the preset is.
    pub about: String,
    /// Seed of every random number of the run.
    #[serde(default)]
    pub seed: u64,
    /// What is learned from.
    pub recording: RecordingConfig,
    /// The rates.
    pub pyramid: PyramidConfig,
    /// Both networks of every scale.
    pub network: NetworkConfig,
    /// What the generator is asked for.
    pub loss: LossConfig,
    /// How the networks learn.
    pub optimizer: OptimizerConfig,
    /// How long, and what happens when.
    pub training: TrainingConfig,
}

/// What is learned from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordingConfig {
    /// 1 averages all channels, 2 learns both.
    pub channels: usize,
    /// Seconds that a recording has at least.
    pub shortest: f64,
    /// Seconds that it has at most. Memory and the time of a step grow with it.
    pub longest: f64,
    /// Share of samples that may be flat tops at full scale, 0 to 1.
    pub clipped: f64,
}

/// The rates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PyramidConfig {
    /// Rates in Hz, rising; those above the recording's own are left out.
    pub rates: Vec<u32>,
    /// Mean square of a signal at the least for it to be the first scale. More of it begins at a higher rate.
    pub first_energy: f64,
    /// Noise from the third scale on, as a share of the root of the energy that the scale adds. More of it varies more.
    pub noise: f64,
}

/// Both networks of every scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    /// Channels inside at the first scale.
    pub first_channels: usize,
    /// Channels inside at all others. More of them learn more and cost their square in time.
    pub channels: usize,
    /// Dilated layers, each of which sees twice as far. Eight see 2,041 samples.
    pub layers: usize,
    /// LeakyReLU's gain below zero.
    pub slope: f64,
    /// Coefficient of the filter at the end, 0 to below 1. More of it makes highs count more.
    pub pre_emphasis: f64,
}

/// What the generator is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LossConfig {
    /// Weight of the reconstruction's mean squared error.
    pub reconstruction: f64,
    /// Weight of its spectral error.
    pub spectral: f64,
    /// Weight of the critic's penalty for gradients that are not 1 long.
    pub penalty: f64,
    /// Steps from one penalty to the next, each of which weighs as much more.
    pub penalty_every: u64,
}

/// Adam.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptimizerConfig {
    /// Learning rate of both networks.
    pub rate: f64,
    /// Decay of the mean gradient.
    pub beta_1: f64,
    /// Decay of the mean squared gradient.
    pub beta_2: f64,
    /// Keeps steps finite where gradients vanish.
    pub epsilon: f64,
    /// Share of a scale's time after which the rate falls.
    pub drop_after: f64,
    /// What it is multiplied by then.
    pub drop: f64,
}

impl OptimizerConfig {
    pub(super) fn adam(&self) -> Adam {
        let &Self { rate, beta_1, beta_2, epsilon, .. } = self;
        Adam { rate, beta_1, beta_2, epsilon }
    }
}

/// How long, and what happens when.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingConfig {
    /// Steps of every scale, where no time is given.
    pub steps: u64,
    /// What the loop does when.
    pub schedule: Schedule,
}

/// Most scales.
const MOST_SCALES: usize = 64;

impl CawConfig {
    /// Whether every value is in its range.
    ///
    /// # Errors
    /// The first that is not.
    pub fn validate(&self) -> Result<(), ModelError> {
        named("caw", &self.family)?;
        let Self { recording, pyramid, network, loss, optimizer, training, .. } = self;
        count("recording.channels", recording.channels, 1, 2)?;
        within("recording.shortest", recording.shortest, 0.5, 3_600.0)?;
        within("recording.longest", recording.longest, recording.shortest, 3_600.0)?;
        within("recording.clipped", recording.clipped, 0.0, 1.0)?;
        pyramid.validate()?;
        network.validate()?;
        within("loss.reconstruction", loss.reconstruction, 0.0, 1e6)?;
        within("loss.spectral", loss.spectral, 0.0, 1e6)?;
        within("loss.penalty", loss.penalty, 0.0, 1e6)?;
        count("loss.penalty_every", loss.penalty_every as usize, 1, 1_000)?;
        within("optimizer.rate", optimizer.rate, 0.0, 1.0)?;
        within("optimizer.beta_1", optimizer.beta_1, 0.0, 0.999_999)?;
        within("optimizer.beta_2", optimizer.beta_2, 0.0, 0.999_999)?;
        within("optimizer.epsilon", optimizer.epsilon, 1e-30, 1.0)?;
        within("optimizer.drop_after", optimizer.drop_after, 0.0, 1.0)?;
        within("optimizer.drop", optimizer.drop, 0.0, 1.0)?;
        count("training.steps", training.steps as usize, 1, 1_000_000_000)?;
        match training.schedule.patience {
            0 => Ok(()),
            patience => Err(refused("training.schedule.patience", "0: every scale has its turn".to_owned(), patience)),
        }
    }
}

impl PyramidConfig {
    fn validate(&self) -> Result<(), ModelError> {
        let rising = self.rates.windows(2).all(|pair| pair[0] < pair[1]);
        let inside = self.rates.iter().all(|rate| (LOWEST_RATE..=HIGHEST_RATE).contains(rate));
        if !rising || !inside || !(1..=MOST_SCALES).contains(&self.rates.len()) {
            let allowed = format!("1 to {MOST_SCALES} rising rates between {LOWEST_RATE} and {HIGHEST_RATE}");
            return Err(refused("pyramid.rates", allowed, format!("{:?}", self.rates)));
        }
        within("pyramid.first_energy", self.first_energy, 0.0, 1.0)?;
        within("pyramid.noise", self.noise, 0.0, 10.0)
    }
}

impl NetworkConfig {
    fn validate(&self) -> Result<(), ModelError> {
        count("network.first_channels", self.first_channels, 1, 1_024)?;
        count("network.channels", self.channels, 1, 1_024)?;
        count("network.layers", self.layers, 2, 12)?;
        within("network.slope", self.slope, 0.0, 1.0)?;
        within("network.pre_emphasis", self.pre_emphasis, 0.0, 0.999)
    }

    /// Channels inside at a scale.
    pub(super) fn width(&self, scale: usize) -> usize {
        if scale == 0 { self.first_channels } else { self.channels }
    }
}
