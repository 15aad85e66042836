//! Distributions of points, for each trial and in all, as document 002 prints them.

use super::numbers::{Described, Known, Span};
use super::view::{Asked, View};
use crate::scoring::Response;
use crate::study::{Points as Worth, Scoring};
use adm_stats::proportion;
use serde::Serialize;
use std::collections::BTreeMap;

/// Points of the questions that give other than 0 and 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Points {
    /// One for each trial and question.
    pub questions: Vec<Distribution>,
    /// The sum of each person's points.
    pub total: Distribution,
    /// People whose total is left out because they answered fewer trials than others, or declined some.
    pub incomplete: u64,
}

/// How often each number of points was reached.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Distribution {
    /// Of what: `trial · question`, or `total`.
    pub name: String,
    /// Answers, or people.
    pub n: u64,
    /// From the fewest points to the most.
    pub rows: Vec<Reached>,
    /// Mean, standard deviation and t interval.
    pub described: Described,
}

/// A number of points and who reached it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reached {
    /// Points.
    pub points: f64,
    /// Answers, or people.
    pub n: u64,
    /// Their share of all.
    pub share: f64,
    /// Wald's interval of the share, cut off at 0 and 1.
    pub interval: Known<Span>,
}

/// The distributions, where the study gives points.
pub(super) fn points(view: View<'_>) -> Option<Points> {
    let pointed = pointed(view);
    if pointed.is_empty() {
        return None;
    }
    let questions = pointed.iter().flat_map(|(worth, asked)| by_trial(view, asked, worth)).collect();
    let (most, totals) = complete(view, &pointed);
    let people = view.people.iter().filter(|is| **is).count();
    Some(Points {
        questions,
        total: distribution(view, "total".to_owned(), &totals, &steps(&pointed, most)),
        incomplete: people.saturating_sub(totals.len()) as u64,
    })
}

/// The sum of points of everybody who answered as many trials as anybody did; nothing where the study gives no points.
pub(super) fn totals(view: View<'_>) -> Option<Vec<(usize, f64)>> {
    let pointed = pointed(view);
    (!pointed.is_empty()).then(|| complete(view, &pointed).1)
}

/// What gives points, with what it can give.
fn pointed(view: View<'_>) -> Vec<(Vec<f64>, Asked)> {
    view.asked().into_iter().filter_map(|asked| Some((worth(view, &asked)?, asked))).collect()
}

/// The largest number of answers that somebody gave, and the points of all who gave as many.
fn complete(view: View<'_>, pointed: &[(Vec<f64>, Asked)]) -> (usize, Vec<(usize, f64)>) {
    let mut own = BTreeMap::<usize, (usize, f64)>::new();
    for (_, asked) in pointed {
        for (person, points) in view.answers(asked).iter().filter_map(|answer| pair(answer)) {
            let entry = own.entry(person).or_default();
            *entry = (entry.0 + 1, entry.1 + points);
        }
    }
    let most = own.values().map(|(n, _)| *n).max().unwrap_or(0);
    let whole = own.into_iter().filter(|(_, (n, _))| *n == most);
    (most, whole.map(|(person, (_, sum))| (person, sum)).collect())
}

/// The numbers of points that a question can give, where they differ from right and wrong.
fn worth(view: View<'_>, asked: &Asked) -> Option<Vec<f64>> {
    match view.scoring(asked) {
        Some(Scoring::Target { points, .. }) if *points != Worth::default() => {
            let Worth { exact, mixed, part, muddled, wrong, none } = *points;
            Some(ordered(vec![exact, mixed, part, muddled, wrong, none]))
        }
        _ => None,
    }
}

/// Every whole number up to the best total, where points are whole; otherwise only what came up is listed.
fn steps(pointed: &[(Vec<f64>, Asked)], answers: usize) -> Vec<f64> {
    const MOST: f64 = 100.0;
    let all = || pointed.iter().flat_map(|(worth, _)| worth);
    let best = all().fold(0.0_f64, |best, points| best.max(*points)) * answers as f64;
    match all().all(|points| points.fract() == 0.0 && *points >= 0.0) && best <= MOST {
        true => (0..=best as u64).map(|points| points as f64).collect(),
        false => Vec::new(),
    }
}

fn pair(answer: &Response) -> Option<(usize, f64)> {
    answer.points.map(|points| (answer.person, points))
}

fn by_trial(view: View<'_>, asked: &Asked, worth: &[f64]) -> Vec<Distribution> {
    let mut trials = BTreeMap::<usize, Vec<&Response>>::new();
    view.answers(asked).into_iter().for_each(|answer| trials.entry(answer.trial).or_default().push(answer));
    let one = |answers: &Vec<&Response>| {
        let name = answers.first().map(|answer| view.trial_name(answer)).unwrap_or_default();
        let values: Vec<_> = answers.iter().filter_map(|answer| pair(answer)).collect();
        distribution(view, format!("{name} · {}", asked.question), &values, worth)
    };
    trials.values().map(one).collect()
}

fn distribution(view: View<'_>, name: String, values: &[(usize, f64)], possible: &[f64]) -> Distribution {
    let n = values.len() as u64;
    let level = view.level();
    let points = ordered(values.iter().map(|(_, points)| *points).chain(possible.iter().copied()).collect());
    let reached = |points: f64| {
        let hits = super::numbers::count(values, |(_, value)| *value == points);
        let interval = Known::from(proportion::wald(hits, n, level));
        let share = if n == 0 { 0.0 } else { hits as f64 / n as f64 };
        Reached { points, n: hits, share, interval: interval.map(|range| Span::new(range, "Wald, cut off at 0 and 1")) }
    };
    Distribution {
        n,
        rows: points.into_iter().map(reached).collect(),
        described: Described::new(name.clone(), values, level),
        name,
    }
}

fn ordered(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}
