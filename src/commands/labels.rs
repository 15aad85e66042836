//! What a conditional training is told of a dataset's slices: their tokens, and where in the bar they stand.

use crate::settings::TOKENS;
use adm_compose::corpus::labels;
use adm_dataset::Dataset;
use adm_models::ModelError;
use adm_models::labels::Labels;
use adm_tokens::{Book, Transcript};
use anyhow::Result;

/// The labels of a dataset's slices, from the token book in its folder.
///
/// # Errors
/// A dataset that was not tokenized, or a damaged book.
pub fn of(dataset: &Dataset) -> Result<Labels> {
    let folder = dataset.dir().join(TOKENS);
    if !folder.is_dir() {
        return Err(ModelError::NoLabels { dataset: dataset.dir().to_owned() }.into());
    }
    let (book, transcript) = (Book::open(&folder)?, Transcript::open(&folder)?);
    transcript.check(&book)?;
    Ok(labels(&book, &transcript))
}
