//! Batch normalisation and the non-linearity after it: sums over channels, and one pass over the pictures each way.
//!
//! ```text
//! x̂ = (x − mean)/√(variance + ε)      y = f(gamma·x̂ + beta)
//! g = ∂y·f'                           beta' = Σ g      gamma' = Σ g·x̂
//! x' = gamma/√(variance + ε) · (g − beta'/n − x̂·gamma'/n)      n values to a channel
//! ```

use burn::backend::TensorMetadata;
use burn::tensor::Shape;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::activation::{self, Form, activate};
use super::channels::{Summand, channel_sum, plane_sums};
use super::launch::{Launch, beside, same};
use crate::ops::Activation;

/// `f(gamma·(x − mean)/√(variance + ε) + beta)`, one value a unit.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments, reason = "each is a buffer or a size")]
fn norm_activation_kernel<E: Float>(
    x: &[E],
    mean: &[E],
    variance: &[E],
    gamma: &[E],
    beta: &[E],
    out: &mut [E],
    epsilon: f32,
    slope: f32,
    plane: usize,
    channels: usize,
    count: usize,
    #[comptime] form: Form,
    #[define(E)] _kind: cubecl::ir::ElemType,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let channel = ABSOLUTE_POS / plane % channels;
    let deviation = (variance[channel] + E::cast_from(epsilon)).sqrt();
    let normal = (x[ABSOLUTE_POS] - mean[channel]) / deviation;
    out[ABSOLUTE_POS] = activate::<E>(gamma[channel] * normal + beta[channel], slope, form);
}

/// From sums over planes to what a channel's gradients need, one channel a unit: `gains` are three rows, the factors of `g`, of
/// `x − mean` and of one.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments, reason = "each is a buffer or a size")]
fn gains_kernel<E: Float>(
    grads: &[E],
    products: &[E],
    variance: &[E],
    gamma: &[E],
    gains: &mut [E],
    gamma_grad: &mut [E],
    beta_grad: &mut [E],
    epsilon: f32,
    share: f32,
    batch: usize,
    count: usize,
    #[define(E)] _kind: cubecl::ir::ElemType,
) {
    let channel = ABSOLUTE_POS;
    if channel >= count {
        terminate!();
    }
    let mut grad = E::from_int(0);
    let mut product = E::from_int(0);
    for picture in 0..batch {
        grad += grads[picture * count + channel];
        product += products[picture * count + channel];
    }
    let inverse = E::from_int(1) / (variance[channel] + E::cast_from(epsilon)).sqrt();
    let gain = gamma[channel] * inverse;
    let share = E::cast_from(share);
    gains[channel] = gain;
    gains[count + channel] = gain * product * inverse * inverse * share;
    gains[2 * count + channel] = gain * grad * share;
    gamma_grad[channel] = product * inverse;
    beta_grad[channel] = grad;
}

/// The gradient of the input, one value a unit.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments, reason = "each is a buffer or a size")]
fn input_grad_kernel<E: Float>(
    x: &[E],
    grad: &[E],
    mean: &[E],
    gains: &[E],
    out: &mut [E],
    plane: usize,
    channels: usize,
    count: usize,
    #[define(E)] _kind: cubecl::ir::ElemType,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let channel = ABSOLUTE_POS / plane % channels;
    let centered = x[ABSOLUTE_POS] - mean[channel];
    let kept = gains[channel] * grad[ABSOLUTE_POS];
    out[ABSOLUTE_POS] = kept - gains[channels + channel] * centered - gains[2 * channels + channel];
}

/// One over the values to a channel.
fn share(shape: &Shape) -> f32 {
    1.0 / (shape[0] * shape[2] * shape[3]) as f32
}

/// Refuses values that are not one for each channel.
fn of_channels(tensors: &[&CubeTensor], x: &CubeTensor) {
    let channels = x.shape()[1];
    let fits = |tensor: &&CubeTensor| (tensor.shape().num_elements(), tensor.dtype) == (channels, x.dtype);
    assert!(tensors.iter().all(fits), "a value for each of {channels} channels");
}

/// Output, mean and biased variance.
///
/// # Shapes
/// `x` and output: `[batch, channels, height, width]`; all others: `[channels]`
pub(super) fn norm_activation(
    x: CubeTensor,
    [gamma, beta]: [CubeTensor; 2],
    epsilon: f32,
    activation: Activation,
) -> [CubeTensor; 3] {
    of_channels(&[&gamma, &beta], &x);
    let shape = x.shape();
    let [x, gamma, beta] = [x, gamma, beta].map(into_contiguous);
    let mean = channel_sum(x.clone(), Summand::Value, share(&shape));
    let variance = channel_sum(x.clone(), Summand::Deviation { center: &mean }, share(&shape));
    let out = beside(&x, shape.clone());
    let launch = Launch::over(&out);
    let (form, slope) = activation::form_and_slope(activation);
    // SAFETY: all buffers are contiguous, `x` and `out` hold `count` values, the others one for every channel.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        norm_activation_kernel::launch_unchecked(
            &launch.client,
            launch.cubes,
            launch.cube,
            x.into_buffer_arg(),
            mean.clone().into_buffer_arg(),
            variance.clone().into_buffer_arg(),
            gamma.into_buffer_arg(),
            beta.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            epsilon,
            slope,
            shape[2] * shape[3],
            shape[1],
            launch.count,
            form,
            launch.kind,
        );
    }
    [out, mean, variance]
}

/// Gradients of the input, gamma and beta. `grad` is that of `gamma·x̂ + beta`.
///
/// # Shapes
/// As for [`norm_activation`].
pub(super) fn backward(
    x: CubeTensor,
    [gamma, mean, variance]: [CubeTensor; 3],
    grad: CubeTensor,
    epsilon: f32,
) -> [CubeTensor; 3] {
    same(&x, &grad);
    of_channels(&[&gamma, &mean, &variance], &x);
    let [x, gamma, mean, variance, grad] = [x, gamma, mean, variance, grad].map(into_contiguous);
    let grads = plane_sums(grad.clone(), Summand::Value);
    let products = plane_sums(grad.clone(), Summand::Product { other: &x, center: &mean });
    let [gains, gamma_grad, beta_grad] = gains([grads, products], [variance, gamma], epsilon, share(&x.shape()));
    [input_grad([x, grad], [mean, gains]), gamma_grad, beta_grad]
}

/// [`gains_kernel`] of sums `[batch, channels]`.
fn gains(
    [grads, products]: [CubeTensor; 2],
    [variance, gamma]: [CubeTensor; 2],
    epsilon: f32,
    share: f32,
) -> [CubeTensor; 3] {
    let [batch, channels] = [grads.shape()[0], grads.shape()[1]];
    let gains = beside(&grads, Shape::new([3, channels]));
    let [gamma_grad, beta_grad] = [(); 2].map(|()| beside(&grads, Shape::new([channels])));
    let launch = Launch::over(&beta_grad);
    // SAFETY: the sums hold `batch` times `count` values, `gains` three times as many, the others `count`.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        gains_kernel::launch_unchecked(
            &launch.client,
            launch.cubes,
            launch.cube,
            grads.into_buffer_arg(),
            products.into_buffer_arg(),
            variance.into_buffer_arg(),
            gamma.into_buffer_arg(),
            gains.clone().into_buffer_arg(),
            gamma_grad.clone().into_buffer_arg(),
            beta_grad.clone().into_buffer_arg(),
            epsilon,
            share,
            batch,
            launch.count,
            launch.kind,
        );
    }
    [gains, gamma_grad, beta_grad]
}

/// [`input_grad_kernel`] of pictures and of what is known of channels.
fn input_grad([x, grad]: [CubeTensor; 2], [mean, gains]: [CubeTensor; 2]) -> CubeTensor {
    let shape = x.shape();
    let out = beside(&x, shape.clone());
    let launch = Launch::over(&out);
    // SAFETY: all buffers are contiguous, pictures hold `count` values, `mean` one for every channel and `gains` three.
    #[allow(unsafe_code, reason = "bounds are checked by the kernel itself")]
    unsafe {
        input_grad_kernel::launch_unchecked(
            &launch.client,
            launch.cubes,
            launch.cube,
            x.into_buffer_arg(),
            grad.into_buffer_arg(),
            mean.into_buffer_arg(),
            gains.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            shape[2] * shape[3],
            shape[1],
            launch.count,
            launch.kind,
        );
    }
    out
}
