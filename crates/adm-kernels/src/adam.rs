//! Adam (Kingma and Ba 2015, algorithm 1) in one pass over the weights.

use burn::backend::Dispatch;
use burn::tensor::Tensor;

use crate::ops::Gradient;

/// Settings of Adam.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adam {
    /// Learning rate: how far a weight moves at most, about, in one step.
    pub rate: f64,
    /// Decay of the mean gradient, 0 to 1. GANs use 0 to 0.5: a larger value smooths more and reacts later.
    pub beta_1: f64,
    /// Decay of the mean squared gradient, 0 to 1.
    pub beta_2: f64,
    /// Added to the root of the second moment; keeps steps finite where gradients vanish.
    pub epsilon: f64,
}

/// A parameter and what Adam remembers of it. All three have the parameter's shape.
#[derive(Debug, Clone)]
pub struct AdamState<const D: usize> {
    /// The parameter.
    pub weight: Tensor<D>,
    /// Decayed mean of the gradient.
    pub moment_1: Tensor<D>,
    /// Decayed mean of the squared gradient.
    pub moment_2: Tensor<D>,
}

impl Adam {
    /// Moves a parameter by one step, the `time`-th, counted from 1. No tensor may carry an autodiff graph.
    ///
    /// The bias corrections of both moments are folded into the step size and into epsilon.
    pub fn update<const D: usize>(&self, time: u64, grad: Tensor<D>, state: AdamState<D>) -> AdamState<D> {
        let time = i32::try_from(time).unwrap_or(i32::MAX);
        let mean = 1.0 - self.beta_1.powi(time);
        let spread = (1.0 - self.beta_2.powi(time)).sqrt();
        let (weight, moment_1, moment_2) = Dispatch::adm_adam_update(
            state.weight.into_dispatch(),
            grad.into_dispatch(),
            state.moment_1.into_dispatch(),
            state.moment_2.into_dispatch(),
            self.beta_1 as f32,
            self.beta_2 as f32,
            (self.rate * spread / mean) as f32,
            (self.epsilon * spread) as f32,
        );
        AdamState {
            weight: Tensor::from_dispatch(weight),
            moment_1: Tensor::from_dispatch(moment_1),
            moment_2: Tensor::from_dispatch(moment_2),
        }
    }
}
