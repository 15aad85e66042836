//! Whether a question can be asked, and its answers scored.

use super::{known_truth, unknown};
use crate::SurveyError;
use crate::manifest::{ABX, MUSHRA, QuestionKind};
use crate::study::{QuestionSpec, Scoring, Study};

pub(super) fn check(question: &QuestionSpec, study: &Study) -> Result<(), SurveyError> {
    let place = format!("questions.{}", question.id);
    let wrong = |problem: String| SurveyError::study(&place, problem);
    if [ABX, MUSHRA].contains(&&*question.id) {
        return Err(wrong("trials of that kind ask this by themselves; choose another id".to_owned()));
    }
    let kind = question.resolved_kind()?;
    if let Some(expected) = &question.expect
        && !kind.admits(expected, usize::MAX)
    {
        return Err(wrong(format!("the expected answer \"{expected}\" cannot be given")));
    }
    check_when(question, study).map_err(wrong)?;
    match &question.scoring {
        None => Ok(()),
        Some(Scoring::Truth(map)) => {
            let QuestionKind::Choice { options } = &kind else {
                return Err(wrong("only a choice can be scored by truth".to_owned()));
            };
            if !question.each_sample {
                return Err(wrong("scoring by truth needs each_sample = true".to_owned()));
            }
            for (value, truth) in map {
                known_truth(&place, truth, &study.truths())?;
                if !options.iter().any(|option| option.value == *value) {
                    return Err(wrong(unknown(
                        "no option is called",
                        value,
                        options.iter().map(|option| &*option.value),
                    )));
                }
            }
            Ok(())
        }
        Some(Scoring::Target { truth, .. }) => match kind {
            QuestionKind::Samples { .. } => known_truth(&place, truth, &study.truths()),
            _ => Err(wrong("only a question of kind \"samples\" can have a target".to_owned())),
        },
    }
}

/// Whether a condition refers to a question that can be answered so.
fn check_when(question: &QuestionSpec, study: &Study) -> Result<(), String> {
    let Some(when) = &question.when else { return Ok(()) };
    let ids = || study.questions.iter().map(|question| &*question.id);
    let other = study.questions.iter().find(|other| other.id == when.question && other.id != question.id);
    let other = other.ok_or_else(|| unknown("there is no other question", &when.question, ids()))?;
    if !other.resolved_kind().is_ok_and(|kind| kind.admits(&when.is, usize::MAX)) {
        return Err(format!("\"{}\" is no answer to {}", when.is, other.id));
    }
    if other.each_sample && !question.each_sample {
        return Err(format!("{} is asked of each sample, so this must have each_sample = true", other.id));
    }
    Ok(())
}
