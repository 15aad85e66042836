//! What is wrong with a tensor that was made again, and what its code costs.

use burn::tensor::Tensor;

use super::{Encoded, ErrorKind};

/// The error of tensors that were made again, in the mean over all values, `[1]`.
///
/// # Shapes
/// `made`, `wanted`: `[batch, channels, bins, frames]`
pub fn error(kind: ErrorKind, made: Tensor<4>, wanted: Tensor<4>) -> Tensor<1> {
    match kind {
        ErrorKind::Squares => (made - wanted).square().mean() * 0.5,
        ErrorKind::Absolute => (made - wanted).abs().mean(),
    }
}

/// How far clouds of codes are from the standard normal distribution, in nats, summed over a code and in the mean over the batch:
/// `½ Σ (μ² + σ² − 1 − ln σ²)` (Kingma and Welling 2014, appendix B), `[1]`. None for points.
pub fn divergence(encoded: &Encoded) -> Option<Tensor<1>> {
    let log_variance = encoded.log_variance.clone()?;
    let of_values = encoded.mean.clone().square() + log_variance.clone().exp() - log_variance - 1.0;
    Some(of_values.sum_dim(1).mean() * 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};

    fn tensor(values: &[f32], shape: [usize; 2]) -> Tensor<2> {
        Tensor::from_data(TensorData::new(values.to_vec(), shape), &Device::flex())
    }

    fn number(tensor: Tensor<1>) -> f64 {
        tensor.into_data().iter::<f64>().sum()
    }

    #[test]
    fn errors_are_means_over_all_values() {
        let [made, wanted] =
            [[0.5, -0.5, 0.0, 1.0], [0.0, -0.5, 1.0, -1.0]].map(|v| tensor(&v, [2, 2]).reshape([2, 1, 1, 2]));
        assert!((number(error(ErrorKind::Squares, made.clone(), wanted.clone())) - 0.5 * 5.25 / 4.0).abs() < 1e-6);
        assert!((number(error(ErrorKind::Absolute, made, wanted)) - 3.5 / 4.0).abs() < 1e-6);
    }

    #[test]
    fn divergence_is_the_integral_that_it_stands_for() {
        // ∫ q ln(q/p) by a sum over a fine grid, of each value of a code by itself.
        let apart = |mean: f64, variance: f64| {
            let normal =
                |x: f64, m: f64, v: f64| (-(x - m).powi(2) / (2.0 * v)).exp() / (std::f64::consts::TAU * v).sqrt();
            let step = 1e-3;
            let term = |x: f64| {
                let q = normal(x, mean, variance);
                if q < 1e-300 { 0.0 } else { step * q * (q / normal(x, 0.0, 1.0)).ln() }
            };
            (-20_000..20_000).map(|at| term(f64::from(at) * step)).sum::<f64>()
        };
        let (means, variances) = ([0.5, -1.0, 0.0, 2.0], [1.0, 0.25, 4.0, 0.5]);
        let expected: f64 = means.iter().zip(variances).map(|(&m, v)| apart(m, v)).sum::<f64>() / 2.0;
        let encoded = Encoded {
            mean: tensor(&means.map(|m| m as f32), [2, 2]),
            log_variance: Some(tensor(&variances.map(|v: f64| v.ln() as f32), [2, 2])),
        };
        let got = number(divergence(&encoded).unwrap());
        assert!((got - expected).abs() < 1e-4, "{got} and {expected}");
        assert!(divergence(&Encoded { log_variance: None, ..encoded }).is_none());
    }
}
