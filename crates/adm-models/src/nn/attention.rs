//! Causal self-attention with rotary positions (Vaswani et al. 2017; Su et al. 2021) over the last `span` steps, with a
//! cache of keys and values for going on step by step.
//!
//! burn's `MultiHeadAttention` knows neither rotary positions nor a cache that forgets. Keys are kept unturned: a turn
//! depends only on how far two steps are apart, so positions are counted from the oldest step that is kept, and an endless
//! sequence never runs out of them.

use burn::module::Module;
use burn::nn::{RotaryEncoding, RotaryEncodingConfig};
use burn::tensor::{Bool, Device, Tensor, TensorData, activation};

use super::{Gaussian, Linear};

/// One layer of attention.
#[derive(Module, Debug)]
pub struct Attention {
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    rotary: RotaryEncoding,
    #[module(skip)]
    heads: usize,
    #[module(skip)]
    span: usize,
}

/// Keys and values of the steps before.
#[derive(Debug, Clone)]
pub struct KeyValueCache {
    /// `[batch, heads, steps, width / heads]`, steps up to the span less one, not turned.
    keys: Tensor<4>,
    /// The same shape.
    values: Tensor<4>,
}

/// Scores of steps that must not be seen.
const UNSEEN: f64 = -1e4;

impl Attention {
    /// For vectors of `width` values in `heads` equal parts; a step sees itself and the `span` − 1 before it. At most
    /// `longest` steps are taken at once.
    pub fn init(width: usize, heads: usize, span: usize, longest: usize, init: &mut Gaussian<'_>) -> Self {
        let deviation = (1.0 / width as f64).sqrt();
        let rotary = RotaryEncodingConfig::new(span + longest, width / heads).init(init.device());
        let mut linear = || Linear::init([width, width], deviation, false, init);
        Self { query: linear(), key: linear(), value: linear(), output: linear(), rotary, heads, span }
    }

    /// Steps that go on from those in `cache`.
    ///
    /// # Shapes
    /// `x` and the output: `[batch, steps, width]`
    pub fn forward(&self, x: Tensor<3>, cache: Option<KeyValueCache>) -> (Tensor<3>, KeyValueCache) {
        let [batch, steps, width] = x.dims();
        let (mut keys, mut values) = (self.split(&self.key, x.clone()), self.split(&self.value, x.clone()));
        if let Some(cache) = cache {
            keys = Tensor::cat(vec![cache.keys, keys], 2);
            values = Tensor::cat(vec![cache.values, values], 2);
        }
        let seen = keys.dims()[2];
        let turned = self.rotary.forward(keys.clone());
        let query = self.rotary.apply(self.split(&self.query, x), seen - steps);
        let scores = query.matmul(turned.transpose()).div_scalar(((width / self.heads) as f32).sqrt());
        let scores = scores.mask_fill(self.hidden(steps, seen, &values.device()), UNSEEN);
        let mixed = activation::softmax(scores, 3).matmul(values.clone());
        let mixed = mixed.swap_dims(1, 2).reshape([batch * steps, width]);
        // A span of one step keeps one that nobody looks at: there are no tensors of nothing.
        let kept = seen.min((self.span - 1).max(1));
        let keep = |tensor: Tensor<4>| tensor.narrow(2, seen - kept, kept);
        (
            self.output.forward(mixed).reshape([batch, steps, width]),
            KeyValueCache { keys: keep(keys), values: keep(values) },
        )
    }

    /// Vectors through a layer, a head apart: `[batch, heads, steps, width / heads]`.
    fn split(&self, linear: &Linear, x: Tensor<3>) -> Tensor<4> {
        let [batch, steps, width] = x.dims();
        let parts = linear.forward(x.reshape([batch * steps, width]));
        parts.reshape([batch, steps, self.heads, width / self.heads]).swap_dims(1, 2)
    }

    /// Which of the `seen` steps the last `steps` of them must not look at: those that come later, and those too long ago.
    fn hidden(&self, steps: usize, seen: usize, device: &Device) -> Tensor<4, Bool> {
        let first = seen - steps;
        let is_hidden = |at: usize, other: usize| other > at || at - other >= self.span;
        let mask: Vec<bool> = (first..seen).flat_map(|at| (0..seen).map(move |other| is_hidden(at, other))).collect();
        Tensor::from_data(TensorData::new(mask, [1, 1, steps, seen]), device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;

    /// Sums of a few dozen values in 32 bits, taken in another order.
    const TOLERANCE: f32 = 1e-5;

    fn largest(a: Tensor<3>, b: Tensor<3>) -> f32 {
        (a - b).abs().max().into_data().iter::<f32>().fold(0.0, f32::max)
    }

    #[test]
    fn step_by_step_is_all_at_once() {
        let device = Device::flex();
        for (batch, steps, width, heads, span) in [(1, 9, 8, 2, 16), (2, 12, 16, 4, 5), (1, 6, 4, 1, 1)] {
            let mut init = Gaussian::new(Seeds::new(5), "test", &device);
            let attention = Attention::init(width, heads, span, steps, &mut init);
            let x: Tensor<3> = init.normal([batch, steps, width], 1.0).val();
            let (at_once, _) = attention.forward(x.clone(), None);
            for chunk in [1, 3] {
                let mut cache = None;
                let mut parts = Vec::new();
                for start in (0..steps).step_by(chunk) {
                    let part = x.clone().narrow(1, start, chunk.min(steps - start));
                    let (said, next) = attention.forward(part, cache.take());
                    cache = Some(next);
                    parts.push(said);
                }
                let difference = largest(Tensor::cat(parts, 1), at_once.clone());
                assert!(difference < TOLERANCE, "span {span}, chunks of {chunk}: {difference}");
            }
        }
    }

    #[test]
    fn nothing_is_seen_of_what_comes_later_or_lies_too_far_back() {
        let device = Device::flex();
        let mut init = Gaussian::new(Seeds::new(6), "test", &device);
        let attention = Attention::init(8, 2, 3, 8, &mut init);
        let x: Tensor<3> = init.normal([1, 8, 8], 1.0).val();
        let changed = |at: usize| {
            let other = Tensor::<3>::full([1, 1, 8], 9.0, &device);
            x.clone().slice_assign([0..1, at..at + 1, 0..8], other)
        };
        let said = |x: Tensor<3>| attention.forward(x, None).0.narrow(1, 4, 1);
        for at in 0..8 {
            let differs = largest(said(changed(at)), said(x.clone())) > TOLERANCE;
            assert_eq!(differs, (2..=4).contains(&at), "step {at} seen from step 4");
        }
    }
}
