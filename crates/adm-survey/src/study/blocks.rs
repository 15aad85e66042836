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
    /// How many trials each participant hears; all where none is said. Every trial is heard equally often.
    #[serde(default)]
    pub per_participant: Option<usize>,
    /// How many of them are asked once more at the end, to see who agrees with themselves.
    #[serde(default)]
    pub repeats: usize,
    /// In which order trials and samples come.
    #[serde(default)]
    pub order: Order,
    /// Share of every sample that must have been heard before one can go on.
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
    /// Answers that show attention, by question. Such a trial is part of every participant's subset.
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
