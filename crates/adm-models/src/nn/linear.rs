//! A dense layer, optionally with spectral normalisation.

use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::{Gaussian, SpectralNorm};

/// `x · Wᵀ + b`
#[derive(Module, Debug)]
pub struct Linear {
    /// `[outputs, inputs]`
    weight: Param<Tensor<2>>,
    bias: Param<Tensor<1>>,
    spectral: Option<SpectralNorm>,
}

impl Linear {
    /// From `inputs` to `outputs` values; weights start normally distributed with this deviation.
    pub fn init([inputs, outputs]: [usize; 2], deviation: f64, spectral: bool, init: &mut Gaussian<'_>) -> Self {
        Self {
            weight: init.normal([outputs, inputs], deviation),
            bias: init.constant([outputs], 0.0),
            spectral: spectral.then(|| SpectralNorm::init(outputs, init)),
        }
    }

    fn effective_weight(&self) -> Tensor<2> {
        match &self.spectral {
            None => self.weight.val(),
            Some(spectral) => spectral.normalise(self.weight.val()),
        }
    }

    /// The gradient of the inputs, given that of the outputs.
    ///
    /// # Shapes
    /// `gradient`: `[batch, outputs]`; output: `[batch, inputs]`
    pub fn back(&self, gradient: Tensor<2>) -> Tensor<2> {
        gradient.matmul(self.effective_weight())
    }

    /// # Shapes
    /// `x`: `[batch, inputs]`; output: `[batch, outputs]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let weight = self.effective_weight();
        let outputs = weight.dims()[0];
        adm_kernels::linear(x, weight) + self.bias.val().reshape([1, outputs])
    }

    /// Follows the weight with the spectral norm's estimate, once after every optimiser step.
    pub fn refresh(mut self) -> Self {
        let weight = self.weight.val();
        self.spectral = self.spectral.map(|spectral| spectral.refresh(weight));
        self
    }
}
