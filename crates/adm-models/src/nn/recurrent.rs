//! Layers of long short-term memory, all ticking each beat (document 000, section 5.8).

use burn::module::Module;
use burn::tensor::Tensor;

use crate::nn::{Gaussian, Lstm, LstmState};

/// Layers above one another.
#[derive(Module, Debug)]
pub struct Recurrent {
    layers: Vec<Lstm>,
}

impl Recurrent {
    /// From `inputs` values through `layers` layers of `hidden`.
    pub fn init(inputs: usize, hidden: usize, layers: usize, init: &mut Gaussian<'_>) -> Self {
        let layer = |index| Lstm::init([if index == 0 { inputs } else { hidden }, hidden], init);
        Self { layers: (0..layers).map(layer).collect() }
    }

    /// # Shapes
    /// `x`: `[batch, steps, inputs]`; output: `[batch, steps, hidden]`
    pub fn forward(&self, x: Tensor<3>, state: Option<Vec<LstmState>>) -> (Tensor<3>, Vec<LstmState>) {
        let [batch, steps, _] = x.dims();
        let device = x.device();
        let start = || self.layers.iter().map(|layer| LstmState::zeros([batch, layer.hidden()], &device)).collect();
        let mut state: Vec<LstmState> = state.unwrap_or_else(start);
        let mut said = Vec::with_capacity(steps);
        for step in x.split(1, 1) {
            let mut x = step.squeeze_dim(1);
            for (layer, state) in self.layers.iter().zip(&mut state) {
                *state = layer.step(x, state.clone());
                x = state.hidden.clone();
            }
            said.push(x);
        }
        (Tensor::stack(said, 1), state)
    }
}
