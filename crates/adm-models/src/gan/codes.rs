//! A code for every beat that is learned from, and noise that recalls them.
//!
//! A generator that has nothing but a discriminator's word takes thousands of steps to find what few hundred beats have in
//! common, and then leaves most of them out. Here it is told: each beat `i` has a code `cᵢ`, and the generator learns, beside
//! fooling the discriminator, to make beat `i` of `cᵢ`, while codes move to where that is easy (Bojanowski et al., "Optimizing
//! the latent space of generative networks", ICML 2018). Codes lie on a sphere of radius `√latent`.
//!
//! Noise has to become something like a code. That paper fits a normal distribution to them; here noise `w` *recalls*: with
//! `aᵢ = softmax(sharpness · ⟨w, cᵢ⟩ / √latent)` it becomes the mixture `Σ aᵢ cᵢ`, brought back onto the sphere (what attention
//! does with keys that are their own values; Ramsauer et al., "Hopfield networks is all you need", ICLR 2021). It is continuous,
//! so a walk through noise is a walk through codes, every beat is recalled as often as any other, and the sharpness says how
//! few beats one is made of.

use burn::module::{Module, Param};
use burn::tensor::{Int, Tensor, activation};
use serde::{Deserialize, Serialize};

use crate::ModelError;
use crate::nn::Gaussian;

/// How codes are learned and recalled; a GAN without this table has none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CodesConfig {
    /// What the mean error of remade beats weighs beside the discriminator's word, above 0. A larger one keeps to what is in the
    /// data, a smaller one makes what sounds real.
    pub weight: f64,
    /// How few codes noise is made of, above 0. A larger one makes beats that are nearer to single ones of the data, a smaller
    /// one such that are more alike.
    pub sharpness: f64,
}

impl Default for CodesConfig {
    fn default() -> Self {
        Self { weight: 10.0, sharpness: 5.0 }
    }
}

/// Most that weight and sharpness may be: beyond it one of both terms is lost in the other's rounding.
const MOST: f64 = 1e4;

impl CodesConfig {
    pub(super) fn validate(&self) -> Result<(), ModelError> {
        for (key, value) in [("codes.weight", self.weight), ("codes.sharpness", self.sharpness)] {
            if !(value > 0.0 && value <= MOST) {
                let allowed = "above 0 and at most 10000".to_owned();
                return Err(ModelError::Setting { key, allowed, got: value.to_string() });
            }
        }
        Ok(())
    }
}

/// A code for every beat.
#[derive(Module, Debug)]
pub struct Codes {
    /// `[beats, latent]`; only directions count.
    table: Param<Tensor<2>>,
    #[module(skip)]
    sharpness: f64,
}

/// Keeps a division finite for a code of zeros.
const TINY: f32 = 1e-6;

/// Brings every row onto the sphere of radius `√latent`, where normal noise lies.
fn on_sphere(rows: Tensor<2>) -> Tensor<2> {
    let radius = (rows.dims()[1] as f64).sqrt();
    let length = rows.clone().square().sum_dim(1).sqrt().clamp_min(TINY);
    rows / length * radius
}

impl Codes {
    /// For so many beats; codes start as noise does.
    pub fn init(config: &CodesConfig, [beats, latent]: [usize; 2], init: &mut Gaussian<'_>) -> Self {
        Self { table: init.normal([beats, latent], 1.0), sharpness: config.sharpness }
    }

    /// The codes of some beats.
    ///
    /// # Shapes
    /// `beats`: `[batch]`, each below the number of beats; output: `[batch, latent]`
    pub fn of(&self, beats: Tensor<1, Int>) -> Tensor<2> {
        on_sphere(self.table.val().select(0, beats))
    }

    /// What noise recalls. No gradient reaches the codes this way: the discriminator has no say in where beats lie.
    ///
    /// # Shapes
    /// `noise` and output: `[batch, latent]`
    pub fn recall(&self, noise: Tensor<2>) -> Tensor<2> {
        let codes = on_sphere(self.table.val().detach());
        let scale = self.sharpness / (noise.dims()[1] as f64).sqrt();
        let shares = activation::softmax(noise.matmul(codes.clone().transpose()) * scale, 1);
        on_sphere(shares.matmul(codes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use burn::tensor::{Device, TensorData};

    const TOLERANCE: f64 = 1e-4;

    fn codes(beats: usize, latent: usize, sharpness: f64) -> Codes {
        let device = Device::flex();
        let config = CodesConfig { weight: 1.0, sharpness };
        Codes::init(&config, [beats, latent], &mut Gaussian::new(Seeds::new(3), "codes", &device))
    }

    fn rows(tensor: Tensor<2>) -> Vec<Vec<f64>> {
        let width = tensor.dims()[1];
        tensor.into_data().iter::<f64>().collect::<Vec<_>>().chunks(width).map(<[f64]>::to_vec).collect()
    }

    fn dot(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    fn unit(row: &[f64]) -> Vec<f64> {
        let length = dot(row, row).sqrt();
        row.iter().map(|value| value / length * (row.len() as f64).sqrt()).collect()
    }

    #[test]
    fn noise_recalls_the_mixture_that_is_defined() {
        for (beats, latent, sharpness) in [(1, 3, 1.0), (5, 4, 0.5), (40, 16, 6.0)] {
            let codes = codes(beats, latent, sharpness);
            let table: Vec<Vec<f64>> = rows(codes.table.val()).iter().map(|row| unit(row)).collect();
            let noise: Vec<f64> = (0..2 * latent).map(|n| (n as f64 * 1.7).sin()).collect();
            let values: Vec<f32> = noise.iter().map(|&value| value as f32).collect();
            let given = Tensor::from_data(TensorData::new(values, [2, latent]), &Device::flex());
            for (got, noise) in rows(codes.recall(given)).iter().zip(noise.chunks(latent)) {
                let shares: Vec<f64> =
                    table.iter().map(|code| (sharpness * dot(noise, code) / (latent as f64).sqrt()).exp()).collect();
                let mixed: Vec<f64> = (0..latent)
                    .map(|at| shares.iter().zip(&table).map(|(share, code)| share * code[at]).sum::<f64>())
                    .collect();
                assert!(got.iter().zip(unit(&mixed)).all(|(got, expected)| (got - expected).abs() < TOLERANCE));
            }
        }
    }

    #[test]
    fn a_code_recalls_its_own_beat_the_more_the_sharper() {
        let nearness = |sharpness: f64| {
            let codes = codes(30, 16, sharpness);
            let of = codes.of(Tensor::from_data(TensorData::new((0..30).collect::<Vec<i32>>(), [30]), &Device::flex()));
            let recalled = rows(codes.recall(of.clone()));
            recalled.iter().zip(rows(of)).map(|(a, b)| dot(a, &b) / 16.0).fold(f64::INFINITY, f64::min)
        };
        let [blunt, sharp, sharpest] = [0.5, 4.0, 40.0].map(nearness);
        assert!(blunt < sharp && sharp < sharpest && sharpest > 0.9999, "{blunt} {sharp} {sharpest}");
    }
}
