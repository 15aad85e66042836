//! The measures of a whole dataset, on all threads.

use super::{Analyser, Table, VALUES};
use crate::error::TokenError;
use adm_core::Observer;
use adm_dataset::Dataset;
use rayon::prelude::*;

/// Slices that a thread measures between two looks at whether to stop: a tenth of a second's work.
const AT_ONCE: usize = 32;

/// Measures every slice of a dataset, on all threads, reading each once: a row a slice.
///
/// Its stage for the observer is `measuring`, in slices.
///
/// # Errors
/// A dataset that cannot be read; `Interrupted`.
pub fn measure_all(dataset: &Dataset, observer: &dyn Observer) -> Result<Table, TokenError> {
    let analyser = Analyser::new(dataset.rate(), dataset.channels(), dataset.slice_frames());
    let mut table = Table::zeros(dataset.len());
    observer.begin("measuring", Some(dataset.len() as u64));
    let buffers = || (vec![0.0; analyser.samples()], analyser.scratch());
    let measured = table.values_mut().par_chunks_mut(AT_ONCE * VALUES).enumerate().try_for_each_init(
        buffers,
        |(samples, scratch), (part, rows)| {
            if observer.stop_requested() {
                return Err(TokenError::Interrupted);
            }
            for (offset, row) in rows.chunks_exact_mut(VALUES).enumerate() {
                dataset.read_f32(part * AT_ONCE + offset, samples)?;
                analyser.measure(samples, row, scratch);
            }
            observer.advance((rows.len() / VALUES) as u64);
            Ok(())
        },
    );
    observer.end();
    measured.map(|()| table)
}
