//! Whether a block's trials can be made and asked about.

use super::{expect, known_truth, trials, unknown, within};
use crate::SurveyError;
use crate::manifest::{BlockKind, MOST_SAMPLES, Pick, QuestionKind};
use crate::study::{BlockSpec, Order, QuestionSpec, Scoring, Study};
use std::collections::BTreeSet;

pub(super) fn check(block: &BlockSpec, study: &Study) -> Result<(), SurveyError> {
    let place = format!("blocks.{}", block.id);
    let wrong = |problem: String| SurveyError::study(&place, problem);
    within(&format!("{place}: heard"), block.heard, 0.0, 1.0)
        .map_err(|_| wrong(format!("heard must be between 0 and 1, got {}", block.heard)))?;
    if block.draw.is_empty() && block.trials.is_empty() && block.alone.is_empty() {
        return Err(wrong("has no trials".to_owned()).or("give draw = { ai = 1, human = 1 }, or trials"));
    }
    let drawn = || block.draw.keys().chain(&block.alone);
    drawn().try_for_each(|truth| known_truth(&place, truth, &study.truths()))?;
    if block.draw.values().any(|&count| count == 0) || block.count == Some(0) || block.per_participant == Some(0) {
        return Err(wrong("counts must be at least 1".to_owned()));
    }
    check_shape(block).map_err(wrong)?;
    check_draw(block).map_err(wrong)?;
    if block.kind == BlockKind::Samples && block.questions.is_empty() {
        return Err(wrong("asks nothing".to_owned()).or("name its questions: questions = [\"origin\"]"));
    }
    let mut asked: Vec<&QuestionSpec> = Vec::new();
    for id in &block.questions {
        let ids = || study.questions.iter().map(|question| &*question.id);
        let question = study.questions.iter().find(|question| question.id == *id);
        let question = question.ok_or_else(|| wrong(unknown("there is no question", id, ids())))?;
        check_question(question, block, &asked, &place)?;
        check_scoring(question, block, study)?;
        asked.push(question);
    }
    trials::check(block, study, &place)
}

/// How many samples trials have: those that are given, that are drawn, that are alone.
fn sizes(block: &BlockSpec) -> impl Iterator<Item = usize> + '_ {
    let given = block.trials.iter().map(|trial| trial.samples.len());
    let drawn = (!block.draw.is_empty()).then(|| block.draw.values().sum());
    given.chain(drawn).chain((!block.alone.is_empty()).then_some(1))
}

/// Whether what is said of draws has a draw to be said of, and whether a given order is one.
fn check_draw(block: &BlockSpec) -> Result<(), String> {
    let made = !block.draw.is_empty() || !block.alone.is_empty();
    if block.order == Order::AsGiven && made {
        return Err(
            "order = \"as-given\" is for trials that are given, not for those that are drawn or alone".to_owned()
        );
    }
    if block.draw.is_empty() && (block.count.is_some() || block.matched) {
        let field = if block.matched { "matched" } else { "count" };
        return Err(format!("{field} is about draw, and there is none"));
    }
    let mut seen = BTreeSet::new();
    match block.alone.iter().find(|truth| !seen.insert(*truth)) {
        Some(truth) => Err(format!("alone names \"{truth}\" twice")),
        None => Ok(()),
    }
}

/// Samples of each trial as its kind wants them.
fn check_shape(block: &BlockSpec) -> Result<(), String> {
    let drawn: usize = block.draw.values().sum();
    let mut sizes = sizes(block);
    match block.kind {
        BlockKind::Samples => match sizes.find(|size| !(1..=MOST_SAMPLES).contains(size)) {
            Some(size) => Err(format!("a trial has 1 to {MOST_SAMPLES} samples, not {size}")),
            None => Ok(()),
        },
        BlockKind::Abx => match sizes.find(|size| *size != 2) {
            Some(size) => Err(format!("an ABX trial has 2 samples, not {size}")),
            None => Ok(()),
        },
        BlockKind::Mushra if !block.trials.is_empty() || !block.alone.is_empty() => {
            Err("MUSHRA trials are drawn: draw = { original = 1 }".to_owned())
        }
        BlockKind::Mushra if drawn != 1 => Err(format!("a MUSHRA trial has one reference, not {drawn}")),
        BlockKind::Mushra => Ok(()),
    }
}

/// Whether a question fits a block, after those that are asked before it.
fn check_question(
    question: &QuestionSpec,
    block: &BlockSpec,
    before: &[&QuestionSpec],
    place: &str,
) -> Result<(), SurveyError> {
    let wrong = |problem: String| Err(SurveyError::study(place, problem));
    if before.iter().any(|asked| asked.id == question.id) {
        return wrong(format!("asks {} twice", question.id));
    }
    if let Some(when) = &question.when
        && !before.iter().any(|asked| asked.id == when.question)
    {
        return wrong(format!("{} depends on {}, which must be asked before it", question.id, when.question));
    }
    let kind = question.resolved_kind()?;
    if matches!(kind, QuestionKind::Samples { .. }) && question.each_sample {
        return wrong(format!("{} names samples, so it cannot be asked of each", question.id));
    }
    if question.each_sample && block.kind != BlockKind::Samples {
        return wrong(format!("{} is asked of each sample, which trials of this kind do not show", question.id));
    }
    match (&question.expect, sizes(block).min()) {
        (Some(expected), Some(samples)) => expect::check(&kind, expected, samples).or_else(wrong),
        _ => Ok(()),
    }
}

/// Whether a forced choice can be both right and wrong in every trial, so that guessing is neither.
fn check_choice(question: &QuestionSpec, block: &BlockSpec, study: &Study) -> Result<(), SurveyError> {
    if !matches!(question.resolved_kind()?, QuestionKind::Samples { pick: Pick::One }) {
        return Ok(());
    }
    let wrong = |problem: String| Err(SurveyError::study(format!("blocks.{}", block.id), problem));
    if sizes(block).any(|size| size < 2) {
        return wrong(format!("{} names one of several samples, and a trial has only one", question.id));
    }
    let Some(Scoring::Target { truth, .. }) = &question.scoring else { return Ok(()) };
    let drawn = (!block.draw.is_empty())
        .then(|| (block.draw.get(truth).copied().unwrap_or(0), block.draw.values().sum::<usize>()));
    let judged = block.trials.iter().filter(|trial| trial.expect.is_empty());
    let given = judged.map(|trial| {
        let right = trial.samples.iter().filter(|id| study.truth_of(id) == Some(truth)).count();
        (right, trial.samples.len())
    });
    match given.chain(drawn).find(|(right, all)| *right == 0 || right == all) {
        Some((right, all)) => wrong(format!(
            "{right} of a trial's {all} samples are \"{truth}\", so {} has no wrong or no right answer",
            question.id
        )),
        None => Ok(()),
    }
}

/// Whether there is a right answer about every sample that is not there to see who attends.
fn check_scoring(question: &QuestionSpec, block: &BlockSpec, study: &Study) -> Result<(), SurveyError> {
    check_choice(question, block, study)?;
    let Some(Scoring::Truth(map)) = &question.scoring else { return Ok(()) };
    let stand_for: BTreeSet<&str> =
        question.values().map(|value| map.get(value).map_or(value, String::as_str)).collect();
    let judged = block.trials.iter().filter(|trial| trial.expect.is_empty());
    let given = judged.flat_map(|trial| &trial.samples).filter_map(|id| study.truth_of(id));
    let mut truths = block.draw.keys().chain(&block.alone).map(String::as_str).chain(given);
    match truths.find(|truth| !stand_for.contains(truth)) {
        Some(truth) if block.kind != BlockKind::Mushra => Err(SurveyError::study(
            format!("questions.{}", question.id),
            format!("no option stands for the truth \"{truth}\" of block {}", block.id),
        )
        .or(format!("name the option so, or map it: scoring = {{ truth = {{ an-option = \"{truth}\" }} }}"))),
        _ => Ok(()),
    }
}
