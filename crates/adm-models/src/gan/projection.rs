//! How well a beat's features go with its label (Miyato and Koyama 2018).
//!
//! ```text
//! features [batch, features] ─linear→ [batch, width] ┐
//! labels   [batch, 2] ─────embedding→ [batch, width] ┴─inner product→ [batch, 1], added to the logit
//! ```
//!
//! The paper sums features over all places first. Where in a spectrogram something lies is what tells tokens apart, so here all
//! places stay, and a linear layer that all labels share keeps a label's own weights few.

use burn::module::Module;
use burn::tensor::{Int, Tensor};

use super::condition::{ConditionConfig, LabelEmbedding};
use crate::nn::{Gaussian, Linear};

/// The part of a discriminator that looks at labels.
#[derive(Module, Debug)]
pub struct Projection {
    features: Linear,
    labels: LabelEmbedding,
}

impl Projection {
    /// From this many features and tokens; the linear layer's weights start with this deviation.
    pub fn init(
        config: &ConditionConfig,
        [features, tokens]: [usize; 2],
        deviation: f64,
        spectral: bool,
        init: &mut Gaussian<'_>,
    ) -> Self {
        let features = Linear::init([features, config.width], deviation, spectral, init);
        // Inner products then start as large as the other logit.
        let even = (config.width as f64).sqrt().recip();
        Self { features, labels: LabelEmbedding::init(config, tokens, even, spectral, init) }
    }

    /// # Shapes
    /// `features`: `[batch, features]`; `labels`: `[batch, 2]`; output: `[batch, 1]`
    pub fn forward(&self, features: Tensor<2>, labels: Tensor<2, Int>) -> Tensor<2> {
        (self.features.forward(features) * self.labels.forward(labels)).sum_dim(1)
    }

    /// The gradient of the features.
    ///
    /// # Shapes
    /// `labels`: `[batch, 2]`; output: `[batch, features]`
    pub fn back(&self, labels: Tensor<2, Int>) -> Tensor<2> {
        self.features.back(self.labels.forward(labels))
    }

    /// Follows the weights with the spectral norms' estimates, once after every optimiser step.
    pub fn refresh(self) -> Self {
        Self { features: self.features.refresh(), labels: self.labels.refresh() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::{Label, label_tensor};
    use adm_core::Seeds;
    use adm_train::weights::{Arrays, collect};
    use burn::tensor::{Device, TensorData};

    /// Sums of 24 products of 32 bits, in another order.
    const TOLERANCE: f32 = 1e-5;

    const LABELS: [(u32, u8); 5] = [(0, 0), (6, 3), (2, 1), (6, 0), (2, 1)];

    fn array(arrays: &Arrays, name: &str) -> Vec<f32> {
        arrays[name].values.clone()
    }

    /// The largest singular value by many power iterations, in 64 bits.
    fn largest(weight: &[f32], columns: usize) -> f32 {
        let mut right = vec![1.0f64; columns];
        let mut size = 0.0;
        for _ in 0..500 {
            let left: Vec<f64> = weight
                .chunks(columns)
                .map(|row| row.iter().zip(&right).map(|(&w, v)| f64::from(w) * v).sum())
                .collect();
            let back = |column: usize| {
                weight.chunks(columns).zip(&left).map(|(row, l)| f64::from(row[column]) * l).sum::<f64>()
            };
            right = (0..columns).map(back).collect();
            let norm = right.iter().map(|v| v * v).sum::<f64>().sqrt();
            right.iter_mut().for_each(|v| *v /= norm);
            size = norm.sqrt();
        }
        size as f32
    }

    #[test]
    fn a_projection_is_the_inner_product_of_the_label_s_vector_and_the_projected_features() {
        let (inputs, tokens, width) = (24, 7, 3);
        for (positions, spectral) in [(false, false), (true, false), (false, true), (true, true)] {
            let config = ConditionConfig { width, positions };
            let device = Device::flex();
            let mut init = Gaussian::new(Seeds::new(3), "test", &device);
            let mut projection = Projection::init(&config, [inputs, tokens], 0.3, spectral, &mut init);
            for _ in 0..200 {
                projection = projection.refresh();
            }
            let x: Vec<f32> = (0..5 * inputs).map(|n| (n as f32 * 0.37).sin()).collect();
            let labels = LABELS.map(|(token, position)| Label { token, position });
            let features = Tensor::from_data(TensorData::new(x.clone(), [5, inputs]), &device);
            let out: Vec<f32> =
                projection.forward(features, label_tensor(&labels, &device)).into_data().iter::<f32>().collect();
            let arrays = collect(&projection);
            let unit = |name: &str, columns: usize| {
                let weight = array(&arrays, name);
                let scale = if spectral { largest(&weight, columns).recip() } else { 1.0 };
                weight.iter().map(|w| w * scale).collect::<Vec<f32>>()
            };
            let linear = unit("features.weight", inputs);
            let bias = array(&arrays, "features.bias");
            let of_token = unit("labels.tokens.weight", width);
            let of_position = if positions { unit("labels.positions.weight", width) } else { vec![0.0; 4 * width] };
            for (row, label) in labels.iter().enumerate() {
                let expected: f32 = (0..width)
                    .map(|at| {
                        let products = (0..inputs).map(|input| linear[at * inputs + input] * x[row * inputs + input]);
                        let projected = products.sum::<f32>() + bias[at];
                        let (token, position) = (label.token as usize, usize::from(label.position));
                        projected * (of_token[token * width + at] + of_position[position * width + at])
                    })
                    .sum();
                assert!((out[row] - expected).abs() < TOLERANCE, "{positions} {spectral}: {} {expected}", out[row]);
            }
        }
    }
}
