//! Bias and non-linearity in one pass.

use rayon::prelude::*;

use super::norm::Grid;
use super::vector::vectorised;
use crate::ops::Activation;

/// Beyond this tanh is 1 in single precision.
const SATURATED: f32 = 9.1;

/// `tanh x = 1 − 2/(e²ˣ + 1)`, without a branch or a call, so that a loop over it becomes vector instructions; within
/// 3e-7 of the true value.
#[inline(always)]
fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (exp(2.0 * x.clamp(-SATURATED, SATURATED)) + 1.0)
}

/// `eˣ` for |x| < 87: 2 to the nearest whole power, times a polynomial for the rest, of which at most ln 2 / 2 is left.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    /// Adding it moves a float's fraction out of its mantissa, which rounds to the nearest whole number.
    const ROUND: f32 = 12_582_912.0;
    let whole = (x * std::f32::consts::LOG2_E + ROUND) - ROUND;
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let series = [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
    let value = series.iter().fold(0.0, |sum, term| sum * rest + term);
    value * f32::from_bits(((whole as i32 + 127) as u32) << 23)
}

impl Activation {
    /// `f` over a row.
    #[inline(always)]
    pub(super) fn apply(self, row: &mut [f32]) {
        match self {
            Self::Identity => {}
            Self::LeakyRelu { slope } => row.iter_mut().for_each(|x| *x = if *x > 0.0 { *x } else { slope * *x }),
            Self::Tanh => row.iter_mut().for_each(|x| *x = tanh(*x)),
            Self::LeakyTanh { slope } => {
                row.iter_mut().for_each(|x| *x = tanh(if *x > 0.0 { *x } else { slope * *x }));
            }
        }
    }

    /// `grad·f'` over a row, with `f'` told from the output `y`.
    #[inline(always)]
    pub(super) fn scale_gradient(self, y: &[f32], grad: &mut [f32]) {
        let pairs = grad.iter_mut().zip(y);
        match self {
            Self::Identity => {}
            Self::LeakyRelu { slope } => pairs.for_each(|(grad, &y)| *grad *= if y > 0.0 { 1.0 } else { slope }),
            Self::Tanh => pairs.for_each(|(grad, &y)| *grad *= 1.0 - y * y),
            Self::LeakyTanh { slope } => {
                pairs.for_each(|(grad, &y)| *grad *= (1.0 - y * y) * if y > 0.0 { 1.0 } else { slope });
            }
        }
    }
}

/// `x ← f(x + bias)`, `x` being `[batch, channels, plane]`.
pub(super) fn bias_forward(x: &mut [f32], bias: &[f32], channels: usize, plane: usize, activation: Activation) {
    x.par_chunks_mut(plane.max(1)).enumerate().for_each(|(index, row)| {
        let bias = bias[index % channels];
        vectorised(|| {
            row.iter_mut().for_each(|x| *x += bias);
            activation.apply(row);
        });
    });
}

/// `grad ← grad·f'`; returns its sums by channel, the gradient of the bias.
pub(super) fn bias_backward(grid: &Grid, y: &[f32], grad: &mut [f32], activation: Activation) -> Vec<f32> {
    grad.par_chunks_mut(grid.plane.max(1))
        .zip(y.par_chunks(grid.plane.max(1)))
        .for_each(|(grad, y)| vectorised(|| activation.scale_gradient(y, grad)));
    let grad = &*grad;
    (0..grid.channels)
        .into_par_iter()
        .map(|channel| vectorised(|| grid.rows(channel).map(|row| super::norm::sum(&grad[row])).sum::<f64>()) as f32)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A few units in the last place of 1.
    const TOLERANCE: f64 = 4e-7;

    #[test]
    fn tanh_is_tanh() {
        for step in -200_000..=200_000 {
            let x = step as f32 * 1e-4;
            let error = (f64::from(tanh(x)) - f64::from(x).tanh()).abs();
            assert!(error < TOLERANCE, "tanh({x}) is off by {error}");
        }
        assert_eq!((tanh(f32::INFINITY), tanh(f32::NEG_INFINITY)), (1.0, -1.0));
        assert!(tanh(f32::NAN).is_nan(), "a NaN must not be hidden from the guards");
    }
}
