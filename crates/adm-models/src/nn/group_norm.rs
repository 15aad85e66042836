//! Group normalisation, alone or with the SiLU that follows it.

use adm_kernels::{Activation, affine_silu, bias_activation, norm_activation};
use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::Gaussian;

const EPSILON: f32 = 1e-5;

/// Normalises groups of channels, each sample by itself, then gives every channel a gain and a shift (Wu and He 2018).
///
/// What a sample becomes never depends on those beside it, so training and sampling are the same.
#[derive(Module, Debug)]
pub struct GroupNorm {
    /// `[channels]`
    gamma: Param<Tensor<1>>,
    /// `[channels]`
    beta: Param<Tensor<1>>,
    #[module(skip)]
    groups: usize,
}

impl GroupNorm {
    /// For this many channels in `groups` equal groups, which have to divide them.
    pub fn init(channels: usize, groups: usize, init: &mut Gaussian<'_>) -> Self {
        Self { gamma: init.constant([channels], 1.0), beta: init.constant([channels], 0.0), groups }
    }

    /// Groups of mean 0 and variance 1: a group of a sample is to the fused batch norm what a channel of a batch is.
    fn normalise(&self, x: Tensor<4>) -> Tensor<4> {
        let dims = x.dims();
        let [batch, channels, height, width] = dims;
        let (groups, device) = (batch * self.groups, x.device());
        let flat = x.reshape([1, groups, channels / self.groups * height, width]);
        let (gain, shift) = (Tensor::ones([groups], &device), Tensor::zeros([groups], &device));
        norm_activation(flat, gain, shift, EPSILON, Activation::Identity).output.reshape(dims)
    }

    /// `γ·x̂ + β`
    ///
    /// # Shapes
    /// `x` and output: `[batch, channels, height, width]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let gain = self.gamma.val().reshape([1, x.dims()[1], 1, 1]);
        bias_activation(self.normalise(x) * gain, self.beta.val(), Activation::Identity)
    }

    /// `silu(γ·x̂ + β)`
    ///
    /// # Shapes
    /// `x` and output: `[batch, channels, height, width]`
    pub fn forward_silu(&self, x: Tensor<4>) -> Tensor<4> {
        affine_silu(self.normalise(x), self.gamma.val(), self.beta.val())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use burn::tensor::{Device, TensorData};

    /// Sums of a few dozen values in 32 bits.
    const TOLERANCE: f64 = 1e-5;

    /// One value at a time, in 64 bits.
    fn slow(x: &[f32], [batch, channels, plane]: [usize; 3], groups: usize, gamma: &[f32], beta: &[f32]) -> Vec<f64> {
        let size = channels / groups * plane;
        let mut out = Vec::new();
        for group in 0..batch * groups {
            let values: Vec<f64> = x[group * size..][..size].iter().map(|&value| f64::from(value)).collect();
            let mean = values.iter().sum::<f64>() / size as f64;
            let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / size as f64;
            for (at, value) in values.iter().enumerate() {
                let channel = group % groups * (channels / groups) + at / plane;
                let normal = (value - mean) / (variance + f64::from(EPSILON)).sqrt();
                out.push(normal * f64::from(gamma[channel]) + f64::from(beta[channel]));
            }
        }
        out
    }

    #[test]
    fn groups_are_normalised_as_a_slow_loop_does() {
        let device = Device::flex();
        for ([batch, channels, height, width], groups) in
            [([1, 1, 2, 2], 1), ([3, 6, 4, 5], 3), ([2, 8, 3, 7], 1), ([2, 4, 6, 1], 4)]
        {
            let values = |count: usize, phase: f32| -> Vec<f32> {
                (0..count).map(|at| (at as f32 * 1.3 + phase).sin() * 2.0 + phase).collect()
            };
            let x = values(batch * channels * height * width, 0.4);
            let (gamma, beta) = (values(channels, 0.9), values(channels, -0.3));
            let mut norm = GroupNorm::init(channels, groups, &mut Gaussian::new(Seeds::new(1), "norm", &device));
            let of = |values: &[f32]| Tensor::<1>::from_floats(values, &device);
            norm.gamma = norm.gamma.map(|_| of(&gamma));
            norm.beta = norm.beta.map(|_| of(&beta));
            let dims = [batch, channels, height, width];
            let tensor = Tensor::<4>::from_data(TensorData::new(x.clone(), dims), &device);
            let expected = slow(&x, [batch, channels, height * width], groups, &gamma, &beta);
            let plain: Vec<f64> = norm.forward(tensor.clone()).into_data().iter::<f64>().collect();
            let silu: Vec<f64> = norm.forward_silu(tensor).into_data().iter::<f64>().collect();
            for ((&expected, plain), silu) in expected.iter().zip(plain).zip(silu) {
                assert!((plain - expected).abs() < TOLERANCE, "{dims:?}: {plain} for {expected}");
                let expected = expected / (1.0 + (-expected).exp());
                assert!((silu - expected).abs() < TOLERANCE, "{dims:?}, with silu: {silu} for {expected}");
            }
        }
    }
}
