//! `STUDY.toml`: what is asked, of which sounds.
//!
//! One file a subject: [`stimuli`] (which sounds, and what they are), [`sound`] (how they are made alike), [`questions`],
//! [`blocks`] (which sounds meet in a trial), [`pages`], [`analysis`]. Every field has a default but those without which there is no
//! study; unknown keys are errors that name the nearest known one. Times are in seconds, frequencies in Hz, levels in
//! LUFS and dBTP.

pub mod analysis;
pub mod blocks;
pub mod pages;
pub mod questions;
pub mod sound;
pub mod stimuli;

mod check;
mod read;

pub use analysis::{Analysis, Screening};
pub use blocks::{BlockSpec, Order, TrialSpec};
pub use pages::{PageSpec, TrainingSample};
pub use questions::{OptionSpec, Points, QuestionSpec, Scoring};
pub(crate) use sound::representation;
pub use sound::{Bandwidth, RoundTrip, SoundSpec};
pub use stimuli::{DatasetPlace, FilePlace, FolderPlace, Place, RunPlace, StimulusSpec};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A whole study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Its title, said on every page.
    pub title: String,
    /// The language of the page's own words: `en`, `de`, `es`, `nl`, or any where `texts` gives all words.
    #[serde(default = "english")]
    pub language: String,
    /// Words of the page to say otherwise, by the keys of `texts/en.toml`.
    #[serde(default)]
    pub texts: BTreeMap<String, String>,
    /// How many people are expected, 1 to 10,000; 60 where none is said. Orders are balanced over as many sheets, rounded up until
    /// they come out even, where that takes at most 2,000. More makes the bundle larger, and hands out fewer sheets twice.
    #[serde(default = "sixty")]
    pub participants: usize,
    /// How stimuli are made alike.
    #[serde(default)]
    pub sound: SoundSpec,
    /// The sounds.
    pub stimuli: Vec<StimulusSpec>,
    /// The questions, of samples and of people.
    #[serde(default)]
    pub questions: Vec<QuestionSpec>,
    /// The trials.
    pub blocks: Vec<BlockSpec>,
    /// The pages, in order. Where none are given: consent, volume, every block, closing.
    #[serde(default)]
    pub pages: Vec<PageSpec>,
    /// How answers are analysed; fixed when the study is packed.
    #[serde(default)]
    pub analysis: Analysis,
}

fn english() -> String {
    "en".to_owned()
}

fn sixty() -> usize {
    60
}
