//! The fixed filter at a network's end, 1 − c·z⁻¹: highs, which have little energy, weigh as much as lows.

use burn::tensor::Tensor;

/// Samples by which the filter makes a signal shorter.
pub(super) const LOST: usize = 1;

/// `y[t] = x[t + 1] − c·x[t]`
///
/// # Shapes
/// `x`: `[batch, channels, time + 1]`; output: `[batch, channels, time]`
pub(super) fn emphasise(x: Tensor<3>, coefficient: f64) -> Tensor<3> {
    let time = x.dims()[2] - LOST;
    x.clone().narrow(2, 1, time) - x.narrow(2, 0, time) * coefficient
}

/// The gradient of what went in, given that of what came out.
///
/// # Shapes
/// `gradient`: `[batch, channels, time]`; output: `[batch, channels, time + 1]`
pub(super) fn back(gradient: Tensor<3>, coefficient: f64) -> Tensor<3> {
    let [batch, channels, _] = gradient.dims();
    let zero = Tensor::zeros([batch, channels, LOST], &gradient.device());
    let later = Tensor::cat(vec![zero.clone(), gradient.clone()], 2);
    later - Tensor::cat(vec![gradient, zero], 2) * coefficient
}
