//! Three layers at three speeds (document 000, section 7.2: "the bigger structure analysing whole four measure phrases, the
//! second only single measures and the last layer only organizing the separate beats"; after Koutník et al. 2014).
//!
//! ```text
//! phrase  ▮───────────────▮───────────────   ticks where a phrase begins, hears the bar layer's last four words
//! bar     ▮───▮───▮───▮───▮───▮───▮───▮───   ticks where a bar begins, hears the last four beats as they came in
//! beat    ▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮▮   ticks each beat, hears the beat before and what both others said last
//! ```
//!
//! Sixty-four beats are sixteen ticks of the bar layer and four of the phrase layer, so what happened then is that many
//! steps away for the gradient, not sixty-four.

use std::collections::VecDeque;

use burn::module::Module;
use burn::tensor::Tensor;

use super::super::PHRASE;
use crate::nn::{Gaussian, Lstm, LstmState};
use adm_core::BEATS_PER_BAR as BAR;

/// The three layers.
#[derive(Module, Debug)]
pub struct Clockwork {
    beat: Lstm,
    bar: Lstm,
    phrase: Lstm,
    #[module(skip)]
    inputs: usize,
}

/// What the layers remember, and what the slower ones have yet to hear.
#[derive(Debug, Clone)]
pub struct ClockworkState {
    beat: LstmState,
    bar: LstmState,
    phrase: LstmState,
    /// The last four beats as they came in, `[batch, inputs]` each.
    beats: VecDeque<Tensor<2>>,
    /// The bar layer's last four words, `[batch, bar]` each.
    bars: VecDeque<Tensor<2>>,
}

/// Adds at the end of the last four.
fn shift(last: &mut VecDeque<Tensor<2>>, next: Tensor<2>) {
    last.pop_front();
    last.push_back(next);
}

fn joined(last: &VecDeque<Tensor<2>>) -> Tensor<2> {
    Tensor::cat(last.iter().cloned().collect(), 1)
}

impl Clockwork {
    /// From `inputs` values to layers of `beat`, `bar` and `phrase` values.
    pub fn init(inputs: usize, [beat, bar, phrase]: [usize; 3], init: &mut Gaussian<'_>) -> Self {
        let of_bars = (PHRASE / BAR) as usize * bar;
        Self {
            beat: Lstm::init([inputs + bar + phrase, beat], init),
            bar: Lstm::init([BAR as usize * inputs + phrase, bar], init),
            phrase: Lstm::init([of_bars, phrase], init),
            inputs,
        }
    }

    fn start(&self, x: &Tensor<3>) -> ClockworkState {
        let ([batch, ..], device) = (x.dims(), x.device());
        let state = |layer: &Lstm| LstmState::zeros([batch, layer.hidden()], &device);
        let none = |width: usize, count: u64| (0..count).map(|_| Tensor::zeros([batch, width], &device)).collect();
        ClockworkState {
            beat: state(&self.beat),
            bar: state(&self.bar),
            phrase: state(&self.phrase),
            beats: none(self.inputs, BAR),
            bars: none(self.bar.hidden(), PHRASE / BAR),
        }
    }

    /// Steps from the beat number `clock` on.
    ///
    /// # Shapes
    /// `x`: `[batch, steps, inputs]`; output: `[batch, steps, beat]`
    pub fn forward(&self, x: Tensor<3>, clock: u64, state: Option<ClockworkState>) -> (Tensor<3>, ClockworkState) {
        let mut state = state.unwrap_or_else(|| self.start(&x));
        let mut said = Vec::with_capacity(x.dims()[1]);
        for (step, x) in (clock..).zip(x.split(1, 1)) {
            let x: Tensor<2> = x.squeeze_dim(1);
            // The token that comes in is the beat before: a bar is over when it was the bar's last.
            shift(&mut state.beats, x.clone());
            if step % BAR == 0 {
                let heard = Tensor::cat(vec![joined(&state.beats), state.phrase.hidden.clone()], 1);
                state.bar = self.bar.step(heard, state.bar);
                shift(&mut state.bars, state.bar.hidden.clone());
            }
            // After the bar layer, so that the phrase hears of its last bar too.
            if step % PHRASE == 0 {
                state.phrase = self.phrase.step(joined(&state.bars), state.phrase);
            }
            let heard = Tensor::cat(vec![x, state.bar.hidden.clone(), state.phrase.hidden.clone()], 1);
            state.beat = self.beat.step(heard, state.beat);
            said.push(state.beat.hidden.clone());
        }
        (Tensor::stack(said, 1), state)
    }
}
