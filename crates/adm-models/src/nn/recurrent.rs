//! Layers of long short-term memory above one another, all ticking each step (document 000, section 5.8; document 004, section
//! 2.1.3).

use burn::module::Module;
use burn::tensor::Tensor;

use super::{Gaussian, Lstm, LstmState};

/// Layers above one another.
#[derive(Module, Debug)]
pub struct Recurrent {
    layers: Vec<Lstm>,
    #[module(skip)]
    skips: bool,
}

impl Recurrent {
    /// From `inputs` values through `layers` layers of `hidden`.
    pub fn init(inputs: usize, hidden: usize, layers: usize, init: &mut Gaussian<'_>) -> Self {
        let layer = |index| Lstm::init([if index == 0 { inputs } else { hidden }, hidden], init);
        Self { layers: (0..layers).map(layer).collect(), skips: false }
    }

    /// The same, where every layer also sees the input and the output is that of all layers (Graves 2013, section 2): a deep stack
    /// then learns from the first steps on.
    pub fn with_skips(inputs: usize, hidden: usize, layers: usize, init: &mut Gaussian<'_>) -> Self {
        let layer = |index| Lstm::init([if index == 0 { inputs } else { inputs + hidden }, hidden], init);
        Self { layers: (0..layers).map(layer).collect(), skips: true }
    }

    /// Values that a step gives.
    pub fn outputs(&self) -> usize {
        let of_layer = |layer: &Lstm| layer.hidden();
        if self.skips { self.layers.iter().map(of_layer).sum() } else { self.layers.last().map_or(0, of_layer) }
    }

    /// # Shapes
    /// `x`: `[batch, steps, inputs]`; output: `[batch, steps, outputs]`
    pub fn forward(&self, x: Tensor<3>, state: Option<Vec<LstmState>>) -> (Tensor<3>, Vec<LstmState>) {
        let [batch, steps, _] = x.dims();
        let device = x.device();
        let start = || self.layers.iter().map(|layer| LstmState::zeros([batch, layer.hidden()], &device)).collect();
        let mut state: Vec<LstmState> = state.unwrap_or_else(start);
        let mut said = Vec::with_capacity(steps);
        for step in x.split(1, 1) {
            said.push(self.step(step.squeeze_dim(1), &mut state));
        }
        (Tensor::stack(said, 1), state)
    }

    /// `[batch, inputs]` to `[batch, outputs]`.
    fn step(&self, x: Tensor<2>, state: &mut [LstmState]) -> Tensor<2> {
        let mut below = x.clone();
        for (index, (layer, state)) in self.layers.iter().zip(state.iter_mut()).enumerate() {
            let seen = if self.skips && index > 0 { Tensor::cat(vec![x.clone(), below], 1) } else { below };
            *state = layer.step(seen, state.clone());
            below = state.hidden.clone();
        }
        if self.skips { Tensor::cat(state.iter().map(|state| state.hidden.clone()).collect(), 1) } else { below }
    }
}
