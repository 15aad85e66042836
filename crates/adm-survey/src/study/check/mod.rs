//! Whether a study makes sense, as far as that can be said before any sound was read.

mod blocks;
mod expect;
mod pages;
mod questions;
mod sounds;
mod trials;

use super::Study;
use crate::SurveyError;
use adm_core::nearest;
use std::collections::BTreeSet;
use std::fmt::Display;

/// Most participants, and so sheets.
const MOST_PARTICIPANTS: usize = 10_000;

impl Study {
    pub(super) fn check(&self) -> Result<(), SurveyError> {
        within("participants", self.participants, 1, MOST_PARTICIPANTS)?;
        if self.title.trim().is_empty() {
            return Err(SurveyError::study("title", "must not be empty"));
        }
        sounds::check(self)?;
        sounds::check_stimuli(self)?;
        self.check_analysis()?;
        distinct("questions", self.questions.iter().map(|question| &*question.id))?;
        self.questions.iter().try_for_each(|question| questions::check(question, self))?;
        distinct("blocks", self.blocks.iter().map(|block| &*block.id))?;
        self.blocks.iter().try_for_each(|block| blocks::check(block, self))?;
        pages::check(self)
    }

    fn check_analysis(&self) -> Result<(), SurveyError> {
        let analysis = &self.analysis;
        within("analysis.alpha", analysis.alpha, 0.0001, 0.2)?;
        analysis.margin.map_or(Ok(()), |margin| within("analysis.margin", margin, 0.001, 0.45))?;
        within("analysis.resamples", analysis.resamples, 100, 1_000_000)?;
        within("analysis.screening.attention", analysis.screening.attention, 0.0, 1.0)?;
        within("analysis.screening.repeats", analysis.screening.repeats, 0.0, 1.0)?;
        within("analysis.screening.reference_score", analysis.screening.reference_score, 0.0, 100.0)?;
        within("analysis.screening.missed", analysis.screening.missed, 0.0, 1.0)
    }

    /// The truth of the sound of an id, if there will be one.
    pub(crate) fn truth_of(&self, id: &str) -> Option<&str> {
        self.stimuli.iter().find(|stimulus| stimulus.has(id)).map(|stimulus| &*stimulus.truth)
    }

    /// All truths of the stimuli.
    pub(crate) fn truths(&self) -> BTreeSet<&str> {
        self.stimuli.iter().map(|stimulus| &*stimulus.truth).collect()
    }
}

/// Refuses a number outside its range.
pub(super) fn within<T: PartialOrd + Display>(place: &str, value: T, low: T, high: T) -> Result<(), SurveyError> {
    match value >= low && value <= high {
        true => Ok(()),
        false => Err(SurveyError::study(place, format!("must be between {low} and {high}, got {value}"))),
    }
}

/// Refuses a word that cannot be an id, a truth or an item.
fn named(place: &str, what: &str, word: &str) -> Result<(), SurveyError> {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
    match !word.is_empty() && word.len() <= 64 && word.chars().all(plain) {
        true => Ok(()),
        false => Err(SurveyError::study(place, format!("{what} has letters a to z, digits, - and _ alone"))),
    }
}

/// Refuses ids that are no ids, or that are there twice.
fn distinct<'a>(place: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), SurveyError> {
    let mut seen = BTreeSet::new();
    for id in ids {
        named(&format!("{place}.{id}"), "an id", id)?;
        if !seen.insert(id) {
            return Err(SurveyError::study(format!("{place}.{id}"), "there are two of this id"));
        }
    }
    Ok(())
}

/// Refuses a truth that no stimulus has.
fn known_truth(place: &str, truth: &str, known: &BTreeSet<&str>) -> Result<(), SurveyError> {
    match known.contains(truth) {
        true => Ok(()),
        false => Err(SurveyError::study(place, unknown("no stimulus has the truth", truth, known.iter().copied()))),
    }
}

/// "there is no question "x", but y".
fn unknown<'a>(what: &str, given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(given, known) {
        Some(near) => format!("{what} \"{given}\", but {near}"),
        None => format!("{what} \"{given}\""),
    }
}
