//! The dilated layers that generator and critic share.
//!
//! ```text
//! padded [1, inputs, time + reach] ─(conv 9, dilation 1, norm, LeakyReLU)→ ─(2)→ ─(4)→ … ─(2ⁿ⁻¹)→ [1, width, time]
//! ```
//!
//! Nothing is padded inside: zeros stand before and after the signal once, so a sample depends on `reach` samples around it and on nothing
//! else, and a long signal can be made in parts.

use burn::module::Module;
use burn::tensor::Tensor;

use super::norm::{Kept, Statistics, TimeNorm};
use crate::nn::{Conv1d, Gaussian, Reach};

/// Samples that a layer sees at once.
pub(super) const KERNEL: usize = 9;

/// Deviation of the starting weights.
pub(super) const DEVIATION: f64 = 0.02;

/// Convolutions with twice the dilation each, and their norms.
#[derive(Module, Debug)]
pub(super) struct Body {
    convs: Vec<Conv1d>,
    norms: Vec<TimeNorm>,
    #[module(skip)]
    slope: f32,
}

/// Samples by which `layers` layers make a signal shorter.
pub(super) fn reach(layers: usize) -> usize {
    (0..layers).map(|layer| layer_reach(layer).lost()).sum()
}

/// What layer `layer` sees.
pub(super) fn layer_reach(layer: usize) -> Reach {
    Reach { kernel: KERNEL, dilation: 1 << layer }
}

/// The part of a mask that a signal made `lost` samples shorter stands at: its middle.
pub(super) fn within(mask: &Tensor<3>, lost: usize) -> Tensor<3> {
    let time = mask.dims()[2];
    mask.clone().narrow(2, lost / 2, time - lost)
}

/// Weights that sum to 1 over what a mask shows.
fn weights(mask: Tensor<3>) -> Tensor<3> {
    mask.clone() / mask.sum().reshape([1, 1, 1])
}

impl Body {
    /// `layers` layers from `inputs` to `width` channels.
    pub fn init([inputs, width]: [usize; 2], layers: usize, slope: f32, init: &mut Gaussian<'_>) -> Self {
        let conv = |layer: usize, init: &mut Gaussian<'_>| {
            let inputs = if layer == 0 { inputs } else { width };
            Conv1d::init([inputs, width], layer_reach(layer), DEVIATION, false, init)
        };
        Self {
            convs: (0..layers).map(|layer| conv(layer, init)).collect(),
            norms: (0..layers).map(|_| TimeNorm::init(width, init)).collect(),
            slope,
        }
    }

    /// With the signal's own statistics over what `mask` `[1, 1, time]` shows, which are returned.
    pub fn forward_train(&self, x: Tensor<3>, mask: Option<&Tensor<3>>) -> (Tensor<3>, Vec<Statistics>) {
        let (mut x, mut all) = (x, Vec::with_capacity(self.norms.len()));
        for (layer, (conv, norm)) in self.convs.iter().zip(&self.norms).enumerate() {
            let weights = mask.map(|mask| weights(within(mask, reach(layer + 1))));
            let (y, statistics) = norm.forward_train(conv.forward(x), weights.as_ref(), self.slope);
            all.push(statistics);
            x = y;
        }
        (x, all)
    }

    /// With stored statistics.
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let layers = self.convs.iter().zip(&self.norms);
        layers.fold(x, |x, (conv, norm)| norm.forward(conv.forward(x), self.slope))
    }

    /// Stores the statistics that [`forward`](Self::forward) uses.
    pub fn set_statistics(self, statistics: Vec<Statistics>) -> Self {
        let norms = self.norms.into_iter().zip(statistics).map(|(norm, found)| norm.set_statistics(found)).collect();
        Self { norms, ..self }
    }

    /// The way forward with what its gradient needs, layer by layer; the last one's output is the body's.
    pub fn forward_kept(&self, x: Tensor<3>, mask: Option<&Tensor<3>>) -> (Tensor<3>, Vec<Kept>) {
        let (mut x, mut all) = (x, Vec::with_capacity(self.norms.len()));
        for (layer, (conv, norm)) in self.convs.iter().zip(&self.norms).enumerate() {
            let weights = mask.map(|mask| weights(within(mask, reach(layer + 1))));
            let kept = norm.forward_kept(conv.forward(x), weights.as_ref(), self.slope);
            x = kept.output.clone();
            all.push(kept);
        }
        (x, all)
    }

    /// The gradient of what went in, given that of what came out.
    pub fn back(&self, kept: Vec<Kept>, gradient: Tensor<3>, mask: Option<&Tensor<3>>) -> Tensor<3> {
        let layers = self.convs.iter().zip(&self.norms).zip(kept).enumerate().rev();
        layers.fold(gradient, |gradient, (layer, ((conv, norm), kept))| {
            let weights = mask.map(|mask| weights(within(mask, reach(layer + 1))));
            conv.back(norm.back(kept, gradient, weights.as_ref()))
        })
    }
}
