//! Every setting of a sequencer.

use adm_train::Schedule;
use serde::{Deserialize, Serialize};

use super::counting::LONGEST;
use crate::ModelError;
use crate::learning::AdamConfig;
use crate::ranges::{count, named, refused, within};

/// The whole configuration, as in `configs/sequencer/*.toml` and a run's `config.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SequencerConfig {
    /// `sequencer`
    pub family: String,
    /// One sentence on what the preset is.
    pub about: String,
    /// Seed of every random number of the run.
    #[serde(default)]
    pub seed: u64,
    /// What the network is told of the beats before.
    pub input: InputConfig,
    /// What it makes of that.
    pub network: BodyConfig,
    /// What is mixed with what the network says.
    #[serde(default)]
    pub counting: CountingConfig,
    /// How it learns.
    pub optimizer: AdamConfig,
    /// Batches and what happens when.
    pub training: TrainingConfig,
}

/// What the network is told of the beats before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputConfig {
    /// Length of the vector that stands for a token.
    pub width: usize,
    /// Both levels of the token book: the class of the beat before is an input, and the class of the next is predicted
    /// before its token.
    pub classes: bool,
    /// The beat's place in the bar and the bar's in the phrase are inputs.
    pub clock: bool,
    /// Share of the tokens that are hidden from the network in training, 0 to 0.9. A larger share keeps it from learning a
    /// short dataset by heart.
    pub forget: f64,
}

/// What carries memory from beat to beat.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
pub enum BodyConfig {
    /// Layers of long short-term memory, all ticking each beat (document 000, section 5.8).
    Lstm {
        /// Values that a layer remembers. More of them learn more and cost their square in time.
        hidden: usize,
        /// Layers above one another.
        layers: usize,
    },
    /// Three layers of long short-term memory: one ticks each beat, one each bar, one each phrase of four bars (document
    /// 000, section 7.2; Koutník et al. 2014).
    Clockwork {
        /// Values that the layer of beats remembers.
        beat: usize,
        /// Values that the layer of bars remembers.
        bar: usize,
        /// Values that the layer of phrases remembers.
        phrase: usize,
    },
    /// Blocks of causal attention over the last time steps, with rotary positions (document 000, section 7.2).
    Transformer {
        /// Length of the vectors between blocks; a multiple of twice the heads.
        width: usize,
        /// Parts that attend each to something else.
        heads: usize,
        /// Blocks above one another.
        layers: usize,
    },
}

/// What is mixed with what the network says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountingConfig {
    /// Tokens in the longest n-gram that may be counted, the foretold one included, 0 to 17; 0 leaves the network alone,
    /// without echoes. A longer one goes on for longer as in what was learned from.
    pub longest: usize,
}

/// Batches and what happens when.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingConfig {
    /// Windows a step.
    pub batch: usize,
    /// Beats in a window: as far as training looks back. A longer one can learn longer forms and needs more music.
    pub time_steps: usize,
    /// Training ends at this accuracy on the training split, 0 to 1; 0 goes on. "The optimal accuracy should lay around
    /// 0.6–0.7": a lower one leaves more variation (document 000, section 6.6).
    pub stop_accuracy: f64,
    /// Steps, where the command line says nothing; early stopping usually comes first.
    pub steps: u64,
    /// What the loop does when.
    pub schedule: Schedule,
}

impl SequencerConfig {
    /// Whether every value is in its range.
    ///
    /// # Errors
    /// The first that is not.
    pub fn validate(&self) -> Result<(), ModelError> {
        let (input, training) = (&self.input, &self.training);
        named("sequencer", &self.family)?;
        count("input.width", input.width, 1, 4_096)?;
        within("input.forget", input.forget, 0.0, 0.9)?;
        self.network.validate()?;
        count("counting.longest", self.counting.longest, 0, LONGEST)?;
        self.optimizer.validate()?;
        count("training.batch", training.batch, 1, 65_536)?;
        count("training.time_steps", training.time_steps, 2, 65_536)?;
        within("training.stop_accuracy", training.stop_accuracy, 0.0, 1.0)?;
        let Schedule { log_every, judge_every, .. } = training.schedule;
        // Accuracy is counted where numbers are read back.
        if training.stop_accuracy > 0.0 && (log_every == 0 || log_every > judge_every) {
            let allowed =
                "at least 1 and no more than judge_every where training.stop_accuracy is to be seen".to_owned();
            return Err(refused("training.schedule.log_every", allowed, log_every));
        }
        Ok(())
    }
}

impl BodyConfig {
    fn validate(self) -> Result<(), ModelError> {
        match self {
            Self::Lstm { hidden, layers } => {
                count("network.hidden", hidden, 1, 8_192)?;
                count("network.layers", layers, 1, 32)
            }
            Self::Clockwork { beat, bar, phrase } => {
                count("network.beat", beat, 1, 8_192)?;
                count("network.bar", bar, 1, 8_192)?;
                count("network.phrase", phrase, 1, 8_192)
            }
            Self::Transformer { width, heads, layers } => {
                count("network.width", width, 2, 8_192)?;
                count("network.heads", heads, 1, 256)?;
                count("network.layers", layers, 1, 64)?;
                let even = width.is_multiple_of(2 * heads);
                let allowed = || format!("a multiple of {}, twice the heads", 2 * heads);
                if even { Ok(()) } else { Err(refused("network.width", allowed(), width)) }
            }
        }
    }
}
