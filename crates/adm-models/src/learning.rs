//! How the families with one network learn: Adam, a falling rate, shortened gradients.

use adm_kernels::Adam;
use adm_train::optimizer::{clip, gradient_norm, rate_scale};
use adm_train::{Learner, Rule, StepContext};
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use crate::ModelError;
use crate::ranges::within;

/// Adam (Kingma and Ba 2015), with weight decay.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdamConfig {
    /// Learning rate.
    pub rate: f64,
    /// Decay of the mean gradient.
    pub beta_1: f64,
    /// Decay of the mean squared gradient.
    pub beta_2: f64,
    /// Keeps steps finite where gradients vanish.
    pub epsilon: f64,
    /// Share of every weight but biases that is lost each step, times the rate. More of it learns less by heart.
    #[serde(default)]
    pub decay: f64,
    /// Steps after which the rate has fallen to a half; 0 keeps it.
    pub half_life: u64,
    /// Gradients longer than this are shortened.
    pub clip: f64,
}

impl AdamConfig {
    /// Checks every range.
    pub(crate) fn validate(&self) -> Result<(), ModelError> {
        within("optimizer.rate", self.rate, 0.0, 1.0)?;
        within("optimizer.beta_1", self.beta_1, 0.0, 0.999_999)?;
        within("optimizer.beta_2", self.beta_2, 0.0, 0.999_999)?;
        within("optimizer.epsilon", self.epsilon, 1e-30, 1.0)?;
        within("optimizer.decay", self.decay, 0.0, 1.0)?;
        within("optimizer.clip", self.clip, 1e-6, 1e6)
    }

    /// A network that has not learned yet.
    pub(crate) fn learner<M: Module>(&self, network: M) -> Learner<M> {
        let &Self { rate, beta_1, beta_2, epsilon, decay, .. } = self;
        Learner::new(network, Rule::Adam(Adam { rate, beta_1, beta_2, epsilon })).with_decay(decay)
    }

    /// Moves a network down the gradient of a loss. Returns the loss and its gradient's norm where the context asks for them.
    pub(crate) fn descend<M: Module>(
        &self,
        learner: &mut Learner<M>,
        loss: Tensor<1>,
        context: StepContext,
    ) -> Vec<f64> {
        let value = context.measure.then(|| loss.clone().into_data().iter::<f64>().sum::<f64>());
        let network = learner.module();
        let grads = GradientsParams::from_grads(loss.backward(), network);
        let norm = context.measure.then(|| gradient_norm(&grads, network));
        let grads = clip(grads, network, self.clip);
        learner.step(grads, rate_scale(context.step, self.half_life));
        value.into_iter().chain(norm).collect()
    }
}
