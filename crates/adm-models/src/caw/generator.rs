//! What a scale adds to the signal of the scale below.
//!
//! ```text
//! signal + noise [1, c, t] ─zeros around→ ─body (8)→ ┬─conv 9→ tanh ──┐
//!                                                    └─conv 9→ sigmoid ┴─·→ ─conv 1→ ─1 − 0.97 z⁻¹→ added [1, c, t]
//! ```

use burn::module::Module;
use burn::tensor::{Tensor, activation};

use super::body::{Body, DEVIATION, KERNEL, reach};
use super::{NetworkConfig, emphasis};
use crate::nn::{Conv1d, Gaussian, Reach};

/// Samples that are made at once where a signal is long.
const AT_ONCE: usize = 1 << 16;

/// The generator of one scale.
#[derive(Module, Debug)]
pub struct Generator {
    body: Body,
    filter: Conv1d,
    gate: Conv1d,
    mix: Conv1d,
    #[module(skip)]
    layers: usize,
    #[module(skip)]
    emphasis: f64,
}

impl Generator {
    /// With starting weights, for signals of so many channels, `width` channels inside.
    pub fn init(config: &NetworkConfig, channels: usize, width: usize, init: &mut Gaussian<'_>) -> Self {
        let last = Reach { kernel: KERNEL, dilation: 1 };
        let one = Reach { kernel: 1, dilation: 1 };
        Self {
            body: Body::init([channels, width], config.layers, config.slope as f32, init),
            filter: Conv1d::init([width, width], last, DEVIATION, true, init),
            gate: Conv1d::init([width, width], last, DEVIATION, true, init),
            mix: Conv1d::init([width, channels], one, DEVIATION, true, init),
            layers: config.layers,
            emphasis: config.pre_emphasis,
        }
    }

    /// Samples around a sample that it depends on.
    pub fn reach(&self) -> usize {
        reach(self.layers) + (KERNEL - 1) + emphasis::LOST
    }

    /// With the statistics of the signal itself over what `mask` `[1, 1, time]` shows.
    ///
    /// # Shapes
    /// `x` and output: `[1, channels, time]`
    pub(super) fn forward_train(&self, x: Tensor<3>, mask: Option<&Tensor<3>>) -> Tensor<3> {
        let mask = mask.map(|mask| padded(mask.clone(), self.reach(), 1.0));
        let (body, _) = self.body.forward_train(padded(x, self.reach(), 0.0), mask.as_ref());
        self.end(body)
    }

    /// The same generator, whose stored statistics are those of this signal.
    pub(super) fn calibrated(self, x: Tensor<3>, mask: Option<&Tensor<3>>) -> Self {
        let mask = mask.map(|mask| padded(mask.clone(), self.reach(), 1.0));
        let (_, statistics) = self.body.forward_train(padded(x, self.reach(), 0.0), mask.as_ref());
        Self { body: self.body.set_statistics(statistics), ..self }
    }

    /// With the stored statistics; long signals are made in parts, which changes nothing.
    ///
    /// # Shapes
    /// `x` and output: `[1, channels, time]`
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let (time, reach) = (x.dims()[2], self.reach());
        let x = padded(x, reach, 0.0);
        let parts = (0..time).step_by(AT_ONCE).map(|first| {
            let count = AT_ONCE.min(time - first);
            self.end(self.body.forward(x.clone().narrow(2, first, count + reach)))
        });
        Tensor::cat(parts.collect(), 2)
    }

    fn end(&self, x: Tensor<3>) -> Tensor<3> {
        let gate = activation::sigmoid(self.gate.forward(x.clone()));
        emphasis::emphasise(self.mix.forward(self.filter.forward(x).tanh() * gate), self.emphasis)
    }
}

/// With `count` samples of one value around, one more of them before than after where it is odd.
pub(super) fn padded(x: Tensor<3>, count: usize, value: f32) -> Tensor<3> {
    let [batch, channels, _] = x.dims();
    let side = |count: usize| Tensor::full([batch, channels, count], value, &x.device());
    let (before, after) = (side(count.div_ceil(2)), side(count / 2));
    Tensor::cat(vec![before, x, after], 2)
}
