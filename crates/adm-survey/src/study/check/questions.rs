//! Whether a question can be asked, and its answers scored.

use super::{expect, known_truth, unknown, within};
use crate::SurveyError;
use crate::manifest::{ABX, MOST_SAMPLES, MUSHRA, QuestionKind};
use crate::study::{Points, QuestionSpec, Scoring, Study};

/// Most points for an answer.
const MOST_POINTS: f64 = 1000.0;

pub(super) fn check(question: &QuestionSpec, study: &Study) -> Result<(), SurveyError> {
    let place = format!("questions.{}", question.id);
    let wrong = |problem: String| SurveyError::study(&place, problem);
    if [ABX, MUSHRA].contains(&&*question.id) {
        return Err(wrong("trials of that kind ask this by themselves; choose another id".to_owned()));
    }
    let kind = question.resolved_kind()?;
    if let Some(expected) = &question.expect {
        expect::check(&kind, expected, MOST_SAMPLES).map_err(|problem| wrong(format!("expect: {problem}")))?;
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
        Some(Scoring::Target { truth, points }) => {
            let QuestionKind::Samples { .. } = kind else {
                return Err(wrong("only a question of kind \"samples\" can have a target".to_owned()));
            };
            let Points { exact, mixed, part, muddled, wrong, none } = *points;
            let all = [exact, mixed, part, muddled, wrong, none];
            let place_of_points = format!("{place}.scoring.points");
            all.iter().try_for_each(|&points| within(&place_of_points, points, -MOST_POINTS, MOST_POINTS))?;
            known_truth(&place, truth, &study.truths())
        }
    }
}

/// Whether a condition refers to a question that can be answered so.
fn check_when(question: &QuestionSpec, study: &Study) -> Result<(), String> {
    let Some(when) = &question.when else { return Ok(()) };
    let ids = || study.questions.iter().map(|question| &*question.id);
    let other = study.questions.iter().find(|other| other.id == when.question && other.id != question.id);
    let others = ids().filter(|id| *id != question.id);
    let other = other.ok_or_else(|| unknown("there is no other question", &when.question, others))?;
    let given = |kind: QuestionKind| kind.admits(&when.is, MOST_SAMPLES) && kind.is_in_order(&when.is);
    if !other.resolved_kind().is_ok_and(given) {
        return Err(format!("\"{}\" is no answer to {}", when.is, other.id));
    }
    if other.each_sample && !question.each_sample {
        return Err(format!("{} is asked of each sample, so this must have each_sample = true", other.id));
    }
    Ok(())
}
