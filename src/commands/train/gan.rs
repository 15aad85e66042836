//! `adm train gan`: what it needs to know of a dataset beside its slices.

use super::beats::{self, Trained};
use crate::commands::labels;
use crate::output::Output;
use crate::settings::{Start, TrainSettings};
use adm_models::gan::{GanConfig, GanTrainee, Resolved};
use adm_models::labels::Shares;
use adm_train::RunDir;
use anyhow::Result;

/// Trains as the settings say, with the labels of the dataset's slices where the networks are conditional.
pub fn train(settings: &TrainSettings<GanConfig>, output: &Output) -> Result<Trained> {
    beats::train(settings, output, |config: GanConfig, dataset, picked| {
        if config.condition.is_none() {
            return Ok(GanTrainee::new(config, dataset, &picked.device)?);
        }
        let labels = labels::of(dataset)?;
        if let Some(began_with) = labels_of_run(settings)? {
            began_with.check(&labels)?;
        }
        Ok(GanTrainee::labelled(config, dataset, labels, &picked.device)?)
    })
}

/// What the run that is gone on with knows of its labels.
fn labels_of_run(settings: &TrainSettings<GanConfig>) -> Result<Option<Shares>> {
    match &settings.start {
        Start::New { .. } => Ok(None),
        Start::Resume { .. } => Ok(Resolved::load(&RunDir::open(&settings.run)?.config())?.labels),
    }
}
