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
//! so a walk through noise is a walk through codes, every code has noise that recalls it, and the sharpness says how few beats
//! one is made of. Where a token is asked for, only beats of that token are recalled.

use adm_kernels::linear;
use burn::module::{Module, Param};
use burn::tensor::{Int, Tensor, TensorData, activation};
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
    /// How few codes noise is made of, 0.1 to 100. A larger one makes beats that are nearer to single ones of the data, a smaller
    /// one such that are more alike.
    pub sharpness: f64,
}

impl Default for CodesConfig {
    fn default() -> Self {
        Self { weight: 10.0, sharpness: 5.0 }
    }
}

/// Most that the weight may be: beyond it the discriminator's word is lost in rounding.
const MOST_WEIGHT: f64 = 1e4;

impl CodesConfig {
    pub(super) fn validate(&self) -> Result<(), ModelError> {
        let refuse = |key, allowed: &str, got: f64| {
            Err(ModelError::Setting { key, allowed: allowed.to_owned(), got: got.to_string() })
        };
        if !(self.weight > 0.0 && self.weight <= MOST_WEIGHT) {
            return refuse("codes.weight", "above 0 and at most 10000", self.weight);
        }
        if !(0.1..=100.0).contains(&self.sharpness) {
            return refuse("codes.sharpness", "0.1 to 100", self.sharpness);
        }
        Ok(())
    }
}

/// A code for every beat.
#[derive(Module, Debug)]
pub struct Codes {
    /// `[beats, latent]`; only directions count.
    table: Param<Tensor<2>>,
    /// The token of each beat, `[1, beats]`, where beats of a token can be asked for.
    tokens: Option<Param<Tensor<2>>>,
    #[module(skip)]
    sharpness: f64,
}

/// Keeps a division finite for a code of zeros.
const TINY: f32 = 1e-6;

/// What is taken from the nearness of a beat of another token: [`FAR`] times the most that normal noise and a code are near, so that
/// the furthest beat of the token wins, and [`FAINT`] on top, so that all others together weigh nothing beside it.
const FAR: f64 = 8.0;
const FAINT: f64 = 25.0;

/// Brings every row onto the sphere of radius `√latent`, where normal noise lies.
fn on_sphere(rows: Tensor<2>) -> Tensor<2> {
    let radius = (rows.dims()[1] as f64).sqrt();
    let length = rows.clone().square().sum_dim(1).sqrt().clamp_min(TINY);
    rows / length * radius
}

impl Codes {
    /// For so many beats; codes start as noise does. `told` says that beats of a token can be asked for: then
    /// [`with_tokens`](Self::with_tokens) has to say of which they are, or a checkpoint.
    pub fn init(config: &CodesConfig, [beats, latent]: [usize; 2], told: bool, init: &mut Gaussian<'_>) -> Self {
        let tokens = told.then(|| init.state(Tensor::zeros([1, beats], init.device())));
        Self { table: init.normal([beats, latent], 1.0), tokens, sharpness: config.sharpness }
    }

    /// The same codes, of beats of these tokens.
    pub fn with_tokens(mut self, tokens: &[u32]) -> Self {
        let values: Vec<f32> = tokens.iter().map(|&token| token as f32).collect();
        let data = TensorData::new(values, [1, tokens.len()]);
        self.tokens = self.tokens.map(|param| param.map(|old| Tensor::from_data(data, &old.device())));
        self.tokens = self.tokens.map(|param| param.set_require_grad(false));
        self
    }

    /// The codes of some beats.
    ///
    /// # Shapes
    /// `beats`: `[batch]`, each below the number of beats; output: `[batch, latent]`
    pub fn of(&self, beats: Tensor<1, Int>) -> Tensor<2> {
        on_sphere(self.table.val().select(0, beats))
    }

    /// What noise recalls, of all beats or of those of the tokens that are asked for; of all, where there are none of a token. No
    /// gradient reaches the codes this way: the discriminator has no say in where beats lie.
    ///
    /// # Shapes
    /// `noise` and output: `[batch, latent]`; `labels`: `[batch, 2]`, token and position
    pub fn recall(&self, noise: Tensor<2>, labels: Option<Tensor<2, Int>>) -> Tensor<2> {
        let codes = on_sphere(self.table.val().detach());
        let noise_length = noise.dims()[1];
        let scale = self.sharpness / (noise_length as f64).sqrt();
        // On a CPU burn's own product rounds one row otherwise than many: a beat must not depend on those that are made beside it.
        let nearness = linear(noise, codes.clone()) * scale;
        let nearness = match (&self.tokens, labels) {
            (Some(tokens), Some(labels)) => {
                let asked = labels.narrow(1, 0, 1).float();
                let other = (tokens.val().detach() - asked).abs().clamp_max(1.0);
                let most = self.sharpness * (noise_length as f64).sqrt();
                nearness - other * (FAR * most + FAINT)
            }
            _ => nearness,
        };
        on_sphere(linear(activation::softmax(nearness, 1), codes.transpose()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use burn::tensor::Device;

    const TOLERANCE: f64 = 1e-4;

    fn codes(beats: usize, latent: usize, sharpness: f64) -> Codes {
        let device = Device::flex();
        let config = CodesConfig { weight: 1.0, sharpness };
        Codes::init(&config, [beats, latent], true, &mut Gaussian::new(Seeds::new(3), "codes", &device))
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
            for (got, noise) in rows(codes.recall(given, None)).iter().zip(noise.chunks(latent)) {
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
            let recalled = rows(codes.recall(of.clone(), None));
            recalled.iter().zip(rows(of)).map(|(a, b)| dot(a, &b) / 16.0).fold(f64::INFINITY, f64::min)
        };
        let [blunt, sharp, sharpest] = [0.5, 4.0, 40.0].map(nearness);
        assert!(blunt < sharp && sharp < sharpest && sharpest > 0.9999, "{blunt} {sharp} {sharpest}");
    }

    #[test]
    fn only_beats_of_the_token_that_is_asked_for_are_recalled_if_there_are_some() {
        for sharpness in [0.1, 2.0, 100.0] {
            only_those_of_a_token(sharpness);
        }
    }

    fn only_those_of_a_token(sharpness: f64) {
        let codes = codes(6, 8, sharpness).with_tokens(&[0, 1, 0, 1, 1, 2]);
        let noise = || {
            let values: Vec<f32> = (0..24).map(|n| (n as f32 * 0.9).sin()).collect();
            Tensor::from_data(TensorData::new(values, [3, 8]), &Device::flex())
        };
        let labels = Tensor::from_data(TensorData::new(vec![2, 0, 0, 3, 7, 1], [3, 2]), &Device::flex());
        let (told, free) = (rows(codes.recall(noise(), Some(labels))), rows(codes.recall(noise(), None)));
        let table: Vec<Vec<f64>> = rows(codes.table.val()).iter().map(|row| unit(row)).collect();
        let near =
            |a: &[f64], b: &[f64], tolerance| a.iter().zip(b).all(|(a, b): (&f64, &f64)| (a - b).abs() < tolerance);
        assert!(near(&told[0], &table[5], TOLERANCE), "the only beat of token 2");
        // Within the plane of the two beats of token 0: what is left after both are taken out is nothing.
        let scale = dot(&table[0], &table[2]) / 8.0;
        let second: Vec<f64> = table[2].iter().zip(&table[0]).map(|(b, a)| b - scale * a).collect();
        let share = |basis: &[f64]| dot(&told[1], basis).powi(2) / dot(basis, basis);
        assert!((share(&table[0]) + share(&second) - 8.0).abs() < 1e-3, "both beats of token 0 and no other");
        assert!(near(&told[2], &free[2], 1e-2), "nothing has token 7: all are recalled");
    }
}
