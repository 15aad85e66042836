//! Questions, of samples and of people.

use crate::bundle::{Choice, Pick, When};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A question. Which fields it takes beside the common ones depends on its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionSpec {
    /// What blocks, pages and tables call it.
    pub id: String,
    /// What is asked.
    pub text: String,
    /// `choice`, `many`, `scale`, `text` or `samples`: [`crate::bundle::QuestionKind`].
    pub kind: String,
    /// Of `choice` and `many`: `["Yes", "No"]`, or `[{ value = "yes", label = "Yes" }]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<OptionSpec>,
    /// Of `scale`: the lowest number; 0 where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<i64>,
    /// Of `scale`: the highest number; 10 where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<i64>,
    /// Of `scale`: what is said at the low end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_label: Option<String>,
    /// Of `scale`: what is said at the high end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high_label: Option<String>,
    /// Of `scale`: a slider rather than a row of buttons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slider: Option<bool>,
    /// Of `text`: the most characters; 1,000 where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<usize>,
    /// Of `samples`: `one` or `any`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pick: Option<Pick>,
    /// Whether it is asked of each sample of a trial, rather than once.
    #[serde(default)]
    pub each_sample: bool,
    /// Whether one cannot go on without an answer.
    #[serde(default = "yes")]
    pub required: bool,
    /// Whether "prefer not to say" is offered; it is where nothing is said and a page asks it, and not in trials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_decline: Option<bool>,
    /// Asked only after this answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// How right answers are told from wrong ones; without it answers are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scoring: Option<Scoring>,
    /// The answer that shows attention, for a question that says what to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
}

/// An option as a study gives it: a word that is both stored and shown, or one for each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OptionSpec {
    /// Stored and shown.
    Word(String),
    /// Stored, and shown otherwise.
    Labelled(Choice),
}

/// How right answers are told from wrong ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Scoring {
    /// `scoring = { truth = {} }`: of a choice about a sample, the value that is the sample's truth is right. Values may be mapped
    /// first: `{ truth = { real = "human", fake = "ai" } }`.
    Truth(BTreeMap<String, String>),
    /// `scoring = { target = { truth = "ai" } }`: of a question that names samples, those of this truth are right.
    Target {
        /// The truth that is looked for.
        truth: String,
        /// Points for each relation of what was named to what is right.
        #[serde(default)]
        points: Points,
    },
}

/// Points for each relation of what was named to what is right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Points {
    /// All that is right and nothing else.
    pub exact: f64,
    /// All that is right, and something wrong along with it.
    pub mixed: f64,
    /// Some of what is right and nothing wrong.
    pub part: f64,
    /// Some of what is right, but not all, and something wrong.
    pub muddled: f64,
    /// Nothing that is right, something wrong.
    pub wrong: f64,
    /// Nothing named, though something was right.
    pub none: f64,
}

impl Default for Points {
    fn default() -> Self {
        Self { exact: 1.0, mixed: 0.0, part: 0.0, muddled: 0.0, wrong: 0.0, none: 0.0 }
    }
}

fn yes() -> bool {
    true
}
