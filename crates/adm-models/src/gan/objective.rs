//! What the two networks want of each other. Pure functions of logits.

use burn::tensor::{Tensor, activation};

use super::Loss;

/// `ln(1 + eˣ)`, without overflow.
fn softplus(x: Tensor<2>) -> Tensor<2> {
    let size = x.clone().abs();
    activation::relu(x) + (size.neg().exp() + 1.0).log()
}

/// The discriminator's loss: low where it tells real from generated.
///
/// # Shapes
/// Both logits `[batch, 1]`; output `[1]`.
pub fn discriminator_loss(loss: Loss, real: Tensor<2>, fake: Tensor<2>) -> Tensor<1> {
    match loss {
        Loss::Bce => (softplus(real.neg()).mean() + softplus(fake).mean()).mul_scalar(0.5),
        Loss::Hinge => activation::relu(real.neg() + 1.0).mean() + activation::relu(fake + 1.0).mean(),
        Loss::Relativistic => softplus(fake - real).mean(),
    }
}

/// The generator's loss: low where the discriminator is fooled. `real` are the logits of as many recorded beats, which no gradient
/// goes through; they are from before the discriminator's own step, which spares a pass over them.
///
/// # Shapes
/// Logits `[batch, 1]`; output `[1]`.
pub fn generator_loss(loss: Loss, real: Tensor<2>, fake: Tensor<2>) -> Tensor<1> {
    match loss {
        Loss::Bce => softplus(fake.neg()).mean(),
        Loss::Hinge => fake.mean().neg(),
        Loss::Relativistic => softplus(real - fake).mean(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn logits(values: [f32; 3]) -> Tensor<2> {
        Tensor::<1>::from_floats(values, &Device::flex()).reshape([3, 1])
    }

    fn value(loss: Tensor<1>) -> f64 {
        loss.into_data().iter::<f64>().sum()
    }

    #[test]
    fn cross_entropy_is_the_textbook_one() {
        let (real, fake) = ([2.0f32, -1.0, 80.0], [0.5f32, -3.0, -80.0]);
        let sigmoid = |x: f32| 1.0 / (1.0 + (-f64::from(x)).exp());
        let mean = |values: [f64; 3]| values.iter().sum::<f64>() / 3.0;
        let expected = 0.5 * (mean(real.map(|x| -sigmoid(x).ln())) + mean(fake.map(|x| -(1.0 - sigmoid(x)).ln())));
        assert!((value(discriminator_loss(Loss::Bce, logits(real), logits(fake))) - expected).abs() < 1e-5);
        let expected = mean([0.5, -3.0, -10.0].map(|x| -sigmoid(x).ln()));
        assert!(
            (value(generator_loss(Loss::Bce, logits([0.0; 3]), logits([0.5, -3.0, -10.0]))) - expected).abs() < 1e-5
        );
    }

    #[test]
    fn relativistic_losses_are_of_differences_and_mirror_each_other() {
        let (real, fake) = ([2.0f32, -1.0, 0.5], [0.5f32, -3.0, 0.5]);
        let softplus = |x: f32| (1.0 + f64::from(x).exp()).ln();
        let mean =
            |off: fn(f32, f32) -> f32| real.iter().zip(fake).map(|(r, f)| softplus(off(*r, f))).sum::<f64>() / 3.0;
        let told = value(discriminator_loss(Loss::Relativistic, logits(real), logits(fake)));
        let fooled = value(generator_loss(Loss::Relativistic, logits(real), logits(fake)));
        assert!((told - mean(|r, f| f - r)).abs() < 1e-5 && (fooled - mean(|r, f| r - f)).abs() < 1e-5);
    }

    #[test]
    fn hinge_ignores_what_is_told_apart() {
        assert_eq!(value(discriminator_loss(Loss::Hinge, logits([1.0, 2.0, 9.0]), logits([-1.0, -2.0, -9.0]))), 0.0);
        let loss = value(discriminator_loss(Loss::Hinge, logits([0.0, 2.0, 9.0]), logits([0.5, -2.0, -9.0])));
        assert!((loss - (1.0 + 1.5) / 3.0).abs() < 1e-6);
    }
}
