//! Classifier-free guidance: away from what beats are without a label (Ho and Salimans 2022).

use burn::tensor::{Device, Int, Tensor, TensorData};

/// What a network says of the noise where it is guided: `without + guidance·(with − without)`. With 1 that is what it says of the label,
/// with 0 what it says of none, and neither takes a second pass.
///
/// `say` is the network, given labels; `nothing` is the label that tells nothing.
///
/// # Shapes
/// `labels`: `[batch, 2]`, token and position; what is said: `[batch, channels, bins, frames]`
pub fn guided(
    guidance: f64,
    labels: Tensor<2, Int>,
    nothing: [i32; 2],
    say: impl Fn(Tensor<2, Int>) -> Tensor<4>,
) -> Tensor<4> {
    let untold = || untold(labels.dims()[0], nothing, &labels.device());
    if guidance == 1.0 {
        return say(labels);
    }
    let without = say(untold());
    if guidance == 0.0 {
        return without;
    }
    let with = say(labels);
    without.clone() + (with - without) * guidance
}

/// Labels that tell nothing, `[batch, 2]`.
pub(super) fn untold(batch: usize, nothing: [i32; 2], device: &Device) -> Tensor<2, Int> {
    Tensor::from_data(TensorData::new(nothing.repeat(batch), [batch, 2]), device)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// Says the token of each label, and counts how often it is asked.
    fn said(guidance: f64) -> (Vec<f32>, usize) {
        let asked = Cell::new(0);
        let labels = Tensor::from_data(TensorData::from([[3, 1], [5, 2]]), &Device::flex());
        let say = |labels: Tensor<2, Int>| {
            asked.set(asked.get() + 1);
            labels.narrow(1, 0, 1).float().reshape([2, 1, 1, 1])
        };
        let said = guided(guidance, labels, [10, 4], say).into_data().iter::<f32>().collect();
        (said, asked.get())
    }

    #[test]
    fn one_is_the_label_nothing_is_none_and_more_leads_away_from_none() {
        assert_eq!(said(1.0), (vec![3.0, 5.0], 1));
        assert_eq!(said(0.0), (vec![10.0, 10.0], 1));
        assert_eq!(said(3.0), (vec![10.0 - 3.0 * 7.0, 10.0 - 3.0 * 5.0], 2));
        assert_eq!(said(0.5), (vec![6.5, 7.5], 2));
    }
}
