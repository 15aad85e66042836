//! Rows for nothing but the time that a step on them takes.

use adm_dataset::Vectors;

use super::{MdnConfig, Series};
use crate::ModelError;

/// Rows of a made-up series: a minute and a half of frames at 125 a second.
const ROWS: usize = 11_250;

/// Waves of as many columns as the representation has bands.
///
/// # Errors
/// A representation of no frames.
pub fn made_up(config: &MdnConfig) -> Result<Series, ModelError> {
    let columns = config.bands()?.bins;
    let value = |row: usize, column: usize| (0.1 * (row + 3 * column) as f32).sin();
    let values = (0..ROWS).flat_map(|row| (0..columns).map(move |column| value(row, column))).collect();
    let rows = Vectors::new(columns, values).ok_or(ModelError::Columns { expected: 1, got: 0 })?;
    Series::of_vectors(&rows, config.training.hold_out)
}
