//! What a sequencer is asked for: a high probability of what was played. Pure.

use burn::tensor::{Int, Tensor};

/// The mean negative logarithm of the probability of each target, in nats, over those that count.
///
/// # Shapes
/// `log_probabilities`: `[batch, steps, vocabulary]`; `targets` and `weights`: `[batch, steps]`; output `[1]`
pub fn negative_log_likelihood(log_probabilities: Tensor<3>, targets: Tensor<2, Int>, weights: Tensor<2>) -> Tensor<1> {
    let [batch, steps] = targets.dims();
    let chosen = log_probabilities.gather(2, targets.unsqueeze_dim(2)).reshape([batch, steps]);
    (chosen * weights.clone()).sum().neg() / weights.sum().clamp_min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};

    #[test]
    fn it_is_the_mean_over_what_counts() {
        let device = Device::flex();
        let p = [[0.5f32, 0.25, 0.25], [0.1, 0.8, 0.1]];
        let logs = Tensor::<2>::from_floats(p, &device).log().reshape([1, 2, 3]);
        let targets = Tensor::from_data(TensorData::new(vec![0i32, 1], [1, 2]), &device);
        let loss = |weights: [f32; 2]| {
            let weights = Tensor::<1>::from_floats(weights, &device).reshape([1, 2]);
            negative_log_likelihood(logs.clone(), targets.clone(), weights).into_data().iter::<f64>().sum::<f64>()
        };
        assert!((loss([1.0, 1.0]) - (0.5f64.ln() + 0.8f64.ln()) / -2.0).abs() < 1e-6);
        assert!((loss([0.0, 1.0]) + 0.8f64.ln()).abs() < 1e-6);
        assert_eq!(loss([0.0, 0.0]), 0.0);
    }
}
