//! What candidates are compared with: training slices, and those that were held out.

use super::slices::Slices;
use crate::output::Hinted;
use adm_dataset::{Dataset, Split};
use adm_eval::audit::report::LEAST_HELD_OUT;
use anyhow::{Result, bail};
use std::sync::Arc;

/// The slices of a dataset that its candidates are compared with.
pub struct Reference {
    pub dataset: Arc<Dataset>,
    /// What a generator learns from.
    pub training: Slices,
    /// What none has learned from.
    pub held_out: Slices,
}

impl Reference {
    /// A dataset's.
    ///
    /// # Errors
    /// Too few slices on either side to tell copies from chance.
    pub fn of(dataset: Dataset) -> Result<Self> {
        let dataset = Arc::new(dataset);
        let train = dataset.indices(Split::Train);
        let mut held_out = [Split::Validation, Split::Test].map(|split| dataset.indices(split)).concat();
        held_out.sort_unstable();
        if train.len() < LEAST_HELD_OUT || held_out.len() < LEAST_HELD_OUT {
            let (path, least) = (dataset.dir().display(), LEAST_HELD_OUT);
            let message = format!("{path} has too few slices: {least} to learn from and {least} held out are needed");
            bail!(Hinted::new(message, "prepare more music, or with fewer --beats-per-slice"));
        }
        let stored = |indices| Slices::Stored { dataset: Arc::clone(&dataset), indices };
        Ok(Self { training: stored(train), held_out: stored(held_out), dataset: Arc::clone(&dataset) })
    }
}
