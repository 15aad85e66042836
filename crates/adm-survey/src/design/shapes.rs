//! What of a study's blocks decides its sheets.

use super::sheets::{BlockShape, TrialShape, sheets};
use crate::SurveyError;
use crate::key::{Key, KeyTrial};
use crate::manifest::Shown;
use crate::study::{BlockSpec, Order, Study};
use adm_core::Seeds;
use std::collections::BTreeMap;

/// The blocks of a study with their trials, in the order of their names unless the study gives one.
pub fn shapes(study: &Study, trials: &[KeyTrial]) -> Vec<BlockShape> {
    study.blocks.iter().map(|block| shape(block, trials.iter().filter(|trial| trial.block == block.id))).collect()
}

fn shape<'a>(block: &BlockSpec, trials: impl Iterator<Item = &'a KeyTrial>) -> BlockShape {
    let of = |trial: &KeyTrial| TrialShape {
        name: trial.name.clone(),
        samples: trial.samples.len(),
        has_x: !trial.copies.is_empty(),
        always: !trial.expect.is_empty(),
    };
    let mut trials: Vec<TrialShape> = trials.map(of).collect();
    if block.order == Order::Random {
        trials.sort_by(|a, b| a.name.cmp(&b.name));
    }
    let chosen = trials.iter().filter(|trial| !trial.always).count();
    let heard = block.per_participant.unwrap_or(chosen);
    BlockShape { id: block.id.clone(), trials, heard, repeats: block.repeats, order: block.order }
}

/// The sheets of a key once more, from its seed: what every participant saw, in order.
///
/// # Errors
/// A seed that is no number.
pub fn sheets_of(key: &Key) -> Result<Vec<BTreeMap<String, Vec<Shown>>>, SurveyError> {
    Ok(sheets(&shapes(&key.study, &key.trials), key.study.participants, Seeds::new(key.seed()?)))
}
