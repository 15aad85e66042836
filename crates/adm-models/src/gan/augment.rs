//! Changes that leave a beat a beat, made to real and generated tensors alike so that the discriminator cannot learn the
//! few recorded beats by heart (Zhao et al. 2020).

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::ModelError;

/// How far each change goes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AugmentConfig {
    /// Frames that a batch is rolled in time, at most, to either side. More of it blurs where in the beat things happen.
    pub roll: usize,
    /// Share of the network's values' size that is added or taken, at most, 0 to 0.9.
    pub gain: f32,
    /// Whether left and right are swapped half of the time.
    pub swap: bool,
}

impl AugmentConfig {
    pub(super) fn validate(&self) -> Result<(), ModelError> {
        if (0.0..=0.9).contains(&self.gain) {
            return Ok(());
        }
        Err(ModelError::Setting { key: "augment.gain", allowed: "0 to 0.9".into(), got: self.gain.to_string() })
    }
}

/// The changes of one step.
#[derive(Debug, Clone)]
pub struct Augmentation {
    roll: usize,
    /// Factor of every value of a channel, `[batch, channels]`; negative where a side channel is turned over.
    factors: Option<Vec<f32>>,
}

impl Augmentation {
    /// Draws the changes for a batch of `[batch, channels, bins, frames]`.
    ///
    /// With `mid_side`, swapping left and right turns the side pair over; with left and right apart it cannot be done by
    /// factors, so it is left out.
    pub fn draw(config: &AugmentConfig, dims: [usize; 4], mid_side: bool, seeds: Seeds, step: u64) -> Self {
        let [batch, channels, _, frames] = dims;
        let mut rng = seeds.stream("augment", step);
        let reach = config.roll.min(frames / 2);
        let roll = (rng.random_range(0..=2 * reach) + frames - reach) % frames;
        let swaps = config.swap && mid_side && channels == 4;
        let factors = (config.gain > 0.0 || swaps).then(|| {
            (0..batch)
                .flat_map(|_| {
                    let gain = 1.0 + config.gain * (rng.random::<f32>() * 2.0 - 1.0);
                    let side = if swaps && rng.random::<bool>() { -gain } else { gain };
                    (0..channels).map(move |channel| if channel < channels.div_ceil(2) { gain } else { side })
                })
                .collect()
        });
        Self { roll, factors }
    }

    /// Applies them.
    ///
    /// # Shapes
    /// `x` and output: `[batch, channels, bins, frames]`
    pub fn apply(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, channels, bins, frames] = x.dims();
        let x = match self.roll {
            0 => x,
            roll => {
                let head = x.clone().slice([0..batch, 0..channels, 0..bins, 0..frames - roll]);
                let tail = x.slice([0..batch, 0..channels, 0..bins, frames - roll..frames]);
                Tensor::cat(vec![tail, head], 3)
            }
        };
        match &self.factors {
            None => x,
            Some(factors) => {
                let data = TensorData::new(factors.clone(), [batch, channels, 1, 1]);
                let factors: Tensor<4> = Tensor::from_data(data, &x.device());
                x * factors
            }
        }
    }
}
