//! Every setting of a mixture density network.

use adm_spectral::{LogBandConfig, RepresentationConfig, ValueRange};
use adm_train::Schedule;
use serde::{Deserialize, Serialize};

use super::Frames;
use super::shift::Shift;
use crate::ModelError;
use crate::learning::AdamConfig;
use crate::ranges::{count, named, refused, within};

/// The whole configuration, as in `configs/mdn/*.toml` and a run's `config.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MdnConfig {
    /// `mdn`
    pub family: String,
    /// One sentence on what the preset is.
    pub about: String,
    /// Seed of every random number of the run.
    #[serde(default)]
    pub seed: u64,
    /// What a row is where sound is learned from.
    pub representation: RepresentationConfig,
    /// What remembers.
    pub network: BodyConfig,
    /// What a row may be, given those before.
    pub mixture: MixtureConfig,
    /// How it learns.
    pub optimizer: AdamConfig,
    /// Changes of what is learned from.
    #[serde(default)]
    pub augment: AugmentConfig,
    /// Batches and what happens when.
    pub training: TrainingConfig,
}

/// What remembers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
pub enum BodyConfig {
    /// Layers of long short-term memory (document 004, section 2.1.4).
    Lstm {
        /// Values that a layer remembers. More of them learn more and cost their square in time.
        hidden: usize,
        /// Layers above one another.
        layers: usize,
        /// Whether every layer also sees the row, and the output is that of all layers (Graves 2013, section 2).
        skips: bool,
    },
    /// Dense layers that know one row (document 004, section 2.1.1).
    FeedForward {
        /// Values of a layer.
        hidden: usize,
        /// Layers above one another.
        layers: usize,
    },
}

/// What a row may be, given those before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MixtureConfig {
    /// Gaussians, each with one deviation for all columns (document 004, section 2.1.2). More of them tell more ways on apart; 0 is
    /// regression by least squares.
    pub components: usize,
    /// The smallest deviation of a Gaussian, where 1 is that of all values. A smaller one is surer and learns less steadily.
    pub narrowest: f64,
}

/// Changes of what is learned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AugmentConfig {
    /// Semitones up to which stretches of sound are also heard higher and lower, 0 to 12 (document 004, section 6.1, proposal 1). More
    /// of them teach tones beside one another and not the pitch that they have.
    pub pitch: usize,
}

impl AugmentConfig {
    /// What becomes of a stretch, each as often as the other.
    pub(super) fn versions(&self, frames: Option<&Frames>) -> Result<Vec<Option<Shift>>, ModelError> {
        match (self.pitch, frames) {
            (0, _) => Ok(vec![None]),
            (semitones, Some(frames)) => frames.shifts(semitones),
            (semitones, None) => {
                Err(refused("augment.pitch", "0 where rows are not frames of sound".to_owned(), semitones))
            }
        }
    }
}

/// Batches and what happens when.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingConfig {
    /// Stretches of rows a step.
    pub batch: usize,
    /// Rows over which errors are carried back (truncated back-propagation through time). A longer one learns longer patterns.
    pub time_steps: usize,
    /// Rows before them that are only heard.
    pub warm_up: usize,
    /// Deviation of what is added to rows as they are heard in training, where 1 is that of all values. More of it forgives more of
    /// the network's own errors and foretells less exactly.
    pub noise: f64,
    /// Share of a CSV's rows, its last ones, that are held out; datasets have splits of their own.
    pub hold_out: f64,
    /// Steps where the command line says nothing.
    pub steps: u64,
    /// What the loop does when.
    pub schedule: Schedule,
}

/// Most weights of the layers: four gigabytes, and four times that with gradients and moments.
const MOST_WEIGHTS: usize = 1 << 30;

/// Most values that a network gives for a row.
const MOST_OUTPUTS: usize = 1 << 20;

impl MdnConfig {
    /// Whether every value is in its range.
    ///
    /// # Errors
    /// The first that is not.
    pub fn validate(&self) -> Result<(), ModelError> {
        let training = &self.training;
        named("mdn", &self.family)?;
        self.bands()?;
        self.network.validate()?;
        count("mixture.components", self.mixture.components, 0, 200)?;
        within("mixture.narrowest", self.mixture.narrowest, 1e-6, 1.0)?;
        self.optimizer.validate()?;
        count("augment.pitch", self.augment.pitch, 0, 12)?;
        count("training.batch", training.batch, 1, 65_536)?;
        count("training.time_steps", training.time_steps, 1, 65_536)?;
        count("training.warm_up", training.warm_up, 0, 65_536)?;
        within("training.noise", training.noise, 0.0, 10.0)?;
        within("training.hold_out", training.hold_out, 0.0, 0.9)
    }

    /// How frames of sound become rows.
    ///
    /// # Errors
    /// A representation whose frames do not follow one another for as long as sound does.
    pub fn bands(&self) -> Result<&LogBandConfig, ModelError> {
        match &self.representation {
            // Passages are analysed each by itself.
            RepresentationConfig::LogBand(bands) if bands.range == ValueRange::MinMax => Err(refused(
                "representation.range",
                "the same for all sound: unit, raw or full-scale".to_owned(),
                "min-max",
            )),
            RepresentationConfig::LogBand(bands) => Ok(bands),
            other => Err(refused("representation.name", "log-band for this family".to_owned(), other.name())),
        }
    }

    /// Values that the network gives for a row of `columns`.
    ///
    /// # Errors
    /// More of them than can be.
    pub(super) fn outputs(&self, columns: usize) -> Result<usize, ModelError> {
        let outputs = match self.mixture.components {
            0 => columns,
            components => components.saturating_mul(columns.saturating_add(2)),
        };
        let allowed = || format!("few enough for {MOST_OUTPUTS} values with {columns} columns");
        if outputs <= MOST_OUTPUTS {
            Ok(outputs)
        } else {
            Err(refused("mixture.components", allowed(), self.mixture.components))
        }
    }
}

impl BodyConfig {
    fn validate(self) -> Result<(), ModelError> {
        let (Self::Lstm { hidden, layers, .. } | Self::FeedForward { hidden, layers }) = self;
        count("network.hidden", hidden, 1, 8_192)?;
        count("network.layers", layers, 1, 32)?;
        let weights = 8 * hidden * hidden * layers;
        let allowed = || format!("small enough for {MOST_WEIGHTS} weights in {layers} layers");
        if weights <= MOST_WEIGHTS { Ok(()) } else { Err(refused("network.hidden", allowed(), hidden)) }
    }
}
