//! What a network's values say of the next row, and what it is asked for: a high likelihood of the row that came. Pure.
//!
//! ```text
//! outputs of a row: [ln π₁ … ln π_K (not normalised) | σ₁ … σ_K (before softplus) | μ₁ (columns) … μ_K (columns)]
//! P(y) = Σ π_k (2π σ_k²)^(−m/2) exp(−‖μ_k − y‖² / 2σ_k²)          (document 004, section 2.1.2; m columns)
//! ```

use burn::tensor::{Tensor, activation};

use super::MixtureConfig;

/// Gaussians, each with one deviation for all columns.
#[derive(Debug, Clone)]
pub struct Mixture {
    /// `[rows, K]`, logarithms of weights that add up to 1.
    pub log_weights: Tensor<2>,
    /// `[rows, K]`
    pub deviations: Tensor<2>,
    /// `[rows, K, columns]`
    pub means: Tensor<3>,
}

impl Mixture {
    /// Reads a network's values for rows of `columns`.
    ///
    /// # Shapes
    /// `outputs`: `[rows, K · (columns + 2)]`
    pub fn of(outputs: Tensor<2>, columns: usize, config: &MixtureConfig) -> Self {
        let (rows, count) = (outputs.dims()[0], config.components);
        let part = |from: usize, length: usize| outputs.clone().narrow(1, from, length);
        Self {
            log_weights: activation::log_softmax(part(0, count), 1),
            deviations: activation::softplus(part(count, count), 1.0) + config.narrowest,
            means: part(2 * count, count * columns).reshape([rows, count, columns]),
        }
    }

    /// The logarithm of the probability density of each row, in nats, without overflow: `ln Σ exp` around its largest term.
    ///
    /// # Shapes
    /// `rows`: `[rows, columns]`; output: `[rows]`
    pub fn log_likelihood(&self, rows: Tensor<2>) -> Tensor<1> {
        let [count, components, columns] = self.means.dims();
        let squares = (self.means.clone() - rows.unsqueeze_dim(1)).square().sum_dim(2).reshape([count, components]);
        let half = 0.5 * columns as f64 * std::f64::consts::TAU.ln();
        let terms = self.log_weights.clone()
            - self.deviations.clone().log() * columns as f64
            - squares / (self.deviations.clone().square() * 2.0)
            - half;
        let largest = terms.clone().detach().max_dim(1);
        let sum = (terms - largest.clone()).exp().sum_dim(1).log() + largest;
        sum.reshape([count])
    }
}

/// What foretelling costs, over the rows that count: the mean negative log-likelihood of a row in nats, or with regression the mean
/// squared error of a row, summed over its columns (document 004, section 2.1.1).
///
/// # Shapes
/// `outputs`: `[batch, steps, outputs]`; `targets`: `[batch, steps, columns]`; `weights`: `[batch, steps]`; output: `[1]`
pub fn loss(outputs: Tensor<3>, targets: Tensor<3>, weights: Tensor<2>, config: &MixtureConfig) -> Tensor<1> {
    let [batch, steps, columns] = targets.dims();
    let rows = batch * steps;
    let width = outputs.dims()[2];
    let (outputs, targets) = (outputs.reshape([rows, width]), targets.reshape([rows, columns]));
    let costs: Tensor<1> = match config.components {
        0 => (outputs - targets).square().sum_dim(1).reshape([rows]),
        _ => Mixture::of(outputs, columns, config).log_likelihood(targets).neg(),
    };
    let weights = weights.reshape([rows]);
    (costs * weights.clone()).sum() / weights.sum().clamp_min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mdn::Density;
    use burn::tensor::{Device, TensorData};

    /// Sums of a few terms in 32 bits, beside 64.
    const TOLERANCE: f64 = 2e-4;

    /// Values that swing, so that nothing cancels.
    fn swinging(count: usize, stretch: f32, phase: f32) -> Vec<f32> {
        (0..count).map(|at| (at as f32 * 1.7 + phase).sin() * stretch).collect()
    }

    #[test]
    fn it_is_the_density_that_is_written_out() {
        let device = Device::flex();
        for (components, columns, stretch) in [(1, 1, 1.0), (3, 2, 1.0), (10, 100, 0.5), (4, 7, 30.0)] {
            let config = MixtureConfig { components, narrowest: 0.02 };
            let (rows, width) = (5, components * (columns + 2));
            let outputs = swinging(rows * width, stretch, 0.3);
            let targets = swinging(rows * columns, stretch, 1.1);
            let tensor = |values: &[f32], width| {
                Tensor::<2>::from_data(TensorData::new(values.to_vec(), [rows, width]), &device)
            };
            let mixture = Mixture::of(tensor(&outputs, width), columns, &config);
            let got: Vec<f64> = mixture.log_likelihood(tensor(&targets, columns)).into_data().iter::<f64>().collect();
            for row in 0..rows {
                let density = Density::of(&outputs[row * width..(row + 1) * width], columns, &config);
                let target: Vec<f64> = targets[row * columns..(row + 1) * columns].iter().map(|&y| y.into()).collect();
                let expected = density.log_likelihood(&target);
                let off = (got[row] - expected).abs();
                assert!(
                    off < TOLERANCE * expected.abs().max(1.0),
                    "{components} × {columns}: {} against {expected}",
                    got[row]
                );
            }
        }
    }

    #[test]
    fn only_what_counts_costs_and_regression_costs_squares() {
        let device = Device::flex();
        let tensor = |values: Vec<f32>, shape| Tensor::<3>::from_data(TensorData::new(values, shape), &device);
        let regression = MixtureConfig { components: 0, narrowest: 0.02 };
        let cost = |weights: [f32; 2]| {
            let (outputs, targets) =
                (tensor(vec![1.0, 2.0, 3.0, 4.0], [1, 2, 2]), tensor(vec![1.0, 0.0, 0.0, 0.0], [1, 2, 2]));
            let weights = Tensor::<1>::from_floats(weights, &device).reshape([1, 2]);
            loss(outputs, targets, weights, &regression).into_data().iter::<f64>().sum::<f64>()
        };
        assert_eq!((cost([1.0, 0.0]), cost([1.0, 1.0]), cost([0.0, 0.0])), (4.0, 14.5, 0.0));
        let mixture = MixtureConfig { components: 1, narrowest: 0.5 };
        // One column, softplus(0) + ½ = ln 2 + ½, two deviations off.
        let deviation = 2f64.ln() + 0.5;
        let outputs = tensor(vec![3.0, 0.0, 1.0], [1, 1, 3]);
        let target = tensor(vec![(1.0 + 2.0 * deviation) as f32], [1, 1, 1]);
        let got: f64 = loss(outputs, target, Tensor::ones([1, 1], &device), &mixture).into_data().iter::<f64>().sum();
        let expected = deviation.ln() + 0.5 * std::f64::consts::TAU.ln() + 2.0;
        assert!((got - expected).abs() < TOLERANCE, "{got} against {expected}");
    }
}
