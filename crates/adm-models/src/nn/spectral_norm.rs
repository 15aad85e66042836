//! Spectral normalisation: a layer that cannot stretch any input by more than one (Miyato et al. 2018, algorithm 1).

use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::Gaussian;

/// The running estimate of a weight's largest singular vector.
#[derive(Module, Debug)]
pub struct SpectralNorm {
    /// Left singular vector, `[1, outputs]`.
    u: Param<Tensor<2>>,
}

/// Keeps a division finite for a weight of zeros.
const TINY: f32 = 1e-12;

fn unit(vector: Tensor<2>) -> Tensor<2> {
    let norm = vector.clone().square().sum().sqrt().clamp_min(TINY);
    vector / norm.reshape([1, 1])
}

impl SpectralNorm {
    /// For a weight with this many outputs.
    pub fn init(outputs: usize, init: &mut Gaussian<'_>) -> Self {
        let start = unit(init.normal([1, outputs], 1.0).val());
        Self { u: init.state(start.detach()) }
    }

    /// `weight / σ`, σ being its largest singular value; gradients flow through σ too.
    ///
    /// # Shapes
    /// `weight` and output: `[outputs, inputs]`
    pub fn normalise(&self, weight: Tensor<2>) -> Tensor<2> {
        let u = self.u.val().detach();
        let v = unit(u.clone().matmul(weight.clone().detach()));
        let sigma = (u.matmul(weight.clone()) * v).sum().clamp_min(TINY);
        weight / sigma.reshape([1, 1])
    }

    /// One power iteration with the current weight, `[outputs, inputs]`.
    pub fn refresh(mut self, weight: Tensor<2>) -> Self {
        let weight = weight.detach();
        self.u = self.u.map(|u| {
            let v = unit(u.detach().matmul(weight.clone()));
            unit(v.matmul(weight.transpose()))
        });
        self.u = self.u.set_require_grad(false);
        self
    }
}
