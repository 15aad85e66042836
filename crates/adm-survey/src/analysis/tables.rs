//! Right answers, points and ratings by sample, by trial, by what samples are, and by person.

use super::numbers::{Known, Span, count};
use super::share::ratio;
use super::view::{Asked, View};
use crate::scoring::Response;
use adm_stats::proportion;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Answers to one question, in groups.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Grouped {
    /// What was asked.
    pub asked: Asked,
    /// By sample, in order of the study; by trial where the question is about all of its samples.
    pub items: Vec<Group>,
    /// By trial, in order of the study: the answers per question of document 000's figure 11.
    pub trials: Vec<Group>,
    /// By what the samples are.
    pub truths: Vec<Group>,
}

/// Right answers of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What the sample is; empty where there is no one sample.
    pub truth: String,
    /// Answers.
    pub n: u64,
    /// People.
    pub persons: u64,
    /// Right answers.
    pub right: u64,
    /// Their share.
    pub share: Known<f64>,
    /// Wilson's interval of the share; it takes answers as independent.
    pub wilson: Known<Span>,
}

/// What one person did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PersonRow {
    /// The UUID.
    pub id: String,
    /// Answers in trials that count.
    pub answers: u64,
    /// Answers that are right or wrong.
    pub scored: u64,
    /// Right answers.
    pub right: u64,
    /// Their share.
    pub share: Known<f64>,
    /// Points in all.
    pub points: f64,
    /// Attention items answered as they ask, and how many there were.
    pub attention: (usize, usize),
    /// Repeated responses that were as the first time, and how many there were.
    pub repeats: (usize, usize),
    /// MUSHRA trials in which the hidden reference was rated too low, and how many there were.
    pub missed_reference: (usize, usize),
    /// MUSHRA trials in which the mid anchor was rated too high, and how many there were.
    pub missed_anchor: (usize, usize),
    /// Minutes from consent to the last page.
    pub minutes: f64,
    /// Why the screened analysis leaves the person out; empty where it does not.
    pub left_out: Vec<String>,
}

/// Groups of all scored questions.
pub(super) fn grouped(view: View<'_>) -> Vec<Grouped> {
    let scored = view.asked().into_iter().filter(|asked| view.is_scored(asked));
    scored.map(|asked| one(view, asked)).collect()
}

fn one(view: View<'_>, asked: Asked) -> Grouped {
    let answers = view.judged(&asked);
    let truth = |answer: &Response| view.truth(answer).unwrap_or_default().to_owned();
    let nothing = |_: &Response| String::new();
    Grouped {
        items: groups(view, &answers, |answer| (view.item(answer), view.item_name(answer)), truth),
        trials: groups(view, &answers, |answer| (answer.trial, view.trial_name(answer)), nothing),
        truths: match answers.iter().any(|answer| view.truth(answer).is_some()) {
            true => groups(view, &answers, truth, truth),
            false => Vec::new(),
        },
        asked,
    }
}

/// A group's key gives its order, and its name.
trait Named: Ord {
    fn name(self) -> String;
}

impl Named for String {
    fn name(self) -> String {
        self
    }
}

impl Named for (usize, String) {
    fn name(self) -> String {
        self.1
    }
}

fn groups<K: Named>(
    view: View<'_>,
    answers: &[&Response],
    key: impl Fn(&Response) -> K,
    truth: impl Fn(&Response) -> String,
) -> Vec<Group> {
    let mut groups = BTreeMap::<K, Vec<&Response>>::new();
    answers.iter().for_each(|answer| groups.entry(key(answer)).or_default().push(answer));
    let group = |(key, answers): (K, Vec<&Response>)| {
        let (n, right) = (answers.len() as u64, count(&answers, |answer| answer.right == Some(true)));
        let wilson = Known::from(proportion::wilson(right, n, view.level()));
        Group {
            name: key.name(),
            truth: answers.first().map(|answer| truth(answer)).unwrap_or_default(),
            n,
            persons: answers.iter().map(|answer| answer.person).collect::<BTreeSet<_>>().len() as u64,
            right,
            share: ratio(right, n),
            wilson: wilson.map(|range| Span::new(range, "Wilson")),
        }
    };
    groups.into_iter().map(group).collect()
}

/// Every person, whether screened out or not.
pub(super) fn persons(view: View<'_>, left_out: &[Vec<String>]) -> Vec<PersonRow> {
    let mut own = vec![Vec::new(); view.scored.people.len()];
    for response in view.responses() {
        if let Some(list) = own.get_mut(response.person) {
            list.push(response);
        }
    }
    let rows = view.scored.people.iter().zip(own).enumerate();
    rows.map(|(index, (person, answers))| {
        let scored = count(&answers, |answer| view.is_judged(answer));
        let right = count(&answers, |answer| answer.right == Some(true));
        PersonRow {
            id: person.id.clone(),
            answers: answers.len() as u64,
            scored,
            right,
            share: ratio(right, scored),
            points: answers.iter().filter_map(|answer| answer.points).sum(),
            attention: person.attention,
            repeats: person.repeats,
            missed_reference: person.missed_reference,
            missed_anchor: person.missed_anchor,
            minutes: person.seconds / 60.0,
            left_out: left_out.get(index).cloned().unwrap_or_default(),
        }
    })
    .collect()
}
