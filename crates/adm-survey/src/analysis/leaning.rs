//! Whether people lean to one place or to one answer, whatever they hear.

use super::detection::{places, signal};
use super::numbers::{Known, Span, Tested};
use super::share::ratio;
use super::view::{Asked, View};
use crate::manifest::ABX;
use crate::scoring::Response;
use crate::study::Scoring;
use adm_stats::bootstrap::{self, Plan, Record};
use adm_stats::{Sides, binomial, proportion};
use serde::Serialize;

/// How often one of two was named, beside how often it should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Leaning {
    /// What was asked.
    pub asked: Asked,
    /// What was named: a place or an answer.
    pub to: String,
    /// Answers.
    pub n: u64,
    /// Those that named it.
    pub named: u64,
    /// The share of answers that named it.
    pub share: Known<f64>,
    /// The share of answers that name it where nobody leans and all are right.
    pub expected: Known<f64>,
    /// Wilson's interval of the share, which takes answers as independent.
    pub wilson: Known<Span>,
    /// The interval of the share for other people.
    pub by_person: Known<Span>,
    /// The exact test against the expected share, which takes answers as independent.
    pub test: Known<Tested>,
}

/// What answers lean to, of all scored questions with two places or two names.
pub(super) fn leanings(view: View<'_>) -> Vec<Leaning> {
    view.asked()
        .into_iter()
        .flat_map(|asked| {
            let answers = view.judged(&asked);
            [to_place(view, &asked, &answers), to_name(view, &asked, &answers), by_place(view, &asked, &answers)]
        })
        .flatten()
        .collect()
}

/// To the first place, or to A, of two.
fn to_place(view: View<'_>, asked: &Asked, answers: &[&Response]) -> Option<Leaning> {
    let even = answers.iter().all(|answer| answer.chance == Some(0.5));
    let pairs: Vec<_> = answers.iter().filter_map(|answer| Some((answer.person, places(answer)?))).collect();
    let first = |place: &str| place == "1" || place == "a";
    let is_choice = matches!(view.scoring(asked), Some(Scoring::Target { .. })) || asked.question == ABX;
    if !even || !is_choice || pairs.is_empty() {
        return None;
    }
    let to = if asked.question == ABX { "A" } else { "the first place" };
    let named: Vec<_> = pairs.iter().map(|(person, (_, named))| (*person, first(named))).collect();
    let expected = pairs.iter().filter(|(_, (there, _))| first(there)).count();
    Some(leaning(view, asked, to.to_owned(), &named, ratio(expected as u64, pairs.len() as u64)))
}

/// To one of two names.
fn to_name(view: View<'_>, asked: &Asked, answers: &[&Response]) -> Option<Leaning> {
    let Some(Scoring::Truth(_)) = view.scoring(asked) else { return None };
    let signal = signal(view, answers)?;
    let named: Vec<_> = answers.iter().map(|answer| (answer.person, answer.meaning == signal)).collect();
    let expected = answers.iter().filter(|answer| view.truth(answer) == Some(signal)).count();
    let expected = ratio(expected as u64, answers.len() as u64);
    Some(leaning(view, asked, format!("the answer “{signal}”"), &named, expected))
}

/// Of the answers that give one name, those about the sample in the first place, beside how many there would be if that name were given
/// as readily in every place: then only what is there matters.
fn by_place(view: View<'_>, asked: &Asked, answers: &[&Response]) -> Option<Leaning> {
    let Some(Scoring::Truth(_)) = view.scoring(asked) else { return None };
    let signal = signal(view, answers)?;
    let placed: Vec<_> = answers.iter().filter(|answer| answer.slot.is_some()).collect();
    let is_first = |answer: &&&&Response| answer.slot == Some(1);
    if placed.iter().all(|answer| answer.slot == Some(1)) {
        return None;
    }
    let is_called = |answer: &&&&Response| answer.meaning == signal;
    let named: Vec<_> = placed.iter().filter(is_called).map(|answer| (answer.person, is_first(&answer))).collect();
    // How many of each kind are called so, wherever they are.
    let expected = |is_signal: bool| {
        let kind = || placed.iter().filter(move |answer| (view.truth(answer) == Some(signal)) == is_signal);
        let (all, first) = (kind().count(), kind().filter(is_first).count());
        let called = kind().filter(is_called).count();
        if all == 0 { 0.0 } else { called as f64 * first as f64 / all as f64 }
    };
    let expected = match named.len() {
        0 => Known::not("there are no such answers"),
        all => Known::Is((expected(true) + expected(false)) / all as f64),
    };
    Some(leaning(view, asked, format!("the first place, among answers “{signal}”"), &named, expected))
}

fn leaning(view: View<'_>, asked: &Asked, to: String, named: &[(usize, bool)], expected: Known<f64>) -> Leaning {
    let n = named.len() as u64;
    let hits = named.iter().filter(|(_, hit)| *hit).count() as u64;
    let wilson = Known::from(proportion::wilson(hits, n, view.level()));
    let test = match &expected {
        Known::Is(expected) => binomial::exact(hits, n, *expected, Sides::Two).into(),
        Known::Not { missing } => Known::not(missing.clone()),
    };
    Leaning {
        asked: asked.clone(),
        to,
        n,
        named: hits,
        share: ratio(hits, n),
        expected,
        wilson: wilson.map(|range| Span::new(range, "Wilson")),
        by_person: person_interval(view, named),
        test,
    }
}

/// The interval of a share that resamples persons.
pub(super) fn person_interval(view: View<'_>, hits: &[(usize, bool)]) -> Known<Span> {
    let record = |(person, hit): &(usize, bool)| Record { person: *person, item: 0, value: f64::from(u8::from(*hit)) };
    let records: Vec<_> = hits.iter().map(record).collect();
    let resamples = u32::try_from(view.key.study.analysis.resamples).unwrap_or(u32::MAX);
    let plan = Plan { resamples, level: view.level(), ..Plan::default() };
    Known::from(bootstrap::mean(&records, &plan, view.seeds)).map(|found| {
        Span::new(found.interval, format!("{} bootstrap of {}, {} resamples", found.ends, found.draw, found.resamples))
    })
}
