//! What the page reads: everything but the truth.

mod admits;

pub(crate) use admits::whole;

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// [`Manifest::format`].
pub const FORMAT: &str = "adm-bundle";

/// [`Manifest::version`].
pub const VERSION: u32 = 1;

/// The question that an ABX trial asks by itself.
pub const ABX: &str = "abx";

/// The question that a MUSHRA trial asks by itself, of each condition.
pub const MUSHRA: &str = "mushra";

/// Most samples of a trial, references and anchors included (BS.1534-3, section 5.2).
pub const MOST_SAMPLES: usize = 12;

/// Everything that the page knows.
///
/// Its id, by which answers name their bundle, is the SHA-256 of the JSON text within `adm.study(…)`; the page is given it as
/// the second argument of that call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `adm-bundle`.
    pub format: String,
    /// 1.
    pub version: u32,
    /// The study's title.
    pub title: String,
    /// The page's language, such as `en`, for the `lang` attribute.
    pub language: String,
    /// The page's own words, by key; every key of `texts/en.toml` is there.
    pub texts: BTreeMap<String, String>,
    /// SHA-256 of the key file's bytes, as 64 hexadecimal digits.
    pub commitment: String,
    /// The public seed of the sheets, in decimal: JavaScript's numbers would round it.
    pub seed: String,
    /// What all stimuli have in common.
    pub sound: SoundFormat,
    /// The name of the sound that the volume page plays.
    pub volume: Option<String>,
    /// Pages, in order. The first asks for consent.
    pub pages: Vec<Page>,
    /// Questions, by id.
    pub questions: BTreeMap<String, Question>,
    /// Blocks of trials, by id.
    pub blocks: BTreeMap<String, Block>,
    /// Trials, by hashed name.
    pub trials: BTreeMap<String, Trial>,
    /// For each sheet and block: what is shown, in order. A participant has one sheet.
    pub sheets: Vec<BTreeMap<String, Vec<Shown>>>,
}

impl Manifest {
    /// Names of all sounds that the page loads.
    pub fn sounds(&self) -> BTreeSet<&str> {
        let trials = self.trials.values();
        let of_trials = trials.flat_map(|trial| trial.samples.iter().chain(&trial.reference).chain(&trial.copies));
        let of_pages = self.pages.iter().flat_map(|page| match &page.kind {
            PageKind::Training { samples } => samples.as_slice(),
            _ => &[],
        });
        of_trials.chain(&self.volume).chain(of_pages.map(|(name, _)| name)).map(String::as_str).collect()
    }
}

/// What all stimuli have in common.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoundFormat {
    /// Frames a second.
    pub rate: u32,
    /// 1 or 2.
    pub channels: u16,
    /// Length of every stimulus.
    pub frames: u64,
    /// Whether samples go round and round until they are stopped.
    pub looped: bool,
    /// Length of the cross-fade between samples, in milliseconds.
    pub fade_ms: f64,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// What kind of page.
    #[serde(flatten)]
    pub kind: PageKind,
    /// Its heading; the page's own words have one for each kind where none is given.
    pub title: Option<String>,
    /// Prose; blank lines separate paragraphs.
    pub text: Option<String>,
}

/// What kind of page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PageKind {
    /// Nothing is stored before the participant agrees here.
    Consent,
    /// Prose alone.
    Text,
    /// A sound at the stimuli's loudness, to set the volume by.
    Volume,
    /// Labelled examples to listen to, with a word for each.
    Training {
        /// Names of stimuli, and what is said of each.
        samples: Vec<(String, String)>,
    },
    /// Questions about the participant, or about the test.
    Questions {
        /// Their ids.
        questions: Vec<String>,
    },
    /// The trials of a block, one after the other.
    Block {
        /// Its id.
        block: String,
    },
    /// Thanks; answers are handed over here.
    Closing,
}

/// A block of trials.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// How its trials look.
    pub kind: BlockKind,
    /// Said above each trial.
    pub text: Option<String>,
    /// Questions that each trial asks, by id, in order.
    pub questions: Vec<String>,
    /// Share of every sample that must have been heard before one can go on, 0 to 1.
    pub heard: f64,
}

/// How a block's trials look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockKind {
    /// Samples side by side, and questions about each or about all.
    Samples,
    /// A, B and X: X is A or B.
    Abx,
    /// A reference, and sliders from 0 to 100 for every condition.
    Mushra,
}

/// Something to hear and to answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// Its block.
    pub block: String,
    /// Names of its samples, in an order that says nothing; [`Shown::slots`] refers to it.
    pub samples: Vec<String>,
    /// The open reference of a MUSHRA trial.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reference: Option<String>,
    /// The two candidates for X of an ABX trial, in an order that says nothing; [`Shown::x`] refers to it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub copies: Vec<String>,
}

/// A trial as one participant sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The trial's name.
    pub trial: String,
    /// For each place on the page, from the left, which of [`Trial::samples`] is there.
    pub slots: Vec<usize>,
    /// Which of [`Trial::copies`] is X.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub x: Option<usize>,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// How it is answered.
    #[serde(flatten)]
    pub kind: QuestionKind,
    /// Whether it is asked of each sample, rather than once a trial or page.
    pub each_sample: bool,
    /// Whether one cannot go on without an answer.
    pub required: bool,
    /// Whether "prefer not to say" is offered.
    pub may_decline: bool,
    /// Asked only after this answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub when: Option<When>,
}

/// How a question is answered. In [`crate::answers::Row::response`], all are text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum QuestionKind {
    /// One of the options: its value.
    Choice {
        /// What can be chosen, in this order.
        options: Vec<Choice>,
    },
    /// Any of the options: their values, joined by `|`; empty for none.
    Many {
        /// What can be chosen, in this order.
        options: Vec<Choice>,
    },
    /// A whole number from `low` to `high`.
    Scale {
        /// The lowest.
        low: i64,
        /// The highest.
        high: i64,
        /// Said at the low end.
        low_label: String,
        /// Said at the high end.
        high_label: String,
        /// A slider rather than a row of buttons.
        slider: bool,
    },
    /// Free text of at most so many characters.
    Text {
        /// The most characters.
        most: usize,
    },
    /// Which of the samples: their places on the page, counted from 1 and joined by `|`; `none` for none of them.
    Samples {
        /// How many may be named.
        pick: Pick,
    },
}

/// How many samples an answer may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pick {
    /// Exactly one: a forced choice.
    One,
    /// Any number of them, none included.
    Any,
}

/// An option of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub label: String,
}

/// A question is only asked after a certain answer to another, of the same sample where both are asked of samples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The other's id.
    pub question: String,
    /// Its response.
    pub is: String,
}
