//! Pretended participants, to see before anybody is asked whether a study asks, scores and reports what it should.
//!
//! Each has an ear of their own: the wished share of right answers on the logistic scale, plus a normal deviate. Those who attend do
//! as attention items say; a few do not. What is not scored is answered at random. Everything goes through the same checks as
//! real answers (one that the page could not give is an error here), so a rehearsal's report is what the real one will look like; its participants' UUIDs begin with `0000`, so that
//! nobody takes one for the other.

mod person;
mod respond;

use crate::SurveyError;
use crate::answers::{Answers, check};
use crate::bundle::Opened;
use crate::key::Key;
use adm_core::Seeds;
use person::Person;

/// Who is pretended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rehearsal {
    /// How many.
    pub people: usize,
    /// Share of right answers to scored questions, 0 to 1; that of an average person.
    pub right: f64,
    /// How much people differ: the standard deviation of their log-odds. 0 makes all alike; 1 spreads 50 % over 27 to 73 %
    /// for two thirds of them.
    pub spread: f64,
    /// Share of attention items that are answered as they ask, 0 to 1.
    pub attention: f64,
}

/// Most people of a rehearsal.
const MOST: usize = 100_000;

/// Answers of pretended participants, one sheet after the other.
///
/// # Errors
/// [`SurveyError::Study`] for numbers out of range; [`SurveyError::Rehearsal`] where the study makes people say what the page
/// cannot give, such as an expected answer that is none of a question's.
pub fn rehearse(bundle: &Opened, key: &Key, settings: &Rehearsal, seeds: Seeds) -> Result<Vec<Answers>, SurveyError> {
    settings.check()?;
    let numbers = 0..settings.people as u64;
    numbers.map(|number| checked(bundle, Person::new(bundle, key, settings, seeds, number).answers())).collect()
}

/// Answers that merging will take.
fn checked(bundle: &Opened, answers: Answers) -> Result<Answers, SurveyError> {
    match check(&answers, &bundle.manifest, &bundle.id) {
        Ok(()) => Ok(answers),
        Err(fault) => Err(SurveyError::Rehearsal { what: fault.words }),
    }
}

impl Rehearsal {
    fn check(&self) -> Result<(), SurveyError> {
        let wrong =
            |what: &str, range: &str| Err(SurveyError::study("the rehearsal", format!("{what} must be {range}")));
        if !(1..=MOST).contains(&self.people) {
            return wrong("the number of people", &format!("between 1 and {MOST}"));
        }
        if !(0.0..=1.0).contains(&self.right) || !(0.0..=1.0).contains(&self.attention) {
            return wrong("a share", "between 0 and 1");
        }
        match (0.0..=10.0).contains(&self.spread) {
            true => Ok(()),
            false => wrong("the spread", "between 0 and 10"),
        }
    }
}
