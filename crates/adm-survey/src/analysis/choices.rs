//! Answers that are counted: choices without a right one, and words.

use super::compare::{Comparison, Conditions, compare};
use super::detection::tabulate;
use super::leaning::person_interval;
use super::numbers::{Known, Span, Tested, holm};
use super::view::{Asked, View, is_clustered};
use crate::manifest::QuestionKind;
use crate::scoring::Response;
use adm_stats::contingency;
use serde::Serialize;

/// How often each option was chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choices {
    /// What was asked.
    pub asked: Asked,
    /// Answers; with `many` options each counts once.
    pub n: u64,
    /// What samples are, as rows; trials where the question names samples, `all` where it is about all of them.
    pub rows: Vec<String>,
    /// Options, as columns.
    pub options: Vec<String>,
    /// Counts.
    pub counts: Vec<Vec<u64>>,
    /// Each option's share of all answers.
    pub shares: Vec<OptionShare>,
    /// Whether what a sample is and what is answered hang together; counts that somebody enters twice cannot be tested so.
    pub independence: Known<Tested>,
    /// For each option: whether people choose it more often for one truth, compared within people. Holm's correction is over all options.
    pub within: Vec<(String, Comparison)>,
}

/// An option and who chose it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OptionShare {
    /// The option's value.
    pub option: String,
    /// Answers that chose it.
    pub n: u64,
    /// Their share.
    pub share: Known<f64>,
    /// The interval for other people.
    pub interval: Known<Span>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Words {
    /// What was asked.
    pub asked: Asked,
    /// Each text.
    pub texts: Vec<Text>,
}

/// One text. It comes from participants, so it may hold anything.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Text {
    /// The participant's UUID.
    pub person: String,
    /// The sample or trial.
    pub item: String,
    /// What the sample is; empty where the question is about all samples of a trial.
    pub truth: String,
    /// The text.
    pub text: String,
}

/// Counts of all choices that are not scored.
pub(super) fn choices(view: View<'_>) -> Vec<Choices> {
    let counted = |asked: &Asked| match view.kind(asked) {
        Some(QuestionKind::Choice { .. } | QuestionKind::Many { .. }) => !view.is_scored(asked),
        // What was named is counted even where it is scored: document 002 prints both.
        Some(QuestionKind::Samples { .. }) => true,
        _ => false,
    };
    view.asked().into_iter().filter(counted).map(|asked| choice(view, asked)).collect()
}

/// All that was written in trials.
pub(super) fn words(view: View<'_>) -> Vec<Words> {
    let is_text = |asked: &Asked| matches!(view.kind(asked), Some(QuestionKind::Text { .. }));
    let one = |asked: Asked| {
        let given = view.answers(&asked).into_iter().filter(|answer| !answer.value.trim().is_empty());
        let texts = given.map(|answer| Text {
            person: view.scored.people.get(answer.person).map(|person| person.id.clone()).unwrap_or_default(),
            item: view.item_name(answer),
            truth: view.truth(answer).unwrap_or_default().to_owned(),
            text: answer.value.clone(),
        });
        Words { texts: texts.collect(), asked }
    };
    view.asked().into_iter().filter(is_text).map(one).collect()
}

fn choice(view: View<'_>, asked: Asked) -> Choices {
    let answers = view.answers(&asked);
    let is_many = matches!(view.kind(&asked), Some(QuestionKind::Many { .. }));
    let chosen = |answer: &Response| -> Vec<String> {
        match is_many {
            true => answer.meaning.split('|').filter(|value| !value.is_empty()).map(str::to_owned).collect(),
            false => vec![answer.meaning.clone()],
        }
    };
    let is_samples = matches!(view.kind(&asked), Some(QuestionKind::Samples { .. }));
    let row = |answer: &Response| match is_samples {
        true => view.trial_name(answer),
        false => view.truth(answer).unwrap_or("all").to_owned(),
    };
    let pairs: Vec<(String, String)> =
        answers.iter().flat_map(|answer| chosen(answer).into_iter().map(|option| (row(answer), option))).collect();
    let (rows, options, counts) = tabulate(&pairs);
    let share = |option: &String| {
        let hits: Vec<_> = answers.iter().map(|answer| (answer.person, chosen(answer).contains(option))).collect();
        let n = hits.iter().filter(|(_, hit)| *hit).count() as u64;
        OptionShare {
            option: option.clone(),
            n,
            share: super::share::ratio(n, hits.len() as u64),
            interval: person_interval(view, &hits),
        }
    };
    let within = |option: &String| {
        let mut groups = Conditions::new();
        for answer in &answers {
            let value = f64::from(u8::from(chosen(answer).contains(option)));
            groups.entry(row(answer)).or_default().push((answer.person, value));
        }
        compare(&groups).map(|comparison| (option.clone(), comparison))
    };
    Choices {
        n: answers.len() as u64,
        shares: options.iter().map(share).collect(),
        within: if is_samples { Vec::new() } else { corrected(options.iter().filter_map(within).collect()) },
        independence: match is_samples {
            true => Known::not("trials are counted side by side, not compared"),
            false => independence(view, &answers, &rows, &counts, is_many),
        },
        rows,
        options,
        counts,
        asked,
    }
}

/// Holm's correction over all options and all pairs of truths: they are one question.
fn corrected(mut within: Vec<(String, Comparison)>) -> Vec<(String, Comparison)> {
    let pairs = within.iter_mut().flat_map(|(_, comparison)| &mut comparison.pairs);
    holm(pairs.map(|pair| (&pair.test, &mut pair.holm)));
    within
}

fn independence(
    view: View<'_>,
    answers: &[&Response],
    rows: &[String],
    counts: &[Vec<u64>],
    is_many: bool,
) -> Known<Tested> {
    if rows.len() < 2 {
        return Known::not("there are no two kinds of samples to compare");
    }
    if is_many || is_clustered(answers.iter().copied()) {
        return Known::not(
            "people enter these counts more than once, so that a test of the table would be wrong; the comparison within people holds",
        );
    }
    Known::from(contingency::independence(counts, view.seeds)).map(|found| Tested::from(found.test))
}
