//! One answer against the truth.

use super::index::Rule;
use crate::manifest::Pick;
use crate::study::Points;
use std::collections::BTreeSet;

/// What becomes of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    pub(super) meaning: String,
    pub(super) points: Option<f64>,
    pub(super) right: Option<bool>,
    pub(super) chance: Option<f64>,
}

impl Verdict {
    /// An answer that is only counted.
    pub(super) fn counted(meaning: impl Into<String>) -> Self {
        Self { meaning: meaning.into(), points: None, right: None, chance: None }
    }

    pub(super) fn of(meaning: impl Into<String>, right: bool, points: f64, chance: Option<f64>) -> Self {
        Self { meaning: meaning.into(), points: Some(points), right: Some(right), chance }
    }
}

/// Judges a value by a rule. `truths` are those of the trial's samples, by their places on the page; `asked` that of what the
/// question is about, `None` where samples of several truths are; `known` all truths of the study.
pub(super) fn judge(
    rule: &Rule<'_>,
    value: &str,
    truths: &[&str],
    asked: Option<&str>,
    known: &BTreeSet<&str>,
) -> Verdict {
    match rule {
        Rule::Truth { map, options } => {
            let mapped = |value: &str| map.get(value).map_or(value.to_owned(), String::clone);
            let meanings: Vec<String> = options.iter().map(|option| mapped(&option.value)).collect();
            truth(mapped(value), &meanings, asked, known)
        }
        Rule::Target { truth, points, pick } => target(value, truths, truth, points, *pick),
    }
}

/// Options that name no truth, such as "not sure", are no guess: chance is over the others. Where none names the right one,
/// there is no right answer.
fn truth(meaning: String, options: &[String], asked: Option<&str>, known: &BTreeSet<&str>) -> Verdict {
    let naming = |truth: &str| options.iter().filter(|option| *option == truth).count();
    let Some(asked) = asked.filter(|asked| naming(asked) > 0) else { return Verdict::counted(meaning) };
    let guesses: usize = known.iter().map(|truth| naming(truth)).sum();
    let right = meaning == asked;
    Verdict::of(meaning, right, f64::from(u8::from(right)), Some(naming(asked) as f64 / guesses.max(1) as f64))
}

/// Truths of the places that a response names, in the order of the alphabet; `none` of none.
pub(super) fn meaning(value: &str, truths: &[&str]) -> String {
    let mut named: Vec<&str> = places(value).filter_map(|place| truths.get(place - 1)).copied().collect();
    named.sort_unstable();
    if named.is_empty() { "none".to_owned() } else { named.join("|") }
}

/// The places that a response names, from 1.
pub(super) fn places(value: &str) -> impl Iterator<Item = usize> + '_ {
    value.split('|').filter_map(|place| place.parse().ok()).filter(|&place| place > 0)
}

fn target(value: &str, truths: &[&str], truth: &str, points: &Points, pick: Pick) -> Verdict {
    let meaning = meaning(value, truths);
    let is_target = |place: usize| truths.get(place - 1) == Some(&truth);
    let all = truths.iter().filter(|&&other| other == truth).count();
    let (hits, misses) = places(value).fold((0, 0), |(hits, misses), place| match is_target(place) {
        true => (hits + 1, misses),
        false => (hits, misses + 1),
    });
    match pick {
        // One of several right ones is all that can be named; where none is right, nothing is.
        Pick::One if all == 0 => Verdict::counted(meaning),
        Pick::One => {
            let (right, points) = if hits == 1 { (true, points.exact) } else { (false, points.wrong) };
            Verdict::of(meaning, right, points, Some(all as f64 / truths.len() as f64))
        }
        Pick::Any => {
            let relation = match (hits, misses) {
                (hits, 0) if hits == all => points.exact,
                (0, 0) => points.none,
                (0, _) => points.wrong,
                (hits, _) if hits == all => points.mixed,
                (_, 0) => points.part,
                _ => points.muddled,
            };
            // Nobody knows how those who guess choose among sets.
            Verdict::of(meaning, hits == all && misses == 0, relation, None)
        }
    }
}
