//! Rows for nothing but the time that a step on them takes.

use adm_core::SampleRate;
use adm_dataset::Vectors;

use super::{Frames, MdnConfig, Series};
use crate::ModelError;

/// Rows of a made-up series: a minute and a half of frames at 125 a second.
const ROWS: usize = 11_250;

/// Waves in as many columns as frames of mono sound have.
///
/// # Errors
/// A representation of no frames.
pub fn made_up(config: &MdnConfig) -> Result<(Series, Frames), ModelError> {
    let frames = Frames::new(config, SampleRate::CD, 1)?;
    let columns = frames.columns();
    let value = |row: usize, column: usize| (0.1 * (row + 3 * column) as f32).sin();
    let values = (0..ROWS).flat_map(|row| (0..columns).map(move |column| value(row, column))).collect();
    let rows = Vectors::new(columns, values).ok_or(ModelError::Unchanging)?;
    Ok((Series::of_vectors(&rows, config.training.hold_out)?, frames))
}
