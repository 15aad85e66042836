//! `adm train diffusion`: what it needs to know of a dataset beside its slices.

use super::beats::{self, Trained};
use crate::commands::labels;
use crate::output::Output;
use crate::settings::{Start, TrainSettings};
use adm_models::diffusion::{DiffusionConfig, DiffusionTrainee, Resolved};
use adm_models::labels::Shares;
use adm_train::RunDir;
use anyhow::Result;

/// Trains as the settings say, with the labels of the dataset's slices where the network is told any.
pub fn train(settings: &TrainSettings<DiffusionConfig>, output: &Output) -> Result<Trained> {
    beats::train(settings, output, |config: DiffusionConfig, dataset, picked| {
        let labels = config.condition.map(|_| labels::of(dataset)).transpose()?;
        if let Some((began_with, labels)) = labels_of_run(settings)?.zip(labels.as_ref()) {
            began_with.check(labels)?;
        }
        Ok(DiffusionTrainee::new(config, dataset, labels, &picked.device)?)
    })
}

/// What the run that is gone on with knows of its labels.
fn labels_of_run(settings: &TrainSettings<DiffusionConfig>) -> Result<Option<Shares>> {
    match &settings.start {
        Start::New { .. } => Ok(None),
        Start::Resume { .. } => Ok(Resolved::load(&RunDir::open(&settings.run)?.config())?.labels),
    }
}
