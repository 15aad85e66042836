//! What candidates are compared with: training slices, and those that were held out.

use super::slices::Slices;
use crate::output::Hinted;
use adm_dataset::{Dataset, Split};
use adm_eval::audit::report::LEAST_HELD_OUT;
use anyhow::{Result, bail};
use std::sync::Arc;

/// Neighbours that are held out together where a dataset holds none out: two bars.
const TOGETHER: usize = 8;

/// Of so many runs of neighbours one is held out then.
const ONE_OF: usize = 5;

/// The slices of a dataset that its candidates are compared with.
pub struct Reference {
    pub dataset: Arc<Dataset>,
    /// What a generator learns from.
    pub training: Slices,
    /// What none has learned from.
    pub held_out: Slices,
    /// What is worth knowing about them.
    pub note: Option<String>,
}

impl Reference {
    /// Opens a dataset's.
    ///
    /// # Errors
    /// A dataset that cannot be opened, or has too few slices.
    pub fn of(dataset: Dataset) -> Result<Self> {
        let dataset = Arc::new(dataset);
        let train = dataset.indices(Split::Train);
        let mut held_out = [Split::Validation, Split::Test].map(|split| dataset.indices(split)).concat();
        held_out.sort_unstable();
        let enough = held_out.len() >= LEAST_HELD_OUT;
        let (train, held_out) = if enough { (train, held_out) } else { parted(&train) };
        if train.len() < LEAST_HELD_OUT || held_out.len() < LEAST_HELD_OUT {
            let (path, least) = (dataset.dir().display(), LEAST_HELD_OUT);
            let message = format!("{path} has too few slices: {least} to learn from and {least} held out are needed");
            bail!(Hinted::new(message, "prepare more music, or with fewer --beats-per-slice"));
        }
        let note = (!enough).then(|| {
            format!(
                "the dataset holds too few slices out: every {ONE_OF}th two bars of its training split stand for them; a run that \
                 learned from it knows these, too, so whether it copies cannot be told"
            )
        });
        let stored = |indices| Slices::Stored { dataset: Arc::clone(&dataset), indices };
        Ok(Self { training: stored(train), held_out: stored(held_out), note, dataset: Arc::clone(&dataset) })
    }
}

/// Training slices apart into what is compared with and what is held out.
fn parted(train: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let (mut kept, mut held_out) = (Vec::new(), Vec::new());
    for (run, indices) in train.chunks(TOGETHER).enumerate() {
        let side = if run % ONE_OF == ONE_OF - 1 { &mut held_out } else { &mut kept };
        side.extend_from_slice(indices);
    }
    (kept, held_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_is_held_out_two_bars_at_a_time() {
        let (kept, held_out) = parted(&(0..100).collect::<Vec<_>>());
        assert_eq!(held_out, [(32..40).collect::<Vec<_>>(), (72..80).collect()].concat());
        assert_eq!(kept.len() + held_out.len(), 100);
    }
}
