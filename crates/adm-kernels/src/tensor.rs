//! The operations on burn's tensors.

use burn::backend::Dispatch;
use burn::tensor::Tensor;

use crate::dropout::Dropout;
use crate::ops::{Activation, Forward, Gradient, Window};

/// A strided convolution without bias.
///
/// # Shapes
/// - `big`: `[batch, big_channels, height, width]`
/// - `weight`: `[small_channels, big_channels, kernel, kernel]`
/// - output: `[batch, small_channels, rows, columns]`, sides by [`Window::small_side`]
pub fn conv(big: Tensor<4>, weight: Tensor<4>, window: Window) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::adm_conv(big.into_dispatch(), weight.into_dispatch(), window))
}

/// A strided transposed convolution without bias: the adjoint of [`conv`].
///
/// # Shapes
/// - `small`: `[batch, small_channels, rows, columns]`
/// - `weight`: `[small_channels, big_channels, kernel, kernel]`
/// - output: `[batch, big_channels, height, width]`, sides by [`Window::big_side`]
pub fn conv_transpose(small: Tensor<4>, weight: Tensor<4>, window: Window) -> Tensor<4> {
    let [_, _, rows, columns] = small.dims();
    let size = [window.big_side(rows), window.big_side(columns)];
    Tensor::from_dispatch(Dispatch::adm_conv_transpose(small.into_dispatch(), weight.into_dispatch(), window, size))
}

/// A dilated convolution along one axis, without bias and without padding.
///
/// # Shapes
/// - `big`: `[batch, big_channels, length]`, at least `(kernel − 1)·dilation + 1` long
/// - `weight`: `[small_channels, big_channels, kernel]`
/// - output: `[batch, small_channels, length − (kernel − 1)·dilation]`
pub fn conv1d(big: Tensor<3>, weight: Tensor<3>, dilation: usize) -> Tensor<3> {
    let (length, reach) = (big.dims()[2], (weight.dims()[2] - 1) * dilation);
    assert!(length > reach, "a signal of {length} samples is shorter than a kernel that reaches over {reach}");
    Tensor::from_dispatch(Dispatch::adm_conv1d(big.into_dispatch(), weight.into_dispatch(), dilation))
}

/// The adjoint of [`conv1d`], which gives the gradient of what went into it.
///
/// # Shapes
/// - `small`: `[batch, small_channels, length]`
/// - `weight`: `[small_channels, big_channels, kernel]`
/// - output: `[batch, big_channels, length + (kernel − 1)·dilation]`
pub fn conv1d_transpose(small: Tensor<3>, weight: Tensor<3>, dilation: usize) -> Tensor<3> {
    Tensor::from_dispatch(Dispatch::adm_conv1d_transpose(small.into_dispatch(), weight.into_dispatch(), dilation))
}

/// A dense layer without bias: `x · Wᵀ`.
///
/// # Shapes
/// - `x`: `[batch, inputs]`
/// - `weight`: `[outputs, inputs]`
/// - output: `[batch, outputs]`
pub fn linear(x: Tensor<2>, weight: Tensor<2>) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::adm_linear(x.into_dispatch(), weight.into_dispatch()))
}

/// `average + share·(live − average)`. Neither tensor may carry an autodiff graph.
///
/// # Shapes
/// All three are the same.
pub fn approach<const D: usize>(average: Tensor<D>, live: Tensor<D>, share: f64) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::adm_approach(average.into_dispatch(), live.into_dispatch(), share as f32))
}

/// `f(x + bias)` in one pass.
///
/// # Shapes
/// - `x` and output: `[batch, channels, height, width]`
/// - `bias`: `[channels]`
pub fn bias_activation(x: Tensor<4>, bias: Tensor<1>, activation: Activation) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::adm_bias_activation(x.into_dispatch(), bias.into_dispatch(), activation))
}

/// `silu(gain·x + shift)`, with `silu(z) = z/(1 + e⁻ᶻ)`: what follows a norm whose statistics are not the channels' own.
///
/// # Shapes
/// - `x` and output: `[batch, channels, height, width]`
/// - `gain`, `shift`: `[channels]`
pub fn affine_silu(x: Tensor<4>, gain: Tensor<1>, shift: Tensor<1>) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::adm_affine_silu(x.into_dispatch(), gain.into_dispatch(), shift.into_dispatch()))
}

/// Forgets a share of the values; the same ones for the same key, on every device.
///
/// # Shapes
/// `x` and output: `[batch, channels, height, width]`
pub fn dropout(x: Tensor<4>, dropout: Dropout) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::adm_dropout(x.into_dispatch(), dropout))
}

/// What [`norm_activation`] returns.
#[derive(Debug, Clone)]
pub struct Normalised {
    /// `[batch, channels, height, width]`
    pub output: Tensor<4>,
    /// Mean of the batch, `[channels]`; carries no gradient.
    pub mean: Tensor<1>,
    /// Biased variance of the batch, `[channels]`; carries no gradient.
    pub variance: Tensor<1>,
}

/// `f(γ·(x − mean)/√(variance + ε) + β)` with the statistics of the batch itself (Ioffe and Szegedy 2015, algorithm 1).
///
/// # Shapes
/// - `x`: `[batch, channels, height, width]`
/// - `gamma`, `beta`: `[channels]`
pub fn norm_activation(
    x: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    epsilon: f32,
    activation: Activation,
) -> Normalised {
    let (output, mean, variance) = Dispatch::adm_norm_activation(
        x.into_dispatch(),
        gamma.into_dispatch(),
        beta.into_dispatch(),
        epsilon,
        activation,
    );
    Normalised {
        output: Tensor::from_dispatch(output),
        mean: Tensor::from_dispatch(mean),
        variance: Tensor::from_dispatch(variance),
    }
}
