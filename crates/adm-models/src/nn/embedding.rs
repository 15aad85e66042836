//! A learned vector for each of a number of things.

use burn::module::{Module, Param};
use burn::tensor::{Int, Tensor};

use super::Gaussian;

/// A table of vectors.
#[derive(Module, Debug)]
pub struct Embedding {
    /// `[things, width]`
    weight: Param<Tensor<2>>,
}

impl Embedding {
    /// For `things` things, with vectors of `width` values of this deviation.
    pub fn init([things, width]: [usize; 2], deviation: f64, init: &mut Gaussian<'_>) -> Self {
        Self { weight: init.normal([things, width], deviation) }
    }

    /// # Shapes
    /// `indices`: `[batch, steps]`, each below the number of things; output: `[batch, steps, width]`
    pub fn forward(&self, indices: Tensor<2, Int>) -> Tensor<3> {
        burn::tensor::module::embedding(self.weight.val(), indices)
    }
}
