//! How far apart kinds of sounds are to listeners, freed of their leaning.

use super::leave_one_out::{Tallies, Tally};
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
    /// The standard error of d′ over people (jackknife): answers of one person hang together.
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
    match (asked.question.as_str(), view.kind(asked)) {
        (ABX, None) => Some(Task::Abx),
        (_, Some(QuestionKind::Samples { .. })) => is_of_two(view, asked, answers).then_some(Task::TwoAlternative),
        _ => two_names(view, asked, answers).map(|_| Task::YesNo),
    }
}

/// Whether answers name one of two: A or B, or one of two samples of which one is right.
pub(super) fn is_of_two(view: View<'_>, asked: &Asked, answers: &[&Response]) -> bool {
    let is_pair = |answer: &&Response| {
        let samples = view.key.trials.get(answer.trial).map_or(0, |trial| trial.samples.len());
        answer.chance == Some(0.5) && samples == 2
    };
    let is_one = matches!(view.kind(asked), Some(QuestionKind::Samples { pick: Pick::One }));
    let is_choice = is_one && view.scoring(asked).is_some() || asked.question == ABX;
    is_choice && !answers.is_empty() && answers.iter().all(is_pair)
}

/// Where answers give one of two names to samples of two kinds, the signal. Nothing where a third could be named: then leaning cannot be
/// told from hearing by these rules.
pub(super) fn two_names<'a>(view: View<'a>, asked: &Asked, answers: &[&Response]) -> Option<&'a str> {
    let is_truth = matches!(view.scoring(asked), Some(Scoring::Truth(_)));
    let is_even = answers.iter().all(|answer| answer.chance == Some(0.5));
    (is_truth && is_even && kinds(view, answers).len() == 2).then(|| signal(view, answers)).flatten()
}

fn kinds<'a>(view: View<'a>, answers: &[&Response]) -> BTreeSet<&'a str> {
    answers.iter().filter_map(|answer| view.truth(answer)).collect()
}

/// The truth that is looked for: `ai` where there is one, else the first by the alphabet.
fn signal<'a>(view: View<'a>, answers: &[&Response]) -> Option<&'a str> {
    let kinds = kinds(view, answers);
    kinds.get("ai").or(kinds.first()).copied()
}

fn detection(view: View<'_>, asked: Asked) -> Option<Detection> {
    let answers = view.judged(&asked);
    let task = task(view, &asked, &answers)?;
    let (rule, choice): (_, fn(u64, u64) -> _) = match task {
        Task::YesNo => return Some(yes_no(view, asked, &answers)),
        Task::TwoAlternative => ("two-alternative forced choice: √2 z(p)", detection::two_alternative),
        Task::Abx => ("ABX, independent observations", detection::abx),
    };
    let tallies = Tallies::new(answers.iter().map(|answer| (answer.person, usize::from(answer.right == Some(true)))));
    let of = |tally: &Tally| choice(tally[1], tally[0] + tally[1]);
    Some(Detection {
        asked,
        rule: rule.to_owned(),
        d_prime: Known::from(of(&tallies.all)).map(|choice| choice.d_prime),
        standard_error: tallies.standard_error(|tally| Some(of(tally).ok()?.d_prime)),
        criterion: None,
        signal: None,
        correction: detection::Correction::LogLinear.to_string(),
        n: answers.len() as u64,
    })
}

fn yes_no(view: View<'_>, asked: Asked, answers: &[&Response]) -> Detection {
    let signal = signal(view, answers).unwrap_or_default();
    let place = |answer: &Response| match (view.truth(answer) == Some(signal), answer.meaning == signal) {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => 2,
        (false, false) => 3,
    };
    let tallies = Tallies::new(answers.iter().map(|answer| (answer.person, place(answer))));
    let of = |tally: &Tally| {
        let [hits, misses, false_alarms, correct_rejections, ..] = *tally;
        detection::yes_no(Counts { hits, misses, false_alarms, correct_rejections })
    };
    let found = of(&tallies.all);
    Detection {
        asked,
        rule: "yes/no: z(hits) − z(false alarms)".to_owned(),
        standard_error: tallies.standard_error(|tally| Some(of(tally).ok()?.d_prime)),
        criterion: found.as_ref().ok().map(|found| found.criterion),
        d_prime: Known::from(found).map(|found| found.d_prime),
        signal: Some(signal.to_owned()),
        correction: detection::Correction::LogLinear.to_string(),
        n: answers.len() as u64,
    }
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
