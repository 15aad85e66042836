//! Batch normalisation whose training and sampling statistics are kept apart.

use adm_kernels::{Activation, norm_activation};
use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::Gaussian;

const EPSILON: f32 = 1e-5;

/// Normalises each channel, then applies an activation (Ioffe and Szegedy 2015).
#[derive(Module, Debug)]
pub struct BatchNorm {
    gamma: Param<Tensor<1>>,
    beta: Param<Tensor<1>>,
    /// Statistics used when sampling, `[channels]`; set by [`set_statistics`](Self::set_statistics).
    mean: Param<Tensor<1>>,
    variance: Param<Tensor<1>>,
}

/// Mean and biased variance of a batch, each `[channels]`.
#[derive(Debug, Clone)]
pub struct BatchStatistics {
    /// Mean.
    pub mean: Tensor<1>,
    /// Biased variance.
    pub variance: Tensor<1>,
}

impl BatchNorm {
    /// For this many channels.
    pub fn init(channels: usize, init: &mut Gaussian<'_>) -> Self {
        Self {
            gamma: init.constant([channels], 1.0),
            beta: init.constant([channels], 0.0),
            mean: init.state(Tensor::zeros([channels], init.device())),
            variance: init.state(Tensor::ones([channels], init.device())),
        }
    }

    /// With the statistics of the batch itself, which are returned.
    ///
    /// # Shapes
    /// `x` and output: `[batch, channels, height, width]`
    pub fn forward_train(&self, x: Tensor<4>, activation: Activation) -> (Tensor<4>, BatchStatistics) {
        let normed = norm_activation(x, self.gamma.val(), self.beta.val(), EPSILON, activation);
        (normed.output, BatchStatistics { mean: normed.mean.detach(), variance: normed.variance.detach() })
    }

    /// With the stored statistics, so that one sample does not depend on those beside it.
    ///
    /// # Shapes
    /// `x` and output: `[batch, channels, height, width]`
    pub fn forward(&self, x: Tensor<4>, activation: Activation) -> Tensor<4> {
        let gain = self.gamma.val() / (self.variance.val() + EPSILON).sqrt();
        let shift = self.beta.val() - self.mean.val() * gain.clone();
        let channels = gain.dims()[0];
        let scaled = x * gain.reshape([1, channels, 1, 1]);
        adm_kernels::bias_activation(scaled, shift, activation)
    }

    /// Stores the statistics that [`forward`](Self::forward) uses.
    pub fn set_statistics(mut self, statistics: BatchStatistics) -> Self {
        self.mean = self.mean.map(|_| statistics.mean).set_require_grad(false);
        self.variance = self.variance.map(|_| statistics.variance).set_require_grad(false);
        self
    }
}
