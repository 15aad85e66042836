//! What tests of several families need.

use adm_train::weights::{Arrays, collect};
use adm_train::{Learner, Rule};
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

/// The gradient of a cost, as what one step of descent takes away.
pub fn descent<M: Module>(module: &M, cost: Tensor<1>) -> Arrays {
    let before = collect(module);
    let grads = GradientsParams::from_grads(cost.backward(), module);
    let mut learner = Learner::new(module.clone(), Rule::Descent { rate: 1.0 });
    learner.step(grads, 1.0);
    let mut moved = collect(learner.module());
    for (name, array) in &mut moved {
        array.values.iter_mut().zip(&before[name].values).for_each(|(after, before)| *after = before - *after);
    }
    moved
}
