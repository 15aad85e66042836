//! Whether people agree with each other, and with themselves.

use super::numbers::Known;
use super::view::{Asked, View};
use crate::manifest::QuestionKind;
use crate::manifest::{ABX, MUSHRA};
use crate::scoring::Response;
use adm_stats::agreement::{self, Scale};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Agreement on one question of trials.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// What was asked.
    pub asked: Asked,
    /// People who answered.
    pub raters: u64,
    /// Samples, or trials, that were judged.
    pub items: u64,
    /// Fleiss' κ, where everybody judged everything and answers are names.
    pub fleiss: Known<f64>,
    /// Krippendorff's α, by how it takes answers: `nominal`, `ordinal`, `interval`.
    pub krippendorff: Vec<(String, Known<f64>)>,
    /// Answers to trials that came twice.
    pub repeated: Known<Repeated>,
}

/// How far people gave the same answer twice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repeated {
    /// Pairs of answers.
    pub n: u64,
    /// The share of equal ones.
    pub equal: f64,
    /// Cohen's κ of both times, for answers that are names.
    pub kappa: Known<f64>,
    /// The mean distance of both times, for numbers.
    pub distance: Option<f64>,
}

/// Agreement on all questions but words.
pub(super) fn agreements(view: View<'_>) -> Vec<Agreement> {
    let is_words = |asked: &Asked| matches!(view.kind(asked), Some(QuestionKind::Text { .. }));
    view.asked().into_iter().filter(|asked| !is_words(asked)).map(|asked| agreement(view, asked)).collect()
}

fn agreement(view: View<'_>, asked: Asked) -> Agreement {
    let answers = view.answers(&asked);
    let is_number = asked.question == MUSHRA || matches!(view.kind(&asked), Some(QuestionKind::Scale { .. }));
    let codes = Codes::of(&answers, is_number);
    let ratings = matrix(view, &answers, &codes);
    let scales: &[(&str, Scale)] = match is_number {
        true => &[("ordinal", Scale::Ordinal), ("interval", Scale::Interval)],
        false => &[("nominal", Scale::Nominal)],
    };
    let alpha = |scale| Known::from(agreement::krippendorff(&ratings, scale)).map(|found| found.alpha);
    Agreement {
        raters: ratings.len() as u64,
        items: ratings.first().map_or(0, |row| row.len() as u64),
        fleiss: fleiss(&ratings, codes.names.len(), is_number),
        krippendorff: scales.iter().map(|(name, scale)| ((*name).to_owned(), alpha(*scale))).collect(),
        repeated: repeated(view, &asked, is_number),
        asked,
    }
}

/// Answers as numbers: their own, or each name's place in the alphabet.
struct Codes {
    names: Vec<String>,
    is_number: bool,
}

impl Codes {
    fn of(answers: &[&Response], is_number: bool) -> Self {
        let names: BTreeSet<String> = answers.iter().map(|answer| meaning(answer).to_owned()).collect();
        Self { names: names.into_iter().collect(), is_number }
    }

    fn code(&self, answer: &Response) -> Option<f64> {
        match self.is_number {
            true => answer.value.parse().ok(),
            false => {
                self.names.binary_search_by(|name| name.as_str().cmp(meaning(answer))).ok().map(|code| code as f64)
            }
        }
    }
}

/// X changes sides, so of ABX it is compared whether people are right.
fn meaning(answer: &Response) -> &str {
    match (answer.question.as_str(), answer.right) {
        (ABX, Some(true)) => "right",
        (ABX, Some(false)) => "wrong",
        _ => &answer.meaning,
    }
}

/// One row a person, one column an item.
fn matrix(view: View<'_>, answers: &[&Response], codes: &Codes) -> Vec<Vec<Option<f64>>> {
    let items: Vec<usize> =
        answers.iter().map(|answer| view.item(answer)).collect::<BTreeSet<_>>().into_iter().collect();
    let mut rows = BTreeMap::<usize, Vec<Option<f64>>>::new();
    for answer in answers {
        let row = rows.entry(answer.person).or_insert_with(|| vec![None; items.len()]);
        if let Some(cell) = items.binary_search(&view.item(answer)).ok().and_then(|place| row.get_mut(place)) {
            *cell = codes.code(answer);
        }
    }
    rows.into_values().collect()
}

fn fleiss(ratings: &[Vec<Option<f64>>], categories: usize, is_number: bool) -> Known<f64> {
    if is_number {
        return Known::not("κ is for names; α takes numbers as numbers");
    }
    let items = ratings.first().map_or(0, Vec::len);
    let mut counts = vec![vec![0u64; categories]; items];
    for (item, counts) in counts.iter_mut().enumerate() {
        for row in ratings {
            let Some(Some(code)) = row.get(item) else {
                return Known::not("not everybody judged everything; α allows for that");
            };
            if let Some(count) = counts.get_mut(*code as usize) {
                *count += 1;
            }
        }
    }
    Known::from(agreement::fleiss(&counts)).map(|found| found.kappa)
}

fn repeated(view: View<'_>, asked: &Asked, is_number: bool) -> Known<Repeated> {
    let to_this = |response: &&Response| !response.attention && !response.declined && view.is_to(response, asked);
    let all: Vec<_> = view.everything().filter(to_this).collect();
    let codes = Codes::of(&all, is_number);
    // X may be another sample the second time.
    let judged = |response: &Response| response.stimulus.filter(|_| response.question != ABX);
    let of = |response: &Response| (response.person, response.trial, judged(response));
    let first: BTreeMap<_, _> =
        all.iter().filter(|response| !response.repeated).map(|response| (of(response), *response)).collect();
    let again = all.iter().filter(|response| response.repeated);
    let pairs: Vec<(f64, f64)> =
        again.filter_map(|second| Some((codes.code(first.get(&of(second))?)?, codes.code(second)?))).collect();
    if pairs.is_empty() {
        return Known::not("no trial came twice");
    }
    let n = pairs.len() as f64;
    let names: Vec<(u64, u64)> = pairs.iter().map(|(first, second)| (*first as u64, *second as u64)).collect();
    Known::Is(Repeated {
        n: pairs.len() as u64,
        equal: pairs.iter().filter(|(first, second)| first == second).count() as f64 / n,
        kappa: match is_number {
            true => Known::not("κ is for names"),
            false => Known::from(agreement::cohen(&names)).map(|found| found.kappa),
        },
        distance: is_number.then(|| pairs.iter().map(|(first, second)| (first - second).abs()).sum::<f64>() / n),
    })
}
