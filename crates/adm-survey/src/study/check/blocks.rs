//! Whether a block's trials can be made and asked about.

use super::{known_truth, named, unknown, within};
use crate::SurveyError;
use crate::manifest::{BlockKind, MOST_SAMPLES, QuestionKind};
use crate::study::{BlockSpec, QuestionSpec, Scoring, Study};
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
    check_trials(block, &place)?;
    if block.kind == BlockKind::Samples && block.questions.is_empty() {
        return Err(wrong("asks nothing".to_owned()).or("name its questions: questions = [\"origin\"]"));
    }
    let mut asked: Vec<&QuestionSpec> = Vec::new();
    for id in &block.questions {
        let ids = || study.questions.iter().map(|question| &*question.id);
        let question = study.questions.iter().find(|question| question.id == *id);
        let question = question.ok_or_else(|| wrong(unknown("there is no question", id, ids())))?;
        check_question(question, block, &asked, &place)?;
        asked.push(question);
    }
    Ok(())
}

/// Samples of each trial as its kind wants them.
fn check_shape(block: &BlockSpec) -> Result<(), String> {
    let drawn: usize = block.draw.values().sum();
    let given = block.trials.iter().map(|trial| trial.samples.len());
    let mut sizes =
        given.chain((!block.draw.is_empty()).then_some(drawn)).chain((!block.alone.is_empty()).then_some(1));
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

/// Whether given trials name stimuli and expectations that can be.
fn check_trials(block: &BlockSpec, place: &str) -> Result<(), SurveyError> {
    for trial in &block.trials {
        let mut seen = BTreeSet::new();
        for id in &trial.samples {
            named(place, "the id of a sample", id)?;
            if !seen.insert(id) {
                return Err(SurveyError::study(place, format!("a trial has \"{id}\" twice")));
            }
        }
        for question in trial.expect.keys() {
            if !block.questions.contains(question) && block.kind != BlockKind::Abx {
                let problem = unknown("expects an answer to", question, block.questions.iter().map(|id| &**id));
                return Err(SurveyError::study(place, problem));
            }
        }
    }
    Ok(())
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
    if matches!(question.resolved_kind()?, QuestionKind::Samples { .. }) && question.each_sample {
        return wrong(format!("{} names samples, so it cannot be asked of each", question.id));
    }
    let Some(Scoring::Truth(map)) = &question.scoring else { return Ok(()) };
    let stand_for: BTreeSet<&str> =
        question.values().map(|value| map.get(value).map_or(value, String::as_str)).collect();
    match block.draw.keys().chain(&block.alone).find(|truth| !stand_for.contains(truth.as_str())) {
        Some(truth) if block.kind != BlockKind::Mushra => Err(SurveyError::study(
            format!("questions.{}", question.id),
            format!("no option stands for the truth \"{truth}\" of block {}", block.id),
        )
        .or(format!("name the option so, or map it: scoring = {{ truth = {{ an-option = \"{truth}\" }} }}"))),
        _ => Ok(()),
    }
}
