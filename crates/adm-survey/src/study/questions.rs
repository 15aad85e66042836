//! Questions, of samples and of people.

use super::check::within;
use crate::SurveyError;
use crate::manifest::{Choice, Pick, Question, QuestionKind, When};
use adm_core::nearest;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A question. Which fields it takes beside the common ones depends on its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionSpec {
    /// What blocks, pages and tables call it.
    pub id: String,
    /// What is asked.
    pub text: String,
    /// `choice`, `many`, `scale`, `text` or `samples`: [`crate::manifest::QuestionKind`].
    pub kind: String,
    /// Of `choice` and `many`: `["Yes", "No"]`, or `[{ value = "yes", label = "Yes" }]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<OptionSpec>,
    /// Of `scale`: the lowest number; 0 where none is given. There are at most 20 steps up to `high`, of a slider 1,000.
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
    /// Of `text`: the most characters, 1 to 100,000; 1,000 where none is given.
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
    /// The answer that shows attention, for a question that says what to answer: an option's value; of `many`, values in the
    /// order of the options, joined by `|`; a number; a text; of `samples`, places on the page, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
}

/// Most characters of free text where a study does not say.
const MOST_TEXT: usize = 1000;

/// Most characters that a study can allow: a browser keeps some millions for all of a participant's answers.
const LONGEST_TEXT: usize = 100_000;

/// Furthest end of a scale from 0: JavaScript counts no further than 2⁵³ exactly, and nobody needs that.
const MOST_SCALE: i64 = 1_000_000;

/// Kinds of questions.
const KINDS: [&str; 5] = ["choice", "many", "scale", "text", "samples"];

impl QuestionSpec {
    /// The question as the page is given it; `in_trial` says whether a block asks it.
    ///
    /// # Errors
    /// As for [`Self::resolved_kind`].
    pub fn resolved(&self, in_trial: bool) -> Result<Question, SurveyError> {
        Ok(Question {
            text: self.text.clone(),
            kind: self.resolved_kind()?,
            each_sample: self.each_sample,
            required: self.required,
            may_decline: self.may_decline.unwrap_or(!in_trial),
            when: self.when.clone(),
        })
    }

    /// How it is answered.
    ///
    /// # Errors
    /// [`SurveyError::Study`] for an unknown kind, and fields that do not fit it.
    pub fn resolved_kind(&self) -> Result<QuestionKind, SurveyError> {
        let wrong = |problem: String| SurveyError::study(format!("questions.{}", self.id), problem);
        if !KINDS.contains(&&*self.kind) {
            let near = nearest(&self.kind, KINDS).map(|near| format!(", but {near}")).unwrap_or_default();
            return Err(wrong(format!("there is no kind \"{}\"{near}", self.kind))
                .or("a question is a choice, many, a scale, text or samples"));
        }
        if let Some(field) = self.foreign() {
            return Err(wrong(format!("a question of kind \"{}\" has no {field}", self.kind)));
        }
        match &*self.kind {
            "choice" => Ok(QuestionKind::Choice { options: self.choices().map_err(wrong)? }),
            "many" => Ok(QuestionKind::Many { options: self.choices().map_err(wrong)? }),
            "scale" => self.scale().map_err(wrong),
            "text" => self.limit(),
            _ => Ok(QuestionKind::Samples { pick: self.pick.unwrap_or(Pick::One) }),
        }
    }

    fn limit(&self) -> Result<QuestionKind, SurveyError> {
        let most = self.most.unwrap_or(MOST_TEXT);
        within(&format!("questions.{}.most", self.id), most, 1, LONGEST_TEXT)?;
        Ok(QuestionKind::Text { most })
    }

    /// The values of its options.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.options.iter().map(|option| match option {
            OptionSpec::Word(word) => &**word,
            OptionSpec::Labelled(choice) => &*choice.value,
        })
    }

    /// The first field that was given and that its kind does not have.
    fn foreign(&self) -> Option<&'static str> {
        let scale = self.low.is_some()
            || self.high.is_some()
            || self.low_label.is_some()
            || self.high_label.is_some()
            || self.slider.is_some();
        let chosen = matches!(&*self.kind, "choice" | "many");
        [
            ("options", !self.options.is_empty() && !chosen),
            ("low, high, labels or slider", scale && self.kind != "scale"),
            ("most", self.most.is_some() && self.kind != "text"),
            ("pick", self.pick.is_some() && self.kind != "samples"),
        ]
        .into_iter()
        .find_map(|(field, wrong)| wrong.then_some(field))
    }

    fn choices(&self) -> Result<Vec<Choice>, String> {
        if self.options.len() < 2 {
            return Err("needs at least two options".to_owned());
        }
        let mut seen = BTreeSet::new();
        for value in self.values() {
            if is_blank(value) {
                return Err("an option has no words".to_owned());
            }
            if value.contains('|') || value.chars().any(char::is_control) {
                return Err(format!("the option \"{value}\" must not have | or control characters in it"));
            }
            if !seen.insert(value) {
                return Err(format!("two options are called \"{value}\""));
            }
        }
        let choices: Vec<Choice> = self.options.iter().map(OptionSpec::choice).collect();
        match choices.iter().find(|choice| is_blank(&choice.label)) {
            Some(choice) => Err(format!("the option \"{}\" has no label", choice.value)),
            None => Ok(choices),
        }
    }

    fn scale(&self) -> Result<QuestionKind, String> {
        let (low, high) = (self.low.unwrap_or(0), self.high.unwrap_or(10));
        let slider = self.slider.unwrap_or(false);
        let most = if slider { 1000 } else { 20 };
        let far = |bound: i64| !(-MOST_SCALE..=MOST_SCALE).contains(&bound);
        if low >= high || far(low) || far(high) || high.saturating_sub(low) > most {
            return Err(format!("a scale goes up by 1 to {most} steps, not from {low} to {high}"));
        }
        let label = |label: &Option<String>| label.clone().unwrap_or_default();
        Ok(QuestionKind::Scale {
            low,
            high,
            low_label: label(&self.low_label),
            high_label: label(&self.high_label),
            slider,
        })
    }
}

/// Whether nothing of a text is seen: a browser also takes a byte order mark for a blank.
fn is_blank(text: &str) -> bool {
    text.chars().all(|letter| letter.is_whitespace() || letter == '\u{feff}')
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

impl OptionSpec {
    fn choice(&self) -> Choice {
        match self {
            Self::Word(word) => Choice { value: word.clone(), label: word.clone() },
            Self::Labelled(choice) => choice.clone(),
        }
    }
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

/// Points for each relation of what was named to what is right, −1,000 to 1,000; `exact` 1 and all others 0 where nothing is said.
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
