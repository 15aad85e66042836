//! A training on made-up slices, with as many labels and codes as a dataset may have.

use burn::tensor::Device;

use super::rows::Rows;
use super::trainee::Known;
use super::{GanConfig, GanTrainee};
use crate::labels::{Labels, Shares};
use crate::{BeatConfig, MadeUp, ModelError};

/// Beats with codes, where there are codes: as many as `adm plan` assumes that there are to learn from.
const BEATS: usize = 7_000;
/// Tokens that the slices are said to have where a configuration is conditional.
const TOKENS: usize = 100;

/// Networks with starting weights for made-up slices, on `device` (without autodiff).
///
/// # Errors
/// Settings out of range, a representation that cannot hold the slices, or stages that do not divide its shape.
pub fn made_up(config: &GanConfig, device: &Device) -> Result<(GanTrainee, MadeUp), ModelError> {
    config.validate()?;
    let made_up = MadeUp::new(config.slices())?;
    let known = Known {
        labels: config.condition.map(|_| Labels::made_up(BEATS, TOKENS)),
        shares: config.condition.map(|_| Shares::made_up(TOKENS)),
        rows: config.codes.map(|_| Rows::first(BEATS).with_versions(config.augment.versions())),
    };
    Ok((GanTrainee::of_parts(config.clone(), made_up.frontend().clone(), known, device)?, made_up))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gan::load;
    use adm_train::{Batches, StepContext, Trainee};

    const SMALL: [&str; 6] = [
        "representation.bins=64",
        "representation.frames=256",
        "generator.widths=[8, 4]",
        "discriminator.widths=[4, 8]",
        "generator.latent=4",
        "training.batch=3",
    ];

    #[test]
    fn made_up_beats_have_the_shape_of_real_ones_and_can_be_trained_on() {
        for (preset, rate, frames) in
            [("adm", 22_050, 10_177), ("conditional", 22_050, 10_177), ("training-1", 44_100, 20_354)]
        {
            let config = load(preset, &SMALL.map(str::to_owned)).unwrap();
            let (mut trainee, made_up) = made_up(&config, &Device::flex()).unwrap();
            assert_eq!((made_up.rate().hz(), made_up.slices()[0].len()), (rate, 2 * frames), "{preset}");
            let mut batches = made_up.batches().unwrap();
            let batch = batches.next().unwrap();
            assert_eq!((batch.indices.len(), batch.values.len()), (3, 3 * batch.shape.size()));
            assert!(
                batch.values.iter().all(|value| value.is_finite()) && batch.values.iter().any(|&value| value != 0.0)
            );
            let values = trainee.step(StepContext { step: 0, measure: true }, batch).unwrap();
            assert!(values.len() == 4 && values.iter().all(|value| value.is_finite()), "{values:?}");
        }
    }
}
