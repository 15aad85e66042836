//! A learned vector for each of a number of things.

use burn::module::{Module, Param};
use burn::tensor::{Int, Tensor};

use super::{Gaussian, SpectralNorm};

/// A table of vectors, optionally with spectral normalisation.
#[derive(Module, Debug)]
pub struct Embedding {
    /// `[things, width]`
    weight: Param<Tensor<2>>,
    spectral: Option<SpectralNorm>,
}

impl Embedding {
    /// For `things` things, with vectors of `width` values of this deviation.
    pub fn init([things, width]: [usize; 2], deviation: f64, init: &mut Gaussian<'_>) -> Self {
        Self { weight: init.normal([things, width], deviation), spectral: None }
    }

    /// The same table divided by its largest singular value, so that no thing's vector is longer than 1.
    pub fn with_spectral_norm(self, init: &mut Gaussian<'_>) -> Self {
        let things = self.weight.dims()[0];
        Self { spectral: Some(SpectralNorm::init(things, init)), ..self }
    }

    /// # Shapes
    /// `indices`: `[batch, steps]`, each below the number of things; output: `[batch, steps, width]`
    pub fn forward(&self, indices: Tensor<2, Int>) -> Tensor<3> {
        let weight = match &self.spectral {
            None => self.weight.val(),
            Some(spectral) => spectral.normalise(self.weight.val()),
        };
        burn::tensor::module::embedding(weight, indices)
    }

    /// Follows the table with the spectral norm's estimate, once after every optimiser step.
    pub fn refresh(mut self) -> Self {
        let weight = self.weight.val();
        self.spectral = self.spectral.map(|spectral| spectral.refresh(weight));
        self
    }
}
