//! Blocks of causal attention (document 000, section 7.2: "models like GPT-2"), normed before each part as there (Radford
//! et al. 2019), with rotary positions instead of learned ones.

use burn::module::Module;
use burn::nn::transformer::{PositionWiseFeedForward, PositionWiseFeedForwardConfig};
use burn::nn::{LayerNorm, LayerNormConfig};
use burn::tensor::Tensor;

use crate::nn::{Attention, Gaussian, KeyValueCache, Linear, redraw};

/// Blocks above one another.
#[derive(Module, Debug)]
pub struct Transformer {
    enter: Linear,
    blocks: Vec<Block>,
    leave: LayerNorm,
    #[module(skip)]
    span: usize,
}

/// Attention, then two dense layers for each step, each beside a way around it.
#[derive(Module, Debug)]
struct Block {
    attention_norm: LayerNorm,
    attention: Attention,
    dense_norm: LayerNorm,
    dense: PositionWiseFeedForward,
}

impl Transformer {
    /// From `inputs` values to `layers` blocks of `width`, each looking `span` steps back.
    pub fn init(
        [inputs, width]: [usize; 2],
        heads: usize,
        layers: usize,
        span: usize,
        init: &mut Gaussian<'_>,
    ) -> Self {
        let enter = Linear::init([inputs, width], (1.0 / inputs as f64).sqrt(), false, init);
        let blocks = (0..layers).map(|_| Block::init(width, heads, span, init)).collect();
        Self { enter, blocks, leave: LayerNormConfig::new(width).init(init.device()), span }
    }

    /// # Shapes
    /// `x`: `[batch, steps, inputs]`; output: `[batch, steps, width]`
    pub fn forward(&self, x: Tensor<3>, state: Option<Vec<KeyValueCache>>) -> (Tensor<3>, Vec<KeyValueCache>) {
        // Positions are known for the span and as many steps again, so more of them are taken a part at a time.
        let (mut caches, mut said) = (state, Vec::new());
        for part in x.split(self.span, 1) {
            let (part, kept) = self.part(part, caches);
            said.push(part);
            caches = Some(kept);
        }
        (Tensor::cat(said, 1), caches.unwrap_or_default())
    }

    /// At most the span of steps.
    fn part(&self, x: Tensor<3>, state: Option<Vec<KeyValueCache>>) -> (Tensor<3>, Vec<KeyValueCache>) {
        let [batch, steps, inputs] = x.dims();
        let entered = self.enter.forward(x.reshape([batch * steps, inputs]));
        let width = entered.dims()[1];
        let mut x = entered.reshape([batch, steps, width]);
        let mut caches = state.into_iter().flatten();
        let mut kept = Vec::with_capacity(self.blocks.len());
        for block in &self.blocks {
            let (said, cache) = block.forward(x, caches.next());
            x = said;
            kept.push(cache);
        }
        (self.leave.forward(x), kept)
    }
}

impl Block {
    fn init(width: usize, heads: usize, span: usize, init: &mut Gaussian<'_>) -> Self {
        let norm = |init: &Gaussian<'_>| LayerNormConfig::new(width).init(init.device());
        let dense = PositionWiseFeedForwardConfig::new(width, 4 * width).with_dropout(0.0).init(init.device());
        Self {
            attention_norm: norm(init),
            attention: Attention::init(width, heads, span, span, init),
            dense_norm: norm(init),
            dense: redraw(dense, init),
        }
    }

    fn forward(&self, x: Tensor<3>, cache: Option<KeyValueCache>) -> (Tensor<3>, KeyValueCache) {
        let (said, cache) = self.attention.forward(self.attention_norm.forward(x.clone()), cache);
        let x = x + said;
        let said = self.dense.forward(self.dense_norm.forward(x.clone()));
        (x + said, cache)
    }
}
