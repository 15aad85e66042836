//! Whether a study makes sense, as far as that can be said before any sound was read.

mod blocks;
mod pages;
mod questions;

use super::{Bandwidth, Study};
use crate::SurveyError;
use adm_core::nearest;
use std::collections::BTreeSet;
use std::fmt::Display;

/// Longest sound in seconds; longer ones tire people, and bundles have to be loaded.
const LONGEST: f64 = 600.0;

/// Most participants, and so sheets.
const MOST_PARTICIPANTS: usize = 10_000;

impl Study {
    pub(super) fn check(&self) -> Result<(), SurveyError> {
        within("participants", self.participants, 1, MOST_PARTICIPANTS)?;
        if self.title.trim().is_empty() {
            return Err(SurveyError::study("title", "must not be empty"));
        }
        self.check_sound()?;
        self.check_stimuli()?;
        self.check_analysis()?;
        distinct("questions", self.questions.iter().map(|question| &*question.id))?;
        self.questions.iter().try_for_each(|question| questions::check(question, self))?;
        distinct("blocks", self.blocks.iter().map(|block| &*block.id))?;
        self.blocks.iter().try_for_each(|block| blocks::check(block, self))?;
        pages::check(self)
    }

    fn check_sound(&self) -> Result<(), SurveyError> {
        let sound = &self.sound;
        within("sound.seconds", sound.seconds, 1.0, LONGEST)?;
        within("sound.sample_rate", sound.sample_rate, 8_000, 96_000)?;
        within("sound.channels", sound.channels, 1, 2)?;
        within("sound.loudness", sound.loudness, -60.0, -5.0)?;
        within("sound.true_peak", sound.true_peak, -20.0, 0.0)?;
        within("sound.edge", sound.edge, 0.0, 0.5)?;
        if let Bandwidth::Hz(hz) = sound.bandwidth {
            within("sound.bandwidth.hz", hz, 500.0, f64::from(sound.sample_rate) / 2.0)?;
        }
        let Some(round_trip) = &sound.round_trip else { return Ok(()) };
        within("sound.round_trip.bpm", round_trip.bpm, 40.0, 300.0)?;
        let known = self.truths();
        round_trip.truths.iter().try_for_each(|truth| known_truth("sound.round_trip", truth, &known))
    }

    fn check_stimuli(&self) -> Result<(), SurveyError> {
        if self.stimuli.is_empty() {
            return Err(SurveyError::study("stimuli", "there are none"));
        }
        distinct("stimuli", self.stimuli.iter().map(|stimulus| &*stimulus.id))?;
        for stimulus in &self.stimuli {
            let place = format!("stimuli.{}", stimulus.id);
            named(&place, "a truth", &stimulus.truth)?;
            stimulus.item.as_deref().map_or(Ok(()), |item| named(&place, "an item", item))?;
            if stimulus.count == Some(0) {
                return Err(SurveyError::study(place, "count must be at least 1"));
            }
        }
        Ok(())
    }

    fn check_analysis(&self) -> Result<(), SurveyError> {
        let analysis = &self.analysis;
        within("analysis.alpha", analysis.alpha, 0.0001, 0.5)?;
        analysis.margin.map_or(Ok(()), |margin| within("analysis.margin", margin, 0.001, 0.5))?;
        within("analysis.resamples", analysis.resamples, 100, 1_000_000)?;
        within("analysis.screening.attention", analysis.screening.attention, 0.0, 1.0)?;
        within("analysis.screening.repeats", analysis.screening.repeats, 0.0, 1.0)?;
        within("analysis.screening.reference_score", analysis.screening.reference_score, 0.0, 100.0)?;
        within("analysis.screening.missed", analysis.screening.missed, 0.0, 1.0)
    }

    /// All truths of the stimuli.
    pub(crate) fn truths(&self) -> BTreeSet<&str> {
        self.stimuli.iter().map(|stimulus| &*stimulus.truth).collect()
    }
}

/// Refuses a number outside its range.
fn within<T: PartialOrd + Display>(place: &str, value: T, low: T, high: T) -> Result<(), SurveyError> {
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
