//! From the rows before to what the next may be.

use burn::module::Module;
use burn::tensor::Tensor;

use super::{BodyConfig, MdnConfig};
use crate::ModelError;
use crate::nn::{Gaussian, Linear, LstmState, Recurrent};

/// The network.
#[derive(Module, Debug)]
pub struct Network {
    body: Body,
    head: Linear,
}

#[derive(Module, Debug)]
enum Body {
    Recurrent(Recurrent),
    FeedForward(FeedForward),
}

/// Dense layers with a tanh after each.
#[derive(Module, Debug)]
struct FeedForward {
    layers: Vec<Linear>,
}

/// All that a network remembers: a state a layer, and none where it has no memory. Cheap to clone: tensors are shared.
pub type State = Vec<LstmState>;

impl Network {
    /// With starting weights, for rows of so many columns. Weights keep the variance of what goes through (Glorot and Bengio 2010).
    ///
    /// # Errors
    /// More values for a row than can be.
    pub fn init(config: &MdnConfig, columns: usize, init: &mut Gaussian<'_>) -> Result<Self, ModelError> {
        let outputs = config.outputs(columns)?;
        let (body, inner) = match config.network {
            BodyConfig::Lstm { hidden, layers, skips } => {
                let make = if skips { Recurrent::with_skips } else { Recurrent::init };
                let body = make(columns, hidden, layers, init);
                let inner = body.outputs();
                (Body::Recurrent(body), inner)
            }
            BodyConfig::FeedForward { hidden, layers } => {
                let inputs = |index| if index == 0 { columns } else { hidden };
                let layers = (0..layers).map(|index| dense([inputs(index), hidden], init)).collect();
                (Body::FeedForward(FeedForward { layers }), hidden)
            }
        };
        Ok(Self { body, head: dense([inner, outputs], init) })
    }

    /// What the rows after these may be, as the mixture reads it, and what is remembered then. The steps go on from `state`, or begin.
    ///
    /// # Shapes
    /// `x`: `[batch, steps, columns]`; output: `[batch, steps, outputs]`
    pub fn forward(&self, x: Tensor<3>, state: Option<State>) -> (Tensor<3>, State) {
        let [batch, steps, _] = x.dims();
        let (hidden, state) = match &self.body {
            Body::Recurrent(body) => body.forward(x, state),
            Body::FeedForward(body) => (body.forward(x), State::new()),
        };
        let inner = hidden.dims()[2];
        let outputs = self.head.forward(hidden.reshape([batch * steps, inner]));
        let count = outputs.dims()[1];
        (outputs.reshape([batch, steps, count]), state)
    }
}

impl FeedForward {
    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [batch, steps, columns] = x.dims();
        let rows = x.reshape([batch * steps, columns]);
        let hidden = self.layers.iter().fold(rows, |x, layer| layer.forward(x).tanh());
        let inner = hidden.dims()[1];
        hidden.reshape([batch, steps, inner])
    }
}

fn dense([inputs, outputs]: [usize; 2], init: &mut Gaussian<'_>) -> Linear {
    Linear::init([inputs, outputs], (2.0 / (inputs + outputs) as f64).sqrt(), false, init)
}
