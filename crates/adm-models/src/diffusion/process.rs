//! What a noisy tensor, its noise, and the tensor that it was have to do with one another.
//!
//! ```text
//! xₜ = √ᾱ·x₀ + √(1 − ᾱ)·ε        v = √ᾱ·ε − √(1 − ᾱ)·x₀
//! x₀ = √ᾱ·xₜ − √(1 − ᾱ)·v         ε = √(1 − ᾱ)·xₜ + √ᾱ·v
//! ```

use burn::tensor::{Device, Tensor, TensorData};

use super::{NoiseConfig, NoiseSchedule, ObjectiveConfig, Prediction};

/// Noise by step, and what the network says of it. Pure functions of tensors.
#[derive(Debug, Clone, PartialEq)]
pub struct Process {
    /// How much is left at each step.
    pub schedule: NoiseSchedule,
    /// What the network says.
    pub predict: Prediction,
    /// The ratio of signal to noise above which a step weighs no more; 0 for none.
    min_snr: f64,
    /// Largest value of a tensor that no noise was added to.
    pub gain: f64,
}

impl Process {
    /// As a configuration says.
    pub fn new(noise: &NoiseConfig, objective: &ObjectiveConfig) -> Self {
        let schedule = NoiseSchedule::new(noise);
        Self { schedule, predict: objective.predict, min_snr: objective.min_snr, gain: noise.gain }
    }

    /// Tensors with as much noise as there is at each one's step.
    ///
    /// # Shapes
    /// Tensors: `[batch, channels, bins, frames]`; `steps`: one each.
    pub fn noised(&self, clean: Tensor<4>, noise: Tensor<4>, steps: &[usize]) -> Tensor<4> {
        let device = clean.device();
        clean * self.each(steps, &device, NoiseSchedule::signal)
            + noise * self.each(steps, &device, NoiseSchedule::deviation)
    }

    /// What the network is to say of [`noised`](Self::noised) tensors.
    ///
    /// # Shapes
    /// As those of [`noised`](Self::noised).
    pub fn target(&self, clean: Tensor<4>, noise: Tensor<4>, steps: &[usize]) -> Tensor<4> {
        match self.predict {
            Prediction::Epsilon => noise,
            Prediction::V => {
                let device = clean.device();
                noise * self.each(steps, &device, NoiseSchedule::signal)
                    - clean * self.each(steps, &device, NoiseSchedule::deviation)
            }
        }
    }

    /// The tensor that a noisy one was, as the network's word has it.
    ///
    /// # Shapes
    /// All `[batch, channels, bins, frames]`, at one step.
    pub fn clean(&self, noisy: Tensor<4>, said: Tensor<4>, step: usize) -> Tensor<4> {
        let [signal, deviation] = [self.schedule.signal(step), self.schedule.deviation(step)];
        match self.predict {
            Prediction::Epsilon => (noisy - said * deviation) / signal,
            Prediction::V => noisy * signal - said * deviation,
        }
    }

    /// The noise in a noisy tensor that was `clean`.
    ///
    /// # Shapes
    /// All `[batch, channels, bins, frames]`, at one step after 0.
    pub fn noise_in(&self, noisy: Tensor<4>, clean: Tensor<4>, step: usize) -> Tensor<4> {
        (noisy - clean * self.schedule.signal(step)) / self.schedule.deviation(step)
    }

    /// What an error at a step weighs (Hang et al. 2023, equation 6, and appendix for v).
    pub fn weight(&self, step: usize) -> f64 {
        if self.min_snr == 0.0 {
            return 1.0;
        }
        let ratio = self.schedule.ratio(step);
        let capped = ratio.min(self.min_snr);
        match self.predict {
            Prediction::Epsilon => capped / ratio,
            Prediction::V => capped / (ratio + 1.0),
        }
    }

    /// A number for each sample, `[batch, 1, 1, 1]`.
    fn each(&self, steps: &[usize], device: &Device, of: fn(&NoiseSchedule, usize) -> f64) -> Tensor<4> {
        per_sample(steps.iter().map(|&step| of(&self.schedule, step)), device)
    }
}

/// Numbers that samples are multiplied by, `[batch, 1, 1, 1]`.
pub(super) fn per_sample(values: impl Iterator<Item = f64>, device: &Device) -> Tensor<4> {
    let values: Vec<f32> = values.map(|value| value as f32).collect();
    let count = values.len();
    Tensor::from_data(TensorData::new(values, [count, 1, 1, 1]), device)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diffusion::ScheduleConfig;

    /// A few operations in 32 bits, one of which divides by what is kept.
    const TOLERANCE: f32 = 1e-4;

    fn process(predict: Prediction, min_snr: f64) -> Process {
        let schedule = ScheduleConfig::Cosine { offset: 0.008 };
        Process::new(&NoiseConfig { steps: 100, schedule, gain: 1.0 }, &ObjectiveConfig { predict, min_snr })
    }

    fn values(phase: f32) -> Tensor<4> {
        let values: Vec<f32> = (0..24).map(|at| (at as f32 * 1.7 + phase).sin()).collect();
        Tensor::from_data(TensorData::new(values, [2, 1, 3, 4]), &Device::flex())
    }

    fn off(a: Tensor<4>, b: Tensor<4>) -> f32 {
        (a - b).abs().max().into_data().iter::<f32>().fold(0.0, f32::max)
    }

    #[test]
    fn what_the_network_says_gives_tensor_and_noise_back() {
        for predict in [Prediction::Epsilon, Prediction::V] {
            let process = process(predict, 0.0);
            let (clean, noise) = (values(0.0), values(2.0));
            // Not the last, at which ε says nothing of a tensor.
            for step in [1, 30, 60, 90] {
                let noisy = process.noised(clean.clone(), noise.clone(), &[step; 2]);
                let said = process.target(clean.clone(), noise.clone(), &[step; 2]);
                let told = process.clean(noisy.clone(), said.clone(), step);
                assert!(off(told.clone(), clean.clone()) < TOLERANCE, "{predict:?} at {step}");
                let found = process.noise_in(noisy.clone(), told, step);
                let room = TOLERANCE / process.schedule.deviation(step) as f32;
                assert!(off(found, noise.clone()) < room, "{predict:?} at {step}");
                if predict == Prediction::V {
                    let [signal, deviation] = [process.schedule.signal(step), process.schedule.deviation(step)];
                    assert!(off(noisy * deviation + said * signal, noise.clone()) < TOLERANCE, "ε of v at {step}");
                }
            }
        }
    }

    #[test]
    fn every_sample_has_its_own_step() {
        let process = process(Prediction::V, 0.0);
        let (clean, noise) = (values(0.0), values(2.0));
        let both = process.noised(clean.clone(), noise.clone(), &[5, 70]);
        for (at, step) in [5, 70].into_iter().enumerate() {
            let alone = process.noised(clean.clone(), noise.clone(), &[step; 2]).narrow(0, at, 1);
            assert_eq!(off(both.clone().narrow(0, at, 1), alone), 0.0);
        }
    }

    #[test]
    fn weights_are_those_of_an_error_of_the_tensor_up_to_the_cap() {
        for step in [3, 40, 80, 100] {
            let ratio = process(Prediction::V, 0.0).schedule.ratio(step);
            // An error of ε is one of x₀ over √ratio, one of v over √(ratio + 1): all weigh min(ratio, cap) of one of x₀.
            let capped = ratio.min(5.0);
            let [epsilon, v] = [Prediction::Epsilon, Prediction::V].map(|predict| process(predict, 5.0).weight(step));
            assert!((epsilon * ratio - capped).abs() < 1e-9 && (v * (ratio + 1.0) - capped).abs() < 1e-9);
            assert_eq!(process(Prediction::V, 0.0).weight(step), 1.0);
        }
    }
}
