//! Which sounds meet in a trial.

use crate::manifest::BlockKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A block of trials.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockSpec {
    /// What pages and tables call it.
    pub id: String,
    /// How its trials look.
    #[serde(default = "samples")]
    pub kind: BlockKind,
    /// Said above each trial.
    #[serde(default)]
    pub text: Option<String>,
    /// Questions that each trial asks, by id.
    #[serde(default)]
    pub questions: Vec<String>,
    /// How many samples of each truth every trial has: `draw = { ai = 1, human = 1 }`. No sound is in two
    /// trials, so blocks that come first have the first choice. Of MUSHRA, the
    /// truth of the open reference: `draw = { original = 1 }`; its conditions are the other versions of the same item.
    #[serde(default)]
    pub draw: BTreeMap<String, usize>,
    /// Truths whose sounds are each a trial of their own: `alone = ["ai", "human"]`. They come beside those that are drawn.
    #[serde(default)]
    pub alone: Vec<String>,
    /// Whether a draw puts versions of one item together rather than any.
    #[serde(default)]
    pub matched: bool,
    /// How many trials `draw` makes; as many as there are sounds for where none is said.
    #[serde(default)]
    pub count: Option<usize>,
    /// Trials that are given, by the ids of their samples; they come beside those that are drawn.
    #[serde(default)]
    pub trials: Vec<TrialSpec>,
    /// How many trials each participant hears, beside those that expect an answer; all where none is said. Every trial is heard
    /// equally often over all sheets, unless that takes more than 2,000 of them: packing says so.
    #[serde(default)]
    pub per_participant: Option<usize>,
    /// How many of them are asked once more at the end, to see who agrees with themselves; never those that expect an answer.
    #[serde(default)]
    pub repeats: usize,
    /// In which order trials and samples come.
    #[serde(default)]
    pub order: Order,
    /// Share of every sample that must have been heard before one can go on, 0 to 1.
    #[serde(default)]
    pub heard: f64,
    /// Whether MUSHRA trials have anchors at 3.5 and 7 kHz.
    #[serde(default = "yes")]
    pub anchors: bool,
}

/// A trial that is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrialSpec {
    /// The ids of its samples.
    pub samples: Vec<String>,
    /// Answers that show attention, by question of the block. Such a trial is heard by every participant, is never repeated, and
    /// is in no statistics but those of attention, with all its answers.
    ///
    /// Of a choice an option's value; of `many` values in the order of the options, joined by `|`; of a scale a number; of a
    /// text the text. Asked of each sample, it is expected of each. Of `samples` the ids of some of the trial's samples, or their
    /// truths, joined by `|`; `none` where none may be named. Nothing can be expected of X in an ABX trial.
    #[serde(default)]
    pub expect: BTreeMap<String, String>,
}

/// In which order trials and samples come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Balanced at random, another for each participant.
    #[default]
    Random,
    /// As they are given, for everybody. Refused where the order would give the answers away.
    AsGiven,
}

fn samples() -> BlockKind {
    BlockKind::Samples
}

fn yes() -> bool {
    true
}
