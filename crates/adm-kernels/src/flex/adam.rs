//! What is done to all weights after each step, in one pass over memory.

use rayon::prelude::*;

use super::vector::vectorised;

/// The numbers of one step.
pub(super) struct Step {
    pub beta_1: f32,
    pub beta_2: f32,
    pub step_size: f32,
    pub epsilon: f32,
}

/// Weights a task: enough to pay for handing it out.
const BLOCK: usize = 1 << 14;

/// Moves `weight` and both moments one step on.
pub(super) fn update(weight: &mut [f32], grad: &[f32], moment_1: &mut [f32], moment_2: &mut [f32], step: &Step) {
    weight
        .par_chunks_mut(BLOCK)
        .zip(grad.par_chunks(BLOCK))
        .zip(moment_1.par_chunks_mut(BLOCK).zip(moment_2.par_chunks_mut(BLOCK)))
        .for_each(|((weight, grad), (moment_1, moment_2))| {
            let moments = moment_1.iter_mut().zip(moment_2);
            vectorised(|| {
                for ((weight, &grad), (moment_1, moment_2)) in weight.iter_mut().zip(grad).zip(moments) {
                    *moment_1 = step.beta_1 * *moment_1 + (1.0 - step.beta_1) * grad;
                    *moment_2 = step.beta_2 * *moment_2 + (1.0 - step.beta_2) * grad * grad;
                    *weight -= step.step_size * *moment_1 / (moment_2.sqrt() + step.epsilon);
                }
            });
        });
}

/// Moves `average` by a share of its way to `live`.
pub(super) fn approach(average: &mut [f32], live: &[f32], share: f32) {
    average.par_chunks_mut(BLOCK).zip(live.par_chunks(BLOCK)).for_each(|(average, live)| {
        vectorised(|| average.iter_mut().zip(live).for_each(|(average, &live)| *average += share * (live - *average)));
    });
}
