//! Whether trials that are given can be heard, and answered as they expect.

use super::{expect, named, unknown};
use crate::SurveyError;
use crate::manifest::{ABX, BlockKind, QuestionKind};
use crate::study::{BlockSpec, Study, TrialSpec};
use std::collections::BTreeSet;

pub(super) fn check(block: &BlockSpec, study: &Study, place: &str) -> Result<(), SurveyError> {
    for trial in &block.trials {
        let mut seen = BTreeSet::new();
        for id in &trial.samples {
            named(place, "the id of a sample", id)?;
            known_sound(place, id, study)?;
            if !seen.insert(id) {
                return Err(SurveyError::study(place, format!("a trial has \"{id}\" twice")));
            }
        }
        trial.expect.iter().try_for_each(|(question, expected)| {
            expectation(question, expected, trial, block, study).map_err(|problem| SurveyError::study(place, problem))
        })?;
    }
    Ok(())
}

/// Refuses an id that no sound will have.
pub(super) fn known_sound(place: &str, id: &str, study: &Study) -> Result<(), SurveyError> {
    if study.truth_of(id).is_some() {
        return Ok(());
    }
    let known: Vec<String> = study.stimuli.iter().flat_map(|stimulus| stimulus.ids()).collect();
    Err(SurveyError::study(place, unknown("there is no stimulus", id, known.iter().map(String::as_str))))
}

/// Whether an answer that a trial expects can be given, and is understood when answers are scored.
fn expectation(
    question: &str,
    expected: &str,
    trial: &TrialSpec,
    block: &BlockSpec,
    study: &Study,
) -> Result<(), String> {
    if block.kind == BlockKind::Abx && question == ABX {
        return Err("X is another sample on every sheet, so no answer to abx can be expected".to_owned());
    }
    if !block.questions.iter().any(|id| id == question) {
        return Err(unknown("expects an answer to", question, block.questions.iter().map(|id| &**id)));
    }
    let spec = study.questions.iter().find(|spec| spec.id == question);
    let kind = spec.map(|spec| spec.resolved_kind().map_err(|error| error.to_string())).transpose()?;
    let checked = match kind {
        Some(QuestionKind::Samples { pick }) => {
            let truth = |id: &'_ String| study.truth_of(id).unwrap_or_default();
            let samples: Vec<_> = trial.samples.iter().map(|id| (&**id, truth(id))).collect();
            expect::check_named(pick, expected, &samples)
        }
        Some(kind) => expect::check(&kind, expected, trial.samples.len()),
        None => Ok(()),
    };
    checked.map_err(|problem| format!("{problem} to {question}"))
}
