//! The operations on wgpu and CUDA: kernels of ours around burn's matrix products, and burn's own where those are as good.
//!
//! Measured on a datacentre card, steps of small networks waited for hundreds of launches, and those of large ones for burn's
//! direct convolution and its sums over channels; so convolutions are matrix products here, those sums are kernels of ours, and what looks
//! at each value once is one launch, but for `affine_silu`.

mod activation;
mod channels;
mod columns;
mod convolution;
mod dilated;
mod dropout;
mod launch;
mod norm;
mod update;

use burn::backend::ops::{ActivationOps, FloatTensorOps, ModuleOps};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Cube, TensorMetadata};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Scalar, Shape};

use self::channels::{Summand, channel_sum};
use crate::dropout::Dropout;
use crate::ops::{Activation, Forward, Gradient, Window};

/// A value for every channel, beside pictures.
fn beside(x: FloatTensor<Cube>) -> FloatTensor<Cube> {
    let channels = x.shape()[0];
    Cube::float_reshape(x, Shape::new([1, channels, 1, 1]))
}

/// `gain·x + shift`
fn affine(x: FloatTensor<Cube>, gain: FloatTensor<Cube>, shift: FloatTensor<Cube>) -> FloatTensor<Cube> {
    Cube::float_add(Cube::float_mul(x, beside(gain)), beside(shift))
}

impl Forward for Cube {
    fn adm_conv(big: FloatTensor<Self>, weight: FloatTensor<Self>, window: Window) -> FloatTensor<Self> {
        convolution::conv(big, weight, window)
    }

    fn adm_conv_transpose(
        small: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        window: Window,
        size: [usize; 2],
    ) -> FloatTensor<Self> {
        convolution::conv_transpose(small, weight, window, size)
    }

    fn adm_conv_weight(big: FloatTensor<Self>, small: FloatTensor<Self>, window: Window) -> FloatTensor<Self> {
        convolution::conv_weight(big, small, window)
    }

    fn adm_conv1d(big: FloatTensor<Self>, weight: FloatTensor<Self>, dilation: usize) -> FloatTensor<Self> {
        Self::conv1d(big, weight, None, ConvOptions::new([1], [0], [dilation], 1))
    }

    fn adm_conv1d_transpose(small: FloatTensor<Self>, weight: FloatTensor<Self>, dilation: usize) -> FloatTensor<Self> {
        Self::conv_transpose1d(small, weight, None, ConvTransposeOptions::new([1], [0], [0], [dilation], 1))
    }

    fn adm_conv1d_weight(big: FloatTensor<Self>, small: FloatTensor<Self>, dilation: usize) -> FloatTensor<Self> {
        dilated::conv1d_weight(big, small, dilation)
    }

    fn adm_linear(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_matmul(x, Self::float_transpose(weight))
    }

    fn adm_bias_activation(x: FloatTensor<Self>, bias: FloatTensor<Self>, activation: Activation) -> FloatTensor<Self> {
        activation::bias_activation(x, bias, activation)
    }

    fn adm_dropout(x: FloatTensor<Self>, dropout: Dropout) -> FloatTensor<Self> {
        dropout::dropout(x, dropout)
    }

    fn adm_affine_silu(x: FloatTensor<Self>, gain: FloatTensor<Self>, shift: FloatTensor<Self>) -> FloatTensor<Self> {
        let z = affine(x, gain, shift);
        Self::float_mul(Self::sigmoid(z.clone()), z)
    }

    fn adm_norm_activation(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f32,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let [output, mean, variance] = norm::norm_activation(x, [gamma, beta], epsilon, activation);
        (output, mean, variance)
    }
}

impl Gradient for Cube {
    fn adm_bias_activation_backward(
        y: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let grad = activation::activation_backward(y, grad, activation);
        (grad.clone(), channel_sum(grad, Summand::Value, 1.0))
    }

    fn adm_norm_activation_backward(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        epsilon: f32,
        activation: Activation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let grad = activation::activation_backward(y, grad, activation);
        let [x_grad, gamma_grad, beta_grad] = norm::backward(x, [gamma, mean, variance], grad, epsilon);
        (x_grad, gamma_grad, beta_grad)
    }

    fn adm_affine_silu_backward(
        x: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        grad: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        // silu' = s + z·s·(1 − s) = s + silu·(1 − s), with s the sigmoid.
        let z = affine(x.clone(), gain.clone(), shift);
        let sigmoid = Self::sigmoid(z.clone());
        let rest = Self::float_add_scalar(Self::float_neg(sigmoid.clone()), Scalar::Float(1.0));
        let silu = Self::float_mul(sigmoid.clone(), z);
        let slope = Self::float_add(sigmoid, Self::float_mul(silu, rest));
        let grad = Self::float_mul(grad, slope);
        let gain_grad = channel_sum(Self::float_mul(grad.clone(), x), Summand::Value, 1.0);
        let shift_grad = channel_sum(grad.clone(), Summand::Value, 1.0);
        (Self::float_mul(grad, beside(gain)), gain_grad, shift_grad)
    }

    fn adm_approach(average: FloatTensor<Self>, live: FloatTensor<Self>, share: f32) -> FloatTensor<Self> {
        update::approach(average, live, share)
    }

    fn adm_adam_update(
        weight: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        beta_1: f32,
        beta_2: f32,
        step_size: f32,
        epsilon: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let before = [weight, grad, moment_1, moment_2];
        let [weight, moment_1, moment_2] = update::adam(before, [beta_1, beta_2, step_size, epsilon]);
        (weight, moment_1, moment_2)
    }
}
