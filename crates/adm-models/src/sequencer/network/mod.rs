//! From the beats before to the probability of every token.

mod clockwork;
mod head;
mod transformer;

use burn::module::Module;
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::{BodyConfig, PHRASE, SequencerConfig};
use crate::nn::{Embedding, Gaussian, KeyValueCache, LstmState, Recurrent};
use clockwork::{Clockwork, ClockworkState};
use head::Head;
use transformer::Transformer;

/// Deviation of the vectors that stand for tokens.
const DEVIATION: f64 = 0.3;

/// A sequencer's network.
#[derive(Module, Debug)]
pub struct Network {
    /// One more than there are tokens: the last stands for none.
    tokens: Embedding,
    classes: Option<Embedding>,
    clock: Option<Embedding>,
    body: Body,
    head: Head,
    #[module(skip)]
    class_of: Vec<u32>,
}

/// What carries memory from beat to beat.
#[derive(Module, Debug)]
enum Body {
    Recurrent(Recurrent),
    Clockwork(Clockwork),
    Transformer(Transformer),
}

/// All that a network remembers of the beats so far. Cheap to clone: tensors are shared.
#[derive(Debug, Clone)]
pub enum State {
    /// A state a layer.
    Recurrent(Vec<LstmState>),
    /// The states of the three layers, and what the slower ones have yet to hear.
    Clockwork(Box<ClockworkState>),
    /// Keys and values of the last time steps, a layer.
    Transformer(Vec<KeyValueCache>),
}

impl Network {
    /// With starting weights, for tokens of these classes.
    pub fn init(config: &SequencerConfig, class_of: &[u32], init: &mut Gaussian<'_>) -> Self {
        let (width, vocabulary) = (config.input.width, class_of.len());
        let class_count = class_of.iter().max().map_or(1, |&last| last as usize + 1);
        let steps = config.training.time_steps;
        let tokens = Embedding::init([vocabulary + 1, width], DEVIATION, init);
        let classes = config.input.classes.then(|| Embedding::init([class_count + 1, width], DEVIATION, init));
        let clock = config.input.clock.then(|| Embedding::init([PHRASE as usize, width], DEVIATION, init));
        let (body, hidden) = match config.network {
            BodyConfig::Lstm { hidden, layers } => {
                (Body::Recurrent(Recurrent::init(width, hidden, layers, init)), hidden)
            }
            BodyConfig::Clockwork { beat, bar, phrase } => {
                (Body::Clockwork(Clockwork::init(width, [beat, bar, phrase], init)), beat)
            }
            BodyConfig::Transformer { width: inner, heads, layers } => {
                (Body::Transformer(Transformer::init([width, inner], heads, layers, steps, init)), inner)
            }
        };
        let head = Head::init(hidden, class_of, config.input.classes, init);
        Self { tokens, classes, clock, body, head, class_of: class_of.to_vec() }
    }

    /// The logarithm of the probability of every token at every step, and what is remembered then.
    ///
    /// `previous` holds the token before each step, the vocabulary's size where there is none; `clock` is the number of
    /// the first step's beat, the same for the whole batch. The steps go on from `state`, or begin.
    ///
    /// # Shapes
    /// `previous`: `[batch, steps]`, the last axis fastest; output: `[batch, steps, vocabulary]`
    pub fn forward(
        &self,
        previous: &[u32],
        shape: [usize; 2],
        clock: u64,
        state: Option<State>,
        device: &Device,
    ) -> (Tensor<3>, State) {
        let x = self.embedded(previous, shape, clock, device);
        let (hidden, state) = match (&self.body, state) {
            (Body::Recurrent(body), state) => {
                let state = if let Some(State::Recurrent(state)) = state { Some(state) } else { None };
                let (hidden, state) = body.forward(x, state);
                (hidden, State::Recurrent(state))
            }
            (Body::Clockwork(body), state) => {
                let state = if let Some(State::Clockwork(state)) = state { Some(*state) } else { None };
                let (hidden, state) = body.forward(x, clock, state);
                (hidden, State::Clockwork(Box::new(state)))
            }
            (Body::Transformer(body), state) => {
                let state = if let Some(State::Transformer(state)) = state { Some(state) } else { None };
                let (hidden, state) = body.forward(x, state);
                (hidden, State::Transformer(state))
            }
        };
        (self.head.forward(hidden), state)
    }

    /// `[batch, steps, width]`
    fn embedded(&self, previous: &[u32], shape: [usize; 2], clock: u64, device: &Device) -> Tensor<3> {
        let mut x = self.tokens.forward(indices(previous.iter().copied(), shape, device));
        if let Some(classes) = &self.classes {
            let none = self.class_of.iter().max().map_or(1, |&last| last + 1);
            let of = |&token: &u32| self.class_of.get(token as usize).copied().unwrap_or(none);
            x = x + classes.forward(indices(previous.iter().map(of), shape, device));
        }
        if let Some(embedding) = &self.clock {
            let beats = (0..shape[1] as u64).map(|step| ((clock + step) % PHRASE) as u32);
            x = x + embedding.forward(indices(beats, [1, shape[1]], device));
        }
        x
    }

    /// Number of tokens.
    pub fn vocabulary(&self) -> usize {
        self.class_of.len()
    }
}

fn indices(values: impl Iterator<Item = u32>, shape: [usize; 2], device: &Device) -> Tensor<2, Int> {
    Tensor::from_data(TensorData::new(values.map(|value| value as i32).collect(), shape), device)
}
