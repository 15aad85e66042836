//! A strided transposed convolution.

use adm_kernels::{Activation, Window, bias_activation, conv_transpose};
use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::Gaussian;

/// `f(Wᵀ ∗ x + b)`
#[derive(Module, Debug)]
pub struct ConvTranspose {
    /// `[inputs, outputs, kernel, kernel]`
    weight: Param<Tensor<4>>,
    bias: Param<Tensor<1>>,
}

impl ConvTranspose {
    /// From `inputs` to `outputs` channels; weights start normally distributed with this deviation.
    pub fn init([inputs, outputs]: [usize; 2], window: Window, deviation: f64, init: &mut Gaussian<'_>) -> Self {
        Self {
            weight: init.normal([inputs, outputs, window.kernel, window.kernel], deviation),
            bias: init.constant([outputs], 0.0),
        }
    }

    /// The transposed convolution alone, for a norm that brings its own bias.
    ///
    /// # Shapes
    /// `x`: `[batch, inputs, rows, columns]`; output: `[batch, outputs, height, width]`
    pub fn forward_linear(&self, x: Tensor<4>, window: Window) -> Tensor<4> {
        conv_transpose(x, self.weight.val(), window)
    }

    /// Transposed convolution, bias and activation.
    ///
    /// # Shapes
    /// `x`: `[batch, inputs, rows, columns]`; output: `[batch, outputs, height, width]`
    pub fn forward(&self, x: Tensor<4>, window: Window, activation: Activation) -> Tensor<4> {
        bias_activation(self.forward_linear(x, window), self.bias.val(), activation)
    }
}
