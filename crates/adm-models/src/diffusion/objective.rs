//! What the network learns: to tell the noise in noisy beats, each at a step of its own (Ho et al. 2020, algorithm 1).

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use burn::tensor::Tensor;

use super::Process;
use super::noise::noise;
use super::process::per_sample;

/// A batch made noisy, and what is to be said of it.
#[derive(Debug, Clone)]
pub struct Exercise {
    /// `[batch, channels, bins, frames]`
    pub noisy: Tensor<4>,
    /// The same shape.
    pub target: Tensor<4>,
    /// The step of each sample, from 1 on.
    pub steps: Vec<usize>,
}

impl Exercise {
    /// A batch of recorded tensors at a training step: steps and noise are functions of the seed and that step.
    ///
    /// # Shapes
    /// `recorded`: `[batch, channels, bins, frames]`, in −1 to 1.
    pub fn draw(process: &Process, recorded: Tensor<4>, seeds: Seeds, step: u64) -> Self {
        let [batch, channels, bins, frames] = recorded.dims();
        let steps = steps(process.schedule.steps(), batch, seeds, step);
        let indices: Vec<u64> = (0..batch as u64).map(|at| step.wrapping_mul(batch as u64).wrapping_add(at)).collect();
        let noise = noise(seeds, "noise", &indices, [channels, bins, frames], &recorded.device());
        let clean = recorded * process.gain;
        let noisy = process.noised(clean.clone(), noise.clone(), &steps);
        Self { noisy, target: process.target(clean, noise, &steps), steps }
    }
}

/// Steps from 1 to `most`, one from each of `count` equal parts, so that a batch sees all kinds of noise: for one sample each step
/// of its part is as likely as any other (Kingma et al. 2021, appendix I.1), and which samples come first is drawn with the batch.
fn steps(most: usize, count: usize, seeds: Seeds, step: u64) -> Vec<usize> {
    let mut rng = seeds.stream("steps", step);
    let offset = rng.random::<f64>();
    let along = |at: usize| (at as f64 + offset) / count as f64;
    (0..count).map(|at| 1 + ((along(at) * most as f64) as usize).min(most - 1)).collect()
}

/// The weighted mean squared error of what was said, `[1]`.
///
/// # Shapes
/// `said` and `target`: `[batch, channels, bins, frames]`; `steps`: one for each sample.
pub fn loss(process: &Process, said: Tensor<4>, target: Tensor<4>, steps: &[usize]) -> Tensor<1> {
    let device = said.device();
    let errors = (said - target).square();
    let weights: Vec<f64> = steps.iter().map(|&step| process.weight(step)).collect();
    if weights.iter().all(|&weight| weight == 1.0) {
        return errors.mean();
    }
    (errors * per_sample(weights.into_iter(), &device)).mean()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diffusion::{NoiseConfig, ObjectiveConfig, Prediction, ScheduleConfig};
    use burn::tensor::Device;

    fn process(min_snr: f64) -> Process {
        let schedule = ScheduleConfig::Cosine { offset: 0.008 };
        let objective = ObjectiveConfig { predict: Prediction::V, min_snr };
        Process::new(&NoiseConfig { steps: 50, schedule, gain: 2.0 }, &objective)
    }

    #[test]
    fn every_step_comes_as_often_as_any_other() {
        let mut counts = vec![0; 50];
        for step in 0..1_000 {
            let drawn = steps(50, 8, Seeds::new(1), step);
            assert!(drawn.iter().all(|step| (1..=50).contains(step)));
            assert!(drawn.windows(2).all(|pair| pair[1] > pair[0]), "one from each eighth: {drawn:?}");
            drawn.into_iter().for_each(|step| counts[step - 1] += 1);
        }
        // 160 of each of 8,000, give or take five standard deviations of independent draws; parts only make it evener.
        assert!(counts.iter().all(|&count: &i32| (97..223).contains(&count)), "{counts:?}");
        assert_eq!(steps(1, 3, Seeds::new(1), 0), [1, 1, 1]);
    }

    #[test]
    fn an_exercise_is_its_seed_and_step_and_its_answer_costs_nothing() {
        let process = process(5.0);
        let recorded = Tensor::<4>::full([3, 1, 2, 2], 0.5, &Device::flex());
        let draw = |seed, step| Exercise::draw(&process, recorded.clone(), Seeds::new(seed), step);
        let values = |exercise: &Exercise| exercise.noisy.clone().into_data().iter::<f32>().collect::<Vec<_>>();
        assert_eq!(values(&draw(1, 4)), values(&draw(1, 4)));
        assert_ne!(values(&draw(1, 4)), values(&draw(1, 5)));
        assert_ne!(values(&draw(1, 4)), values(&draw(2, 4)));
        let exercise = draw(1, 4);
        let value = |loss: Tensor<1>| loss.into_data().iter::<f64>().sum::<f64>();
        let cost = |said| value(loss(&process, said, exercise.target.clone(), &exercise.steps));
        assert_eq!(cost(exercise.target.clone()), 0.0);
        let expected: f64 = exercise.steps.iter().map(|&step| 4.0 * process.weight(step)).sum::<f64>() / 3.0;
        assert!((cost(exercise.target.clone() + 2.0) - expected).abs() < 1e-5, "errors of 2 weigh by their step");
    }
}
