//! What blocks are told: how noisy the tensor is, and which beat it is to be.

use burn::module::Module;
use burn::tensor::{Device, Int, Tensor, TensorData, activation};

use crate::labels::POSITIONS;
use crate::nn::{Embedding, Gaussian, Linear};

/// The largest argument of a sinusoid, and how many times slower the slowest is than the fastest (Vaswani et al. 2017, section 3.5).
const RANGE: f64 = 1_000.0;
const SLOWEST: f64 = 10_000.0;

/// Step and label as one vector for each sample.
#[derive(Module, Debug)]
pub struct StepEmbedding {
    first: Linear,
    second: Linear,
    labels: Option<LabelTables>,
    #[module(skip)]
    length: usize,
    #[module(skip)]
    most: usize,
}

/// A vector for each token and for each position, and one for each that is not told, which comes last.
#[derive(Module, Debug)]
struct LabelTables {
    tokens: Embedding,
    positions: Option<Embedding>,
}

/// What labels a network can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Number of tokens.
    pub tokens: usize,
    /// Whether positions in the bar count, too.
    pub positions: bool,
}

impl Told {
    /// The label that tells nothing, token and position.
    pub fn nothing(self) -> [i32; 2] {
        [self.tokens as i32, POSITIONS as i32]
    }
}

impl StepEmbedding {
    /// Vectors of `length` values for steps up to `most`.
    pub fn init(length: usize, most: usize, told: Option<Told>, init: &mut Gaussian<'_>) -> Self {
        let deviation = (1.0 / length as f64).sqrt();
        let mut linear = || Linear::init([length, length], deviation, false, init);
        let (first, second) = (linear(), linear());
        let labels = told.map(|told| LabelTables::init(told, length, init));
        Self { first, second, labels, length, most }
    }

    /// # Shapes
    /// `steps`: one a sample; `labels`: `[batch, 2]`, token and position; output: `[batch, length]`
    pub fn forward(&self, steps: &[usize], labels: Option<Tensor<2, Int>>, device: &Device) -> Tensor<2> {
        let waves = sinusoids(steps, self.length, self.most, device);
        let step = self.second.forward(activation::silu(self.first.forward(waves)));
        match self.labels.as_ref().zip(labels) {
            None => activation::silu(step),
            Some((tables, labels)) => activation::silu(step + tables.forward(labels)),
        }
    }
}

impl LabelTables {
    fn init(told: Told, length: usize, init: &mut Gaussian<'_>) -> Self {
        let [tokens, positions] = told.nothing().map(|nothing| nothing as usize + 1);
        let mut table = |things: usize| Embedding::init([things, length], 1.0, init);
        Self { tokens: table(tokens), positions: told.positions.then(|| table(positions)) }
    }

    fn forward(&self, labels: Tensor<2, Int>) -> Tensor<2> {
        let token = self.tokens.forward(labels.clone().narrow(1, 0, 1)).flatten(1, 2);
        match &self.positions {
            None => token,
            Some(positions) => token + positions.forward(labels.narrow(1, 1, 1)).flatten(1, 2),
        }
    }
}

/// Sines and cosines of each step in `length / 2` rates, `[steps, length]`. A step is counted in thousandths of all, so that as noisy a
/// tensor looks the same however many there are.
fn sinusoids(steps: &[usize], length: usize, most: usize, device: &Device) -> Tensor<2> {
    let rates = length / 2;
    let wave = |step: usize, at: usize| {
        let rate = SLOWEST.powf(-((at % rates) as f64) / rates as f64);
        let angle = RANGE * step as f64 / most as f64 * rate;
        if at < rates { angle.sin() as f32 } else { angle.cos() as f32 }
    };
    let values: Vec<f32> = steps.iter().flat_map(|&step| (0..length).map(move |at| wave(step, at))).collect();
    Tensor::from_data(TensorData::new(values, [steps.len(), length]), device)
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;

    #[test]
    fn sinusoids_are_those_of_the_paper() {
        let device = Device::flex();
        let waves: Vec<f32> = sinusoids(&[3], 4, 1000, &device).into_data().iter::<f32>().collect();
        let expected = [3.0f64.sin(), 0.03f64.sin(), 3.0f64.cos(), 0.03f64.cos()];
        assert!(
            waves.iter().zip(expected).all(|(&wave, expected)| (f64::from(wave) - expected).abs() < 1e-6),
            "{waves:?}"
        );
        let half = |steps: usize, most: usize| {
            sinusoids(&[steps], 16, most, &device).into_data().iter::<f32>().collect::<Vec<_>>()
        };
        assert_eq!(half(500, 1000), half(10, 20), "half way is half way");
    }

    #[test]
    fn what_is_not_told_is_a_label_of_its_own() {
        let (device, told) = (Device::flex(), Told { tokens: 3, positions: true });
        let mut init = Gaussian::new(Seeds::new(2), "test", &device);
        let embedding = StepEmbedding::init(8, 100, Some(told), &mut init);
        let of = |label: [i32; 2]| {
            let labels = Tensor::from_data(TensorData::from([label]), &device);
            embedding.forward(&[5], Some(labels), &device).into_data().iter::<f32>().collect::<Vec<_>>()
        };
        let vectors = [of([0, 0]), of([2, 0]), of([2, 3]), of(told.nothing())];
        for (at, one) in vectors.iter().enumerate() {
            assert!(vectors[at + 1..].iter().all(|other| other != one));
        }
        let positionless = Told { positions: false, ..told };
        let embedding = StepEmbedding::init(8, 100, Some(positionless), &mut init);
        let of = |label: [i32; 2]| {
            let labels = Tensor::from_data(TensorData::from([label]), &device);
            embedding.forward(&[5], Some(labels), &device).into_data().iter::<f32>().collect::<Vec<_>>()
        };
        assert_eq!(of([1, 0]), of([1, 3]));
    }
}
