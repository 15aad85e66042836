//! A strided convolution, optionally with spectral normalisation.

use adm_kernels::{Activation, Window, bias_activation, conv, conv_transpose};
use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::{Gaussian, SpectralNorm};

/// `f(W ∗ x + b)`
#[derive(Module, Debug)]
pub struct Conv {
    /// `[outputs, inputs, kernel, kernel]`
    weight: Param<Tensor<4>>,
    bias: Param<Tensor<1>>,
    spectral: Option<SpectralNorm>,
}

impl Conv {
    /// From `inputs` to `outputs` channels; weights start normally distributed with this deviation.
    pub fn init(
        [inputs, outputs]: [usize; 2],
        window: Window,
        deviation: f64,
        spectral: bool,
        init: &mut Gaussian<'_>,
    ) -> Self {
        Self {
            weight: init.normal([outputs, inputs, window.kernel, window.kernel], deviation),
            bias: init.constant([outputs], 0.0),
            spectral: spectral.then(|| SpectralNorm::init(outputs, init)),
        }
    }

    fn effective_weight(&self) -> Tensor<4> {
        let weight = self.weight.val();
        match &self.spectral {
            None => weight,
            Some(spectral) => {
                let shape = weight.dims();
                let [outputs, ..] = shape;
                let flat = weight.reshape([outputs, shape[1..].iter().product()]);
                spectral.normalise(flat).reshape(shape)
            }
        }
    }

    /// The convolution alone, for a norm that brings its own bias.
    ///
    /// # Shapes
    /// `x`: `[batch, inputs, height, width]`; output: `[batch, outputs, rows, columns]`
    pub fn forward_linear(&self, x: Tensor<4>, window: Window) -> Tensor<4> {
        conv(x, self.effective_weight(), window)
    }

    /// Convolution, bias and activation.
    ///
    /// # Shapes
    /// `x`: `[batch, inputs, height, width]`; output: `[batch, outputs, rows, columns]`
    pub fn forward(&self, x: Tensor<4>, window: Window, activation: Activation) -> Tensor<4> {
        bias_activation(self.forward_linear(x, window), self.bias.val(), activation)
    }

    /// The gradient of the inputs of [`forward_linear`](Self::forward_linear), given that of its outputs. Sides have to be even.
    ///
    /// # Shapes
    /// `gradient`: `[batch, outputs, rows, columns]`; output: `[batch, inputs, height, width]`
    pub fn back(&self, gradient: Tensor<4>, window: Window) -> Tensor<4> {
        conv_transpose(gradient, self.effective_weight(), window)
    }

    /// Follows the weight with the spectral norm's estimate, once after every optimiser step.
    pub fn refresh(mut self) -> Self {
        let weight = self.weight.val();
        let shape = weight.dims();
        let flat = weight.reshape([shape[0], shape[1..].iter().product()]);
        self.spectral = self.spectral.map(|spectral| spectral.refresh(flat));
        self
    }
}
