//! Noise to tensor.

use adm_kernels::{Activation, Window};
use adm_spectral::Shape;
use burn::module::Module;
use burn::tensor::{Int, Tensor};

use super::{Codes, ConditionConfig, GanConfig, LabelEmbedding, Upsample};
use crate::ModelError;
use crate::nn::{BatchNorm, BatchStatistics, Conv, ConvTranspose, Gaussian, Linear};

/// Deviation of the starting weights (Radford et al. 2016, section 4).
const DEVIATION: f64 = 0.02;

/// What is fixed about a generator beside its weights.
#[derive(Debug, Clone)]
struct Layout {
    widths: Vec<usize>,
    fold: [usize; 2],
    window: Window,
    activation: Activation,
}

/// What a generator knows apart, beside its configuration; 0 where it knows none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Tokens that it is told.
    pub tokens: usize,
    /// Beats that have a code.
    pub beats: usize,
}

/// The generator.
#[derive(Module, Debug)]
pub struct Generator {
    dense: Linear,
    norms: Vec<BatchNorm>,
    stages: Vec<ConvTranspose>,
    /// From twice the size down to the right one, in training-5.
    down: Option<Down>,
    /// What a label becomes beside the noise.
    labels: Option<LabelEmbedding>,
    /// The codes of beats.
    codes: Option<Codes>,
    /// From the code to every value, past all stages.
    direct: Option<Linear>,
    #[module(skip)]
    layout: Layout,
}

/// Overshoot, and the learned way down (document 000, section 5.6).
#[derive(Module, Debug)]
struct Down {
    over: ConvTranspose,
    down: Conv,
}

/// The padding with which a kernel of this even side and stride 2 halve or double exactly.
pub(super) fn halving(kernel: usize) -> Window {
    Window { kernel, stride: 2, padding: (kernel - 1) / 2 }
}

impl Generator {
    /// With starting weights, for labels of so many tokens where the configuration is conditional, and codes of so many beats
    /// where it has some.
    ///
    /// # Errors
    /// Stages that do not divide the tensor's shape.
    pub fn init(config: &GanConfig, shape: Shape, counts: Counts, init: &mut Gaussian<'_>) -> Result<Self, ModelError> {
        let fold = config.fold(shape)?;
        let g = &config.generator;
        let window = halving(g.kernel);
        let slope = g.slope;
        let activation = if g.tanh_between { Activation::LeakyTanh { slope } } else { Activation::LeakyRelu { slope } };
        let outputs = g.widths.iter().skip(1).copied().chain([shape.channels]);
        let channels = [shape.channels; 2];
        let inputs = g.latent + config.condition.map_or(0, |condition| condition.width);
        Ok(Self {
            dense: Linear::init([inputs, g.widths[0] * fold[0] * fold[1]], DEVIATION, false, init),
            norms: g.widths.iter().map(|&width| BatchNorm::init(width, init)).collect(),
            stages: g
                .widths
                .iter()
                .zip(outputs)
                .map(|(&inputs, outputs)| match g.upsample {
                    Upsample::Transposed => ConvTranspose::init([inputs, outputs], window, DEVIATION, init),
                    Upsample::Repeated => ConvTranspose::smooth([inputs, outputs], window, DEVIATION, init),
                })
                .collect(),
            down: g.oversample.then(|| Down {
                over: ConvTranspose::init(channels, window, DEVIATION, init),
                down: Conv::init(channels, window, DEVIATION, false, init),
            }),
            // Drawn last, so that the other weights start as without them; as large as the noise.
            labels: config
                .condition
                .and_then(ConditionConfig::told)
                .map(|condition| LabelEmbedding::init(&condition, counts.tokens, 1.0, false, init)),
            codes: config
                .codes
                .map(|codes| Codes::init(&codes, [counts.beats, g.latent], config.condition.is_some(), init)),
            direct: g.direct.then(|| Linear::init([inputs, shape.size()], DEVIATION, false, init)),
            layout: Layout { widths: g.widths.clone(), fold, window, activation },
        })
    }

    /// What noise recalls, or noise itself where there are no codes.
    fn recalled(&self, noise: Tensor<2>, labels: Option<Tensor<2, Int>>) -> Tensor<2> {
        match &self.codes {
            Some(codes) => codes.recall(noise, labels),
            None => noise,
        }
    }

    /// The same generator, whose codes are of beats of these tokens.
    pub fn with_tokens(self, tokens: &[u32]) -> Self {
        Self { codes: self.codes.map(|codes| codes.with_tokens(tokens)), ..self }
    }

    /// A code, with what its label becomes beside it.
    fn told(&self, code: Tensor<2>, labels: Option<Tensor<2, Int>>) -> Tensor<2> {
        match (&self.labels, labels) {
            (Some(embedding), Some(labels)) => Tensor::cat(vec![code, embedding.forward(labels)], 1),
            _ => code,
        }
    }

    /// That, folded to `[batch, widths₀, rows, columns]`.
    fn folded(&self, told: Tensor<2>) -> Tensor<4> {
        let [batch, _] = told.dims();
        let [rows, columns] = self.layout.fold;
        self.dense.forward(told).reshape([batch, self.layout.widths[0], rows, columns])
    }

    /// All stages, with `norm` doing the normalising.
    fn run(
        &self,
        code: Tensor<2>,
        labels: Option<Tensor<2, Int>>,
        mut norm: impl FnMut(&BatchNorm, Tensor<4>, Activation) -> Tensor<4>,
    ) -> Tensor<4> {
        let window = self.layout.window;
        let told = self.told(code, labels);
        let mut x = self.folded(told.clone());
        let last = self.stages.len() - 1;
        for (index, (bn, stage)) in self.norms.iter().zip(&self.stages).enumerate() {
            x = norm(bn, x, self.layout.activation);
            x = if index < last { stage.forward_linear(x, window) } else { self.finish(stage, x, told.clone()) };
        }
        x
    }

    fn finish(&self, stage: &ConvTranspose, x: Tensor<4>, told: Tensor<2>) -> Tensor<4> {
        let window = self.layout.window;
        match (&self.down, &self.direct) {
            (None, None) => stage.forward(x, window, Activation::Tanh),
            (None, Some(direct)) => stage.forward_onto(direct.forward(told), x, window, Activation::Tanh),
            // A configuration has one or the other.
            (Some(down), _) => {
                let x = stage.forward(x, window, self.layout.activation);
                let x = down.over.forward(x, window, Activation::Tanh);
                down.down.forward(x, window, Activation::Tanh)
            }
        }
    }

    /// With the batch's own statistics.
    ///
    /// # Shapes
    /// `noise`: `[batch, latent]`; `labels`: `[batch, 2]`, token and position, where the generator is conditional; output:
    /// `[batch, channels, bins, frames]` in −1 to 1
    pub fn forward_train(&self, noise: Tensor<2>, labels: Option<Tensor<2, Int>>) -> Tensor<4> {
        self.remake(self.recalled(noise, labels.clone()), labels)
    }

    /// What becomes of codes, with the batch's own statistics.
    ///
    /// # Shapes
    /// `codes`: `[batch, latent]`; the others as for [`forward_train`](Self::forward_train).
    fn remake(&self, codes: Tensor<2>, labels: Option<Tensor<2, Int>>) -> Tensor<4> {
        self.run(codes, labels, |norm, x, activation| norm.forward_train(x, activation).0)
    }

    /// What becomes of the codes of some beats; nothing where there are no codes.
    ///
    /// # Shapes
    /// `beats`: `[batch]`; the others as for [`forward_train`](Self::forward_train).
    pub fn forward_beats(&self, beats: Tensor<1, Int>, labels: Option<Tensor<2, Int>>) -> Option<Tensor<4>> {
        Some(self.remake(self.codes.as_ref()?.of(beats), labels))
    }

    /// With stored statistics, so that a sample does not depend on those beside it.
    ///
    /// # Shapes
    /// As [`forward_train`](Self::forward_train).
    pub fn forward(&self, noise: Tensor<2>, labels: Option<Tensor<2, Int>>) -> Tensor<4> {
        self.run(self.recalled(noise, labels.clone()), labels, |norm, x, activation| norm.forward(x, activation))
    }

    /// Stores the statistics of a large batch of noise and labels, for [`forward`](Self::forward).
    ///
    /// The averaged generator never saw a batch in training, so its statistics are taken afresh.
    pub fn calibrate(self, noise: Tensor<2>, labels: Option<Tensor<2, Int>>) -> Self {
        let mut statistics: Vec<BatchStatistics> = Vec::new();
        self.run(self.recalled(noise, labels.clone()), labels, |norm, x, activation| {
            let (x, taken) = norm.forward_train(x, activation);
            statistics.push(taken);
            x
        });
        let norms = self.norms.into_iter().zip(statistics).map(|(norm, taken)| norm.set_statistics(taken)).collect();
        Self { norms, ..self }
    }
}
