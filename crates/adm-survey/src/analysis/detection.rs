//! How far apart kinds of sounds are to listeners, freed of their leaning.

use super::numbers::Known;
use super::view::{Asked, View};
use crate::manifest::ABX;
use crate::manifest::{Pick, QuestionKind};
use crate::scoring::Response;
use crate::study::Scoring;
use adm_stats::detection::{self, Counts};
use serde::Serialize;
use std::collections::BTreeSet;

/// Sensitivity, by the rule that fits the task. Answers of all people are pooled, which makes it a little smaller than that of single
/// listeners where these lean differently.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Detection {
    /// What was asked.
    pub asked: Asked,
    /// The task and its rule.
    pub rule: String,
    /// d′: 0 is no discrimination, above 4 is near perfect.
    pub d_prime: Known<f64>,
    /// The standard error of d′, which takes answers as independent; yes/no tasks alone.
    pub standard_error: Option<f64>,
    /// The criterion c of yes/no tasks: 0 is no leaning, negative leans to [`Self::signal`].
    pub criterion: Option<f64>,
    /// Which truth counts as the signal.
    pub signal: Option<String>,
    /// How counts of 0 were kept away.
    pub correction: String,
    /// Answers.
    pub n: u64,
}

/// How often each kind of sound was called what.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Confusion {
    /// What was asked.
    pub asked: Asked,
    /// What sounds are, or which place held the right one.
    pub truths: Vec<String>,
    /// What they were called.
    pub answers: Vec<String>,
    /// Counts: a row a truth, a column an answer.
    pub counts: Vec<Vec<u64>>,
}

/// The task that a scored question sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    /// Each sample is given one of two names.
    YesNo,
    /// Which of two samples is it?
    TwoAlternative,
    /// Is X A or B?
    Abx,
}

/// Sensitivities of all tasks that have a rule.
pub(super) fn detections(view: View<'_>) -> Vec<Detection> {
    view.asked().into_iter().filter_map(|asked| detection(view, asked)).collect()
}

/// Confusions of all questions that are answered by names of truths, and of forced choices by places.
pub(super) fn confusions(view: View<'_>) -> Vec<Confusion> {
    view.asked().into_iter().filter_map(|asked| confusion(view, asked)).collect()
}

fn task(view: View<'_>, asked: &Asked, answers: &[&Response]) -> Option<Task> {
    let is_even = !answers.is_empty() && answers.iter().all(|answer| answer.chance == Some(0.5));
    match (asked.question.as_str(), view.kind(asked), view.scoring(asked)) {
        (ABX, None, _) => Some(Task::Abx),
        (_, Some(QuestionKind::Samples { pick: Pick::One }), Some(_)) if is_even => Some(Task::TwoAlternative),
        (_, Some(QuestionKind::Choice { .. }), Some(Scoring::Truth(_))) => {
            (kinds(view, answers).len() == 2).then_some(Task::YesNo)
        }
        _ => None,
    }
}

fn kinds<'a>(view: View<'a>, answers: &[&Response]) -> BTreeSet<&'a str> {
    answers.iter().filter_map(|answer| view.truth(answer)).collect()
}

/// The truth that is looked for: `ai` where there is one, else the first by the alphabet.
pub(super) fn signal<'a>(view: View<'a>, answers: &[&Response]) -> Option<&'a str> {
    let kinds = kinds(view, answers);
    kinds.get("ai").or(kinds.first()).copied()
}

fn detection(view: View<'_>, asked: Asked) -> Option<Detection> {
    let answers = view.judged(&asked);
    let task = task(view, &asked, &answers)?;
    let (n, right) = (answers.len() as u64, answers.iter().filter(|answer| answer.right == Some(true)).count() as u64);
    let (rule, choice) = match task {
        Task::YesNo => return Some(yes_no(view, asked, &answers)),
        Task::TwoAlternative => ("two-alternative forced choice: √2 z(p)", detection::two_alternative(right, n)),
        Task::Abx => ("ABX, independent observations", detection::abx(right, n)),
    };
    Some(Detection {
        asked,
        rule: rule.to_owned(),
        d_prime: Known::from(choice).map(|choice| choice.d_prime),
        standard_error: None,
        criterion: None,
        signal: None,
        correction: detection::Correction::LogLinear.to_string(),
        n,
    })
}

fn yes_no(view: View<'_>, asked: Asked, answers: &[&Response]) -> Detection {
    let signal = signal(view, answers).unwrap_or_default();
    let found = detection::yes_no(counts(view, answers, signal));
    Detection {
        asked,
        rule: "yes/no: z(hits) − z(false alarms)".to_owned(),
        standard_error: found.as_ref().ok().map(|found| found.standard_error),
        criterion: found.as_ref().ok().map(|found| found.criterion),
        d_prime: Known::from(found).map(|found| found.d_prime),
        signal: Some(signal.to_owned()),
        correction: detection::Correction::LogLinear.to_string(),
        n: answers.len() as u64,
    }
}

fn counts(view: View<'_>, answers: &[&Response], signal: &str) -> Counts {
    let mut counts = Counts::default();
    for answer in answers {
        let counter = match (view.truth(answer) == Some(signal), answer.meaning == signal) {
            (true, true) => &mut counts.hits,
            (true, false) => &mut counts.misses,
            (false, true) => &mut counts.false_alarms,
            (false, false) => &mut counts.correct_rejections,
        };
        *counter += 1;
    }
    counts
}

fn confusion(view: View<'_>, asked: Asked) -> Option<Confusion> {
    // What names no truth is shown here, though it counts nowhere else.
    let answers: Vec<_> = view.answers(&asked).into_iter().filter(|answer| answer.right.is_some()).collect();
    let pairs: Vec<(String, String)> = match task(view, &asked, &answers) {
        Some(Task::TwoAlternative | Task::Abx) => answers.iter().filter_map(|answer| places(answer)).collect(),
        _ if matches!(view.scoring(&asked), Some(Scoring::Truth(_))) => {
            let pair = |answer: &&Response| Some((view.truth(answer)?.to_owned(), answer.meaning.clone()));
            answers.iter().filter_map(pair).collect()
        }
        _ => return None,
    };
    let (truths, named, counts) = tabulate(&pairs);
    (!pairs.is_empty()).then_some(Confusion { asked, truths, answers: named, counts })
}

/// Where the right one of two was, and which was named: wrong answers name the other.
pub(super) fn places(answer: &Response) -> Option<(String, String)> {
    let other = |value: &str| match value {
        "1" => Some("2"),
        "2" => Some("1"),
        "a" => Some("b"),
        "b" => Some("a"),
        _ => None,
    };
    let named = answer.value.as_str();
    let there = if answer.right? { named } else { other(named)? };
    other(named).map(|_| (there.to_owned(), named.to_owned()))
}

/// Counts pairs: the rows' names, the columns' names, and the table.
pub(super) fn tabulate(pairs: &[(String, String)]) -> (Vec<String>, Vec<String>, Vec<Vec<u64>>) {
    let rows: BTreeSet<&String> = pairs.iter().map(|(row, _)| row).collect();
    let columns: BTreeSet<&String> = pairs.iter().map(|(_, column)| column).collect();
    let count =
        |row: &String, column: &String| pairs.iter().filter(|pair| (&pair.0, &pair.1) == (row, column)).count() as u64;
    let counts = rows.iter().map(|row| columns.iter().map(|column| count(row, column)).collect()).collect();
    (rows.into_iter().cloned().collect(), columns.into_iter().cloned().collect(), counts)
}
