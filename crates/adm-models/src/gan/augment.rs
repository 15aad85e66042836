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
    /// Whether the phase of every point of a tensor is turned by one random angle: each magnitude and the time of everything
    /// stay, the waveform changes. It brings a network nearer to held-out beats but blurs when its lows begin, most so where
    /// phases are counted from each window.
    pub turn: bool,
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
    /// By how much the phase of each tensor is turned, in radians, `[batch]`.
    angles: Option<Vec<f32>>,
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
        let angles = config.turn.then(|| (0..batch).map(|_| rng.random::<f32>() * std::f32::consts::TAU).collect());
        Self { roll, factors, angles }
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
        let x = match &self.angles {
            None => x,
            Some(angles) => turn(x, angles),
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

/// Turns the phase of every point by its tensor's angle. The first bin holds two real numbers, DC and Nyquist (see
/// `adm_spectral::stft`), of which turning can keep or change the sign.
fn turn(x: Tensor<4>, angles: &[f32]) -> Tensor<4> {
    let [batch, channels, bins, frames] = x.dims();
    let by_bin = |first: fn(f32) -> f32, rest: fn(f32) -> f32| {
        let bin = |bin: usize, angle: f32| if bin == 0 { first(angle) } else { rest(angle) };
        let values: Vec<f32> = angles.iter().flat_map(|&angle| (0..bins).map(move |index| bin(index, angle))).collect();
        Tensor::<4>::from_data(TensorData::new(values, [batch, 1, bins, 1]), &x.device())
    };
    let cosines = by_bin(|angle| angle.cos().signum(), f32::cos);
    let sines = by_bin(|_| 0.0, f32::sin);
    let pairs = x.clone().reshape([batch, channels / 2, 2, bins * frames]);
    let (real, imaginary) = (pairs.clone().narrow(2, 0, 1), pairs.narrow(2, 1, 1));
    let ahead = Tensor::cat(vec![imaginary.neg(), real], 2).reshape([batch, channels, bins, frames]);
    x * cosines + ahead * sines
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn values(x: Tensor<4>) -> Vec<f32> {
        x.into_data().iter::<f32>().collect()
    }

    #[test]
    fn turning_keeps_every_magnitude_and_turns_by_the_angle() {
        let shape = [2, 4, 3, 2];
        let given: Vec<f32> = (0..48).map(|n| (n as f32 * 0.7).sin()).collect();
        let angles = [0.4f32, 2.5];
        let x = Tensor::from_data(TensorData::new(given.clone(), shape), &Device::flex());
        let turned = values(turn(x, &angles));
        for (sample, &angle) in angles.iter().enumerate() {
            for (pair, point) in [0, 1].into_iter().flat_map(|pair| (0..6).map(move |point| (pair, point))) {
                let at = sample * 24 + pair * 12 + point;
                let (real, imaginary) = (given[at], given[at + 6]);
                let (sine, cosine) = if point < 2 { (0.0, angle.cos().signum()) } else { angle.sin_cos() };
                assert!((turned[at] - (real * cosine - imaginary * sine)).abs() < 1e-6);
                assert!((turned[at + 6] - (real * sine + imaginary * cosine)).abs() < 1e-6);
            }
        }
    }
}
