//! Batch normalisation over time, of one signal or of the part of it that counts.
//!
//! ```text
//! x [1, channels, time] ─(x − μ)/σ→ x̂ ─γ·x̂ + β→ ─LeakyReLU→ y        μ, σ over time, weighted where a part does not count
//! ```

use adm_kernels::{Activation, bias_activation, norm_activation};
use burn::module::{Module, Param};
use burn::tensor::{Tensor, activation};

use crate::nn::Gaussian;

const EPSILON: f32 = 1e-5;

/// Deviation of the starting gains around 1.
const DEVIATION: f64 = 0.02;

/// Normalises each channel, then applies a LeakyReLU.
#[derive(Module, Debug)]
pub(super) struct TimeNorm {
    gamma: Param<Tensor<1>>,
    beta: Param<Tensor<1>>,
    /// Statistics used when sampling, `[channels]`.
    mean: Param<Tensor<1>>,
    variance: Param<Tensor<1>>,
}

/// Mean and biased variance of every channel, each `[channels]`.
pub(super) struct Statistics {
    mean: Tensor<1>,
    variance: Tensor<1>,
}

/// What a layer's gradient needs of its way forward, each `[1, channels, time]` but for the deviation.
pub(super) struct Kept {
    normal: Tensor<3>,
    /// `[1, channels, 1]`
    deviation: Tensor<3>,
    /// How the LeakyReLU rises.
    rise: Tensor<3>,
    pub output: Tensor<3>,
}

impl TimeNorm {
    pub fn init(channels: usize, init: &mut Gaussian<'_>) -> Self {
        let drawn = init.normal([channels], DEVIATION).val().into_data();
        Self {
            gamma: init.values(drawn.iter::<f32>().map(|value| 1.0 + value).collect(), [channels]),
            beta: init.constant([channels], 0.0),
            mean: init.state(Tensor::zeros([channels], init.device())),
            variance: init.state(Tensor::ones([channels], init.device())),
        }
    }

    /// With the signal's own statistics, which are returned. `weights` `[1, 1, time]` sum to 1 and say how much each moment counts.
    pub fn forward_train(&self, x: Tensor<3>, weights: Option<&Tensor<3>>, slope: f32) -> (Tensor<3>, Statistics) {
        let [batch, channels, time] = x.dims();
        let Some(weights) = weights else {
            let (gamma, beta) = (self.gamma.val(), self.beta.val());
            let activation = Activation::LeakyRelu { slope };
            let normed = norm_activation(x.reshape([batch, channels, 1, time]), gamma, beta, EPSILON, activation);
            let statistics = Statistics { mean: normed.mean, variance: normed.variance };
            return (normed.output.reshape([batch, channels, time]), statistics);
        };
        let mean = (x.clone() * weights.clone()).sum_dim(2);
        let variance = ((x.clone() - mean.clone()).square() * weights.clone()).sum_dim(2);
        let normal = (x - mean.clone()) / (variance.clone() + EPSILON).sqrt();
        let y = activation::leaky_relu(self.scaled(normal), f64::from(slope));
        let flat = |x: Tensor<3>| x.detach().reshape([channels]);
        (y, Statistics { mean: flat(mean), variance: flat(variance) })
    }

    /// With the stored statistics, so that a moment depends on what the layers see around it alone.
    pub fn forward(&self, x: Tensor<3>, slope: f32) -> Tensor<3> {
        let [batch, channels, time] = x.dims();
        let gain = self.gamma.val() / (self.variance.val() + EPSILON).sqrt();
        let shift = self.beta.val() - self.mean.val() * gain.clone();
        let scaled = (x * gain.reshape([1, channels, 1])).reshape([batch, channels, 1, time]);
        bias_activation(scaled, shift, Activation::LeakyRelu { slope }).reshape([batch, channels, time])
    }

    /// Stores the statistics that [`forward`](Self::forward) uses.
    pub fn set_statistics(mut self, statistics: Statistics) -> Self {
        self.mean = self.mean.map(|_| statistics.mean).set_require_grad(false);
        self.variance = self.variance.map(|_| statistics.variance).set_require_grad(false);
        self
    }

    /// [`forward_train`](Self::forward_train) for one whose gradient is asked for.
    pub fn forward_kept(&self, x: Tensor<3>, weights: Option<&Tensor<3>>, slope: f32) -> Kept {
        let centred = x.clone() - average(x, weights);
        let deviation = (average(centred.clone().square(), weights) + EPSILON).sqrt();
        let normal = centred / deviation.clone();
        let before = self.scaled(normal.clone());
        let rise = before.clone().detach().greater_elem(0.0).float() * (1.0 - slope) + slope;
        Kept { output: before * rise.clone(), normal, deviation, rise }
    }

    /// The gradient of what went in, given that of what came out, as a computation that can itself be differentiated.
    ///
    /// With g the gradient of x̂ and w the weights: ∂x = (g − w·Σg − w·x̂·Σ g·x̂)/σ.
    pub fn back(&self, kept: Kept, gradient: Tensor<3>, weights: Option<&Tensor<3>>) -> Tensor<3> {
        let [_, channels, time] = gradient.dims();
        let slope = gradient * kept.rise;
        let (sum, product) = (slope.clone().sum_dim(2), (slope.clone() * kept.normal.clone()).sum_dim(2));
        let shared = match weights {
            None => (kept.normal * product + sum) * (1.0 / time as f64),
            Some(weights) => (kept.normal * product + sum) * weights.clone(),
        };
        (slope - shared) * (self.gamma.val().reshape([1, channels, 1]) / kept.deviation)
    }

    fn scaled(&self, normal: Tensor<3>) -> Tensor<3> {
        let channels = normal.dims()[1];
        normal * self.gamma.val().reshape([1, channels, 1]) + self.beta.val().reshape([1, channels, 1])
    }
}

/// Mean over time, `[1, channels, 1]`.
fn average(x: Tensor<3>, weights: Option<&Tensor<3>>) -> Tensor<3> {
    match weights {
        None => x.mean_dim(2),
        Some(weights) => (x * weights.clone()).sum_dim(2),
    }
}
