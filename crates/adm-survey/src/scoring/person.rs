//! One participant's answers.

use super::index::Index;
use super::responses::{Person, Response};
use super::shown::Shown;
use crate::answers::{Answers, Row, milliseconds};
use crate::key::Role;
use crate::manifest::QuestionKind;
use crate::manifest::{ABX, MUSHRA};
use std::collections::{BTreeMap, HashMap};

/// Of ratings on long scales, the share of the scale up to which two agree: nobody hits one of a hundred numbers twice.
const AGREEMENT: f64 = 0.1;

/// A participant and their responses, or what does not fit.
pub(super) fn score(index: &Index<'_>, number: usize, answers: &Answers) -> Result<(Person, Vec<Response>), String> {
    let mut walk = Walk::new(index, answers);
    answers.rows.iter().try_for_each(|row| if row.trial.is_empty() { walk.page(row) } else { walk.trial(row) })?;
    let mut responses = walk.responses;
    responses.iter_mut().for_each(|response| response.person = number);
    let score = index.key.study.analysis.screening.reference_score;
    walk.person.missed_reference = missed(index, &responses, Role::HiddenReference, |rating| rating < score);
    walk.person.missed_anchor = missed(index, &responses, Role::MidAnchor, |rating| rating > score);
    Ok((walk.person, responses))
}

struct Walk<'a> {
    index: &'a Index<'a>,
    answers: &'a Answers,
    person: Person,
    responses: Vec<Response>,
    /// Where each trial was first.
    first: HashMap<&'a str, &'a str>,
    /// What was said then, by trial, question and stimulus.
    said: HashMap<[&'a str; 3], Said<'a>>,
}

/// An answer that another one can be compared to.
struct Said<'a> {
    declined: bool,
    value: &'a str,
    named: Vec<&'a str>,
    right: Option<bool>,
}

impl<'a> Walk<'a> {
    fn new(index: &'a Index<'a>, answers: &'a Answers) -> Self {
        let person = Person {
            id: answers.participant.clone(),
            background: BTreeMap::new(),
            attention: (0, 0),
            repeats: (0, 0),
            missed_reference: (0, 0),
            missed_anchor: (0, 0),
            declined: 0,
            seconds: seconds(answers).unwrap_or(0.0),
        };
        Self { index, answers, person, responses: Vec::new(), first: HashMap::new(), said: HashMap::new() }
    }

    /// A row of a page of questions.
    fn page(&mut self, row: &Row) -> Result<(), String> {
        match self.index.spec(&row.question).and_then(|spec| spec.expect.as_ref()) {
            Some(expected) => count(&mut self.person.attention, row.response == *expected),
            None if row.declined => self.person.declined += 1,
            None if self.is_left_empty(row) => {}
            None => {
                self.person.background.insert(row.question.clone(), row.response.clone());
            }
        }
        Ok(())
    }

    /// Of many options, none is an answer.
    fn is_left_empty(&self, row: &Row) -> bool {
        let many = matches!(self.index.kind(&row.question), Some(QuestionKind::Many { .. }));
        row.response.is_empty() && !many && !row.declined
    }

    /// A row of a trial.
    fn trial(&mut self, row: &'a Row) -> Result<(), String> {
        if self.is_left_empty(row) {
            return Ok(());
        }
        let shown = Shown::of(self.index, self.answers, row)?;
        let repeated = *self.first.entry(&row.trial).or_insert(&row.position) != row.position;
        let response = shown.response(self.index, row, repeated)?;
        self.attend(&shown, row);
        if !response.attention {
            self.repeat(&shown, row, &response);
        }
        self.responses.push(response);
        Ok(())
    }

    /// A trial may expect an answer, and a question may say what to answer.
    fn attend(&mut self, shown: &Shown<'_>, row: &Row) {
        let spec = self.index.spec(&row.question).and_then(|spec| spec.expect.as_ref());
        let attended = match (shown.trial.expect.get(&row.question), spec) {
            (Some(expected), _) => self.is_expected(shown, row, expected),
            (None, Some(expected)) => row.response == *expected,
            (None, None) => return,
        };
        count(&mut self.person.attention, attended);
    }

    /// Of samples, a trial expects truths, or ids: their places differ between participants.
    fn is_expected(&self, shown: &Shown<'_>, row: &Row, expected: &str) -> bool {
        if row.declined || !matches!(self.index.kind(&row.question), Some(QuestionKind::Samples { .. })) {
            return !row.declined && row.response == expected;
        }
        let found = |name: &str| self.index.stimulus(name).map(|(_, stimulus)| (&*stimulus.id, &*stimulus.truth));
        let (mut ids, mut truths): (Vec<&str>, Vec<&str>) =
            shown.named(&row.response).into_iter().filter_map(found).unzip();
        ids.sort_unstable();
        truths.sort_unstable();
        let mut wanted: Vec<&str> = expected.split('|').filter(|word| *word != "none").collect();
        wanted.sort_unstable();
        wanted == ids || wanted == truths
    }

    /// Compares an answer to the same one of a trial's first time.
    fn repeat(&mut self, shown: &Shown<'a>, row: &'a Row, response: &Response) {
        let named = match self.index.kind(&row.question) {
            Some(QuestionKind::Samples { .. }) => shown.named(&row.response),
            _ => Vec::new(),
        };
        let said = Said { declined: row.declined, value: &row.response, named, right: response.right };
        // X may be another sample the second time.
        let stimulus = if row.question == ABX { "" } else { &*row.stimulus };
        let place = [&*row.trial, &*row.question, stimulus];
        if !response.repeated {
            self.said.insert(place, said);
        } else if let Some(first) = self.said.get(&place)
            && let Some(same) = self.agree(&row.question, first, &said)
        {
            count(&mut self.person.repeats, same);
        }
    }

    /// Whether two answers to a question are the same; `None` where that says nothing.
    fn agree(&self, question: &str, first: &Said<'_>, second: &Said<'_>) -> Option<bool> {
        if first.declined || second.declined {
            return Some(first.declined == second.declined);
        }
        let near = |range: f64| {
            let [a, b] = [first, second].map(|said| said.value.parse::<f64>().unwrap_or(f64::NAN));
            Some((a - b).abs() <= AGREEMENT * range)
        };
        match (question, self.index.kind(question)) {
            (ABX, _) => Some(first.right == second.right),
            (MUSHRA, _) => near(100.0),
            (_, Some(QuestionKind::Scale { low, high, .. })) => near(*high as f64 - *low as f64),
            (_, Some(QuestionKind::Text { .. })) => None,
            (_, Some(QuestionKind::Samples { .. })) => Some(first.named == second.named),
            _ => Some(first.value == second.value),
        }
    }
}

fn count((held, all): &mut (usize, usize), holds: bool) {
    *held += usize::from(holds);
    *all += 1;
}

fn seconds(answers: &Answers) -> Option<f64> {
    let (started, finished) = (milliseconds(&answers.started)?, milliseconds(&answers.finished)?);
    // Of a clock that was set back between the two nobody knows how far.
    Some((finished - started).max(0) as f64 / 1_000.0)
}

/// MUSHRA trials in which a sound with this role was rated so, and how many have one, each the first time.
fn missed(index: &Index<'_>, responses: &[Response], role: Role, is_miss: impl Fn(f64) -> bool) -> (usize, usize) {
    let mut trials: BTreeMap<usize, bool> = BTreeMap::new();
    for response in responses.iter().filter(|it| it.question == MUSHRA && !it.repeated && !it.attention) {
        let sound = response.stimulus.and_then(|stimulus| index.key.stimuli.get(stimulus));
        let Ok(rating) = response.value.parse::<f64>() else { continue };
        if sound.is_some_and(|sound| sound.role == role) {
            *trials.entry(response.trial).or_default() |= is_miss(rating);
        }
    }
    (trials.values().filter(|missed| **missed).count(), trials.len())
}
