//! A training on made-up slices, with as many tokens as a dataset may have.

use burn::tensor::Device;

use super::{DiffusionConfig, DiffusionTrainee};
use crate::labels::{Labels, Shares};
use crate::{BeatConfig, MadeUp, ModelError};

/// Slices with a label, which come again and again.
const BEATS: usize = 128;
/// Tokens that they are said to have where a configuration is conditional.
const TOKENS: usize = 100;

/// A network with starting weights for made-up slices, on `device` (without autodiff).
///
/// # Errors
/// Settings out of range, a representation that cannot hold the slices, or more levels than it has sides for.
pub fn made_up(config: &DiffusionConfig, device: &Device) -> Result<(DiffusionTrainee, MadeUp), ModelError> {
    config.validate()?;
    let made_up = MadeUp::new(config.slices())?;
    let labels = config.condition.map(|_| (Labels::made_up(BEATS, TOKENS), Shares::made_up(TOKENS)));
    Ok((DiffusionTrainee::of_parts(config.clone(), made_up.frontend().clone(), labels, device)?, made_up))
}
