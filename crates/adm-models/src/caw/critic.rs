//! How real a signal sounds, moment by moment; and how that changes with each sample.
//!
//! ```text
//! signal [1, c, t] ─zeros around→ ─body (7)→ ─conv 9, dilation 128→ [1, 1, t + 1] ─1 − 0.97 z⁻¹→ score [1, 1, t]
//! ∂signal ←body back─ ←convᵀ─ ←filterᵀ─ 1
//! ```
//!
//! burn differentiates once, so the gradient is written out as a way forward, layer by layer from the last to the first; what is differentiated
//! is that.

use burn::module::Module;
use burn::tensor::Tensor;

use super::body::{Body, DEVIATION, layer_reach, reach};
use super::generator::padded;
use super::{NetworkConfig, emphasis};
use crate::nn::{Conv1d, Gaussian};

/// Keeps the root of a sum of squares from having no slope.
const SMALLEST: f32 = 1e-12;

/// The critic of one scale.
#[derive(Module, Debug)]
pub struct Critic {
    body: Body,
    last: Conv1d,
    #[module(skip)]
    layers: usize,
    #[module(skip)]
    emphasis: f64,
}

impl Critic {
    /// With starting weights, for signals of so many channels, `width` channels inside.
    pub fn init(config: &NetworkConfig, channels: usize, width: usize, init: &mut Gaussian<'_>) -> Self {
        let layers = config.layers;
        Self {
            body: Body::init([channels, width], layers - 1, config.slope as f32, init),
            last: Conv1d::init([width, 1], layer_reach(layers - 1), DEVIATION, true, init),
            layers,
            emphasis: config.pre_emphasis,
        }
    }

    fn reach(&self) -> usize {
        reach(self.layers) + emphasis::LOST
    }

    /// The mean score over what `mask` `[1, 1, time]` shows, `[1]`.
    ///
    /// # Shapes
    /// `x`: `[1, channels, time]`
    pub(super) fn score(&self, x: Tensor<3>, mask: Option<&Tensor<3>>) -> Tensor<1> {
        let wide = mask.map(|mask| padded(mask.clone(), self.reach(), 1.0));
        let (body, _) = self.body.forward_train(padded(x, self.reach(), 0.0), wide.as_ref());
        shown_mean(emphasis::emphasise(self.last.forward(body), self.emphasis), mask)
    }

    /// The gradient of the sum of all shown scores, `[1, channels, time]`.
    pub(super) fn gradient(&self, x: Tensor<3>, mask: Option<&Tensor<3>>) -> Tensor<3> {
        let ([_, _, time], reach) = (x.dims(), self.reach());
        let wide = mask.map(|mask| padded(mask.clone(), reach, 1.0));
        let ones = mask.cloned().unwrap_or_else(|| Tensor::ones([1, 1, time], &x.device()));
        let (_, kept) = self.body.forward_kept(padded(x, reach, 0.0), wide.as_ref());
        let slope = self.last.back(emphasis::back(ones, self.emphasis));
        self.body.back(kept, slope, wide.as_ref()).narrow(2, reach.div_ceil(2), time)
    }

    /// How far the gradient's length at each moment is from 1, squared, in the mean: `[1]`.
    pub(super) fn penalty(&self, x: Tensor<3>, mask: Option<&Tensor<3>>) -> Tensor<1> {
        let length = (self.gradient(x, mask).square().sum_dim(1) + SMALLEST).sqrt();
        shown_mean((length - 1.0).square(), mask)
    }
}

/// Mean over time of what a mask shows, `[1]`.
pub(super) fn shown_mean(x: Tensor<3>, mask: Option<&Tensor<3>>) -> Tensor<1> {
    match mask {
        None => x.mean(),
        Some(mask) => {
            let channels = x.dims()[1] as f64;
            (x * mask.clone()).sum() / (mask.clone().sum() * channels)
        }
    }
}
