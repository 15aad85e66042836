//! What a conditional training is told of a dataset's slices: their tokens, and where in the bar they stand.

use adm_dataset::Dataset;
use adm_models::ModelError;
use adm_models::gan::Labels;
use anyhow::Result;

/// The labels of a dataset's slices, from the transcript in its folder.
///
/// # Errors
/// A dataset that was not tokenized.
pub fn of(dataset: &Dataset) -> Result<Labels> {
    // No dataset has a transcript until `adm tokenize` writes one.
    Err(ModelError::NoLabels { dataset: dataset.dir().to_owned() }.into())
}
