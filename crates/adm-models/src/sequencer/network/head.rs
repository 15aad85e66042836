//! From what the body says to the probability of every token, in one step or by way of its class.
//!
//! With classes, `p(token) = p(class) · p(token | class)` (Goodman 2001, section 3; document 000, section 6.7: the second level
//! of comparison): the network settles the role of the next beat before which beat plays it.

use burn::module::Module;
use burn::tensor::{Tensor, TensorData, activation};

use crate::nn::{Gaussian, Linear};

/// Logits of tokens are kept within ± this, so that the sum over a class never vanishes in 32 bits.
const LOUDEST: f32 = 15.0;

/// The last layer.
#[derive(Module, Debug)]
pub struct Head {
    tokens: Linear,
    classes: Option<Classes>,
}

/// The layer that predicts classes.
#[derive(Module, Debug)]
struct Classes {
    logits: Linear,
    /// 1 where a token is of a class, `[tokens, classes]`; not learned.
    members: Tensor<2>,
}

impl Head {
    /// From `width` values to tokens of these classes.
    pub fn init(width: usize, class_of: &[u32], by_class: bool, init: &mut Gaussian<'_>) -> Self {
        let deviation = (1.0 / width as f64).sqrt() / 2.0;
        let tokens = Linear::init([width, class_of.len()], deviation, false, init);
        let classes = by_class.then(|| {
            let count = class_of.iter().max().map_or(1, |&last| last as usize + 1);
            let member = |token: usize, class: usize| if class_of[token] as usize == class { 1.0f32 } else { 0.0 };
            let members: Vec<f32> =
                (0..class_of.len()).flat_map(|token| (0..count).map(move |class| member(token, class))).collect();
            Classes {
                logits: Linear::init([width, count], deviation, false, init),
                members: Tensor::from_data(TensorData::new(members, [class_of.len(), count]), init.device()),
            }
        });
        Self { tokens, classes }
    }

    /// # Shapes
    /// `hidden`: `[batch, steps, width]`; output: `[batch, steps, tokens]`
    pub fn forward(&self, hidden: Tensor<3>) -> Tensor<3> {
        let [batch, steps, width] = hidden.dims();
        let hidden = hidden.reshape([batch * steps, width]);
        let logits = self.tokens.forward(hidden.clone());
        let tokens = logits.dims()[1];
        let log_probabilities = match &self.classes {
            None => activation::log_softmax(logits, 1),
            Some(classes) => classes.forward(hidden, logits),
        };
        log_probabilities.reshape([batch, steps, tokens])
    }
}

impl Classes {
    fn forward(&self, hidden: Tensor<2>, logits: Tensor<2>) -> Tensor<2> {
        let logits = (logits / LOUDEST).tanh() * LOUDEST;
        let of_class = logits.clone().exp().matmul(self.members.clone()).log();
        let class = activation::log_softmax(self.logits.forward(hidden), 1);
        logits + (class - of_class).matmul(self.members.clone().transpose())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use burn::tensor::Device;

    #[test]
    fn probabilities_add_up_to_one_and_are_the_product_of_both_levels() {
        let device = Device::flex();
        let class_of = [0u32, 1, 0, 2, 1, 1];
        for by_class in [false, true] {
            let mut init = Gaussian::new(Seeds::new(2), "test", &device);
            let head = Head::init(4, &class_of, by_class, &mut init);
            let hidden: Tensor<3> = init.normal([2, 3, 4], 5.0).val();
            let p: Vec<f32> = head.forward(hidden.clone()).exp().into_data().iter::<f32>().collect();
            assert!(p.chunks(6).all(|row| (row.iter().sum::<f32>() - 1.0).abs() < 1e-5), "{p:?}");
            let Some(classes) = &head.classes else { continue };
            let class = activation::softmax(classes.logits.forward(hidden.reshape([6, 4])), 1);
            let class: Vec<f32> = class.into_data().iter::<f32>().collect();
            for (row, of_class) in p.chunks(6).zip(class.chunks(3)) {
                for (index, &expected) in of_class.iter().enumerate() {
                    let members = row.iter().zip(class_of).filter(|&(_, of)| of as usize == index);
                    let sum: f32 = members.map(|(p, _)| p).sum();
                    assert!((sum - expected).abs() < 1e-5, "class {index}: {sum} instead of {expected}");
                }
            }
        }
    }
}
