//! A training on made-up slices.

use burn::tensor::Device;

use super::trainee::Samples;
use super::{AutoencoderConfig, AutoencoderTrainee};
use crate::{BeatConfig, MadeUp, ModelError};

/// A network with starting weights for made-up slices, on `device` (without autodiff).
///
/// # Errors
/// Settings out of range, or a representation that cannot hold the slices.
pub fn made_up(config: &AutoencoderConfig, device: &Device) -> Result<(AutoencoderTrainee, MadeUp), ModelError> {
    config.validate()?;
    let made_up = MadeUp::new(config.slices())?;
    let tensors = made_up.frontend().tensors(made_up.slices())?;
    let samples = Samples { training: tensors.clone(), held_out: tensors };
    Ok((AutoencoderTrainee::of_parts(config.clone(), made_up.frontend().clone(), samples, device)?, made_up))
}
