//! Long short-term memory (Hochreiter and Schmidhuber 1997; with forget gates, Gers et al. 2000).
//!
//! burn's own `Lstm` takes eight matrix products a step and writes every step into one tensor, which autodiff copies each
//! time; here a step is one product for all gates, and steps stay apart until somebody joins them.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, activation};

use super::Gaussian;

/// One layer.
#[derive(Module, Debug)]
pub struct Lstm {
    /// `[inputs + hidden, 4·hidden]`, gates in the order input, forget, output, candidate.
    weight: Param<Tensor<2>>,
    /// `[4·hidden]`
    bias: Param<Tensor<1>>,
    #[module(skip)]
    hidden: usize,
}

/// What a layer remembers.
#[derive(Debug, Clone)]
pub struct LstmState {
    /// `[batch, hidden]`: what goes on unseen.
    pub cell: Tensor<2>,
    /// `[batch, hidden]`: what the layer said last.
    pub hidden: Tensor<2>,
}

impl LstmState {
    /// Nothing yet.
    pub fn zeros(shape: [usize; 2], device: &Device) -> Self {
        Self { cell: Tensor::zeros(shape, device), hidden: Tensor::zeros(shape, device) }
    }

    /// The same state without the way it came about.
    #[must_use]
    pub fn detach(self) -> Self {
        Self { cell: self.cell.detach(), hidden: self.hidden.detach() }
    }
}

impl Lstm {
    /// From `inputs` values to `hidden`.
    ///
    /// Weights keep the variance of what goes through (Glorot and Bengio 2010); the forget gate starts open (Jozefowicz et
    /// al. 2015).
    pub fn init([inputs, hidden]: [usize; 2], init: &mut Gaussian<'_>) -> Self {
        let deviation = (2.0 / (inputs + 2 * hidden) as f64).sqrt();
        let open = |gate: usize| if gate == 1 { 1.0 } else { 0.0 };
        let bias: Vec<f32> = (0..4).flat_map(|gate| std::iter::repeat_n(open(gate), hidden)).collect();
        Self {
            weight: init.normal([inputs + hidden, 4 * hidden], deviation),
            bias: init.values(bias, [4 * hidden]),
            hidden,
        }
    }

    /// Values that a step gives.
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// One step.
    ///
    /// # Shapes
    /// `x`: `[batch, inputs]`; the state's tensors: `[batch, hidden]`
    pub fn step(&self, x: Tensor<2>, state: LstmState) -> LstmState {
        let hidden = self.hidden;
        let bias = self.bias.val().reshape([1, 4 * hidden]);
        let gates = Tensor::cat(vec![x, state.hidden], 1).matmul(self.weight.val()) + bias;
        let open = activation::sigmoid(gates.clone().narrow(1, 0, 3 * hidden));
        let candidate = gates.narrow(1, 3 * hidden, hidden).tanh();
        let gate = |index: usize| open.clone().narrow(1, index * hidden, hidden);
        let cell = gate(1) * state.cell + gate(0) * candidate;
        LstmState { hidden: gate(2) * cell.clone().tanh(), cell }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use burn::nn::{LstmConfig, LstmState as Reference};

    /// Products of a few dozen values in 32 bits.
    const TOLERANCE: f32 = 1e-5;

    /// burn's layer with these weights.
    fn reference(lstm: &Lstm, inputs: usize, device: &Device) -> burn::nn::Lstm {
        let hidden = lstm.hidden;
        let mut layer = LstmConfig::new(inputs, hidden, true).init(device);
        let gate = |index: usize| lstm.weight.val().narrow(1, index * hidden, hidden);
        let bias = |index: usize| lstm.bias.val().narrow(0, index * hidden, hidden);
        let gates = [
            (&mut layer.input_gate, 0),
            (layer.forget_gate.as_mut().unwrap(), 1),
            (&mut layer.output_gate, 2),
            (&mut layer.cell_gate, 3),
        ];
        for (controller, index) in gates {
            controller.input_transform.weight = Param::from_tensor(gate(index).narrow(0, 0, inputs));
            controller.hidden_transform.weight = Param::from_tensor(gate(index).narrow(0, inputs, hidden));
            controller.input_transform.bias = Some(Param::from_tensor(bias(index)));
            controller.hidden_transform.bias = Some(Param::from_tensor(Tensor::zeros([hidden], device)));
        }
        layer
    }

    #[test]
    fn it_does_what_burn_s_layer_does() {
        let device = Device::flex();
        for (batch, steps, inputs, hidden) in [(1, 1, 1, 1), (2, 7, 3, 5), (3, 4, 8, 16)] {
            let mut init = Gaussian::new(Seeds::new(3), "test", &device);
            let lstm = Lstm::init([inputs, hidden], &mut init);
            let x: Tensor<3> = init.normal([batch, steps, inputs], 1.0).val();
            let start = LstmState {
                cell: init.normal([batch, hidden], 1.0).val(),
                hidden: init.normal([batch, hidden], 1.0).val(),
            };
            let of_burn = Reference::new(start.cell.clone(), start.hidden.clone());
            let (expected, _) = reference(&lstm, inputs, &device).forward(x.clone(), Some(of_burn));
            let mut state = start;
            let mut said = Vec::new();
            for t in 0..steps {
                state = lstm.step(x.clone().narrow(1, t, 1).squeeze_dim(1), state);
                said.push(state.hidden.clone());
            }
            let difference = (Tensor::stack::<3>(said, 1) - expected).abs().max().into_data();
            assert!(difference.iter::<f32>().all(|value| value < TOLERANCE), "{batch} × {steps} × {inputs} → {hidden}");
        }
    }
}
