//! From noise to tensors, step by step.

use std::fmt;
use std::str::FromStr;

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::Process;
use super::config::MOST_STEPS;
use crate::ModelError;
use crate::ranges::{count, within};

/// How noise becomes tensors.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sampling {
    /// Whether noise is added on the way.
    pub method: Method,
    /// Steps from noise to tensor; no more than there are from tensor to noise. Time grows with it, and errors fall.
    pub steps: usize,
    /// How far away from what beats are without a label: 0 ignores labels, 1 is what was learned, and more exaggerates
    /// (Ho and Salimans 2022, where it is w + 1). Takes two passes of the network where it is neither 0 nor 1.
    pub guidance: f64,
    /// Whether what the network believes the tensor to be is cut to the network's range at every step.
    pub clip: bool,
}

/// What is to be otherwise than a run's configuration says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SamplingWish {
    /// [`Sampling::steps`]
    pub steps: Option<usize>,
    /// [`Sampling::guidance`]
    pub guidance: Option<f64>,
}

/// Whether noise is added on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// None: near noise becomes a near tensor (Song et al. 2021, η = 0).
    Ddim,
    /// As much as was taken too much (Ho et al. 2020; η = 1). Needs more steps.
    Ddpm,
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ddim => "ddim",
            Self::Ddpm => "ddpm",
        })
    }
}

impl FromStr for Method {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "ddim" => Ok(Self::Ddim),
            "ddpm" => Ok(Self::Ddpm),
            other => Err(format!("{other:?} is not a way of sampling: ddim or ddpm")),
        }
    }
}

impl Sampling {
    /// The same with what is wished otherwise.
    #[must_use]
    pub fn with(self, wish: SamplingWish) -> Self {
        Self { steps: wish.steps.unwrap_or(self.steps), guidance: wish.guidance.unwrap_or(self.guidance), ..self }
    }

    /// Checks every range.
    ///
    /// # Errors
    /// The first setting that is out of its range.
    pub fn validate(&self) -> Result<(), ModelError> {
        count("sampling.steps", self.steps, 1, MOST_STEPS)?;
        within("sampling.guidance", self.guidance, 0.0, 100.0)
    }
}

/// A step of a way from noise to tensor: from one number of noise steps to a smaller one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stride {
    /// Noise steps before it.
    pub from: usize,
    /// Noise steps after it.
    pub to: usize,
}

/// The way from the last of `most` noise steps to none in `count` even strides; as many as there are steps, where more are asked for.
pub fn strides(most: usize, count: usize) -> Vec<Stride> {
    let count = count.clamp(1, most.max(1));
    let place = |at: usize| (at * most + count / 2) / count;
    (0..count).rev().map(|at| Stride { from: place(at + 1), to: place(at) }).collect()
}

/// One stride: what the network said of `noisy` makes it less so. `fresh` is asked for noise of the same shape where some is added.
///
/// # Shapes
/// All tensors `[batch, channels, bins, frames]`
pub fn stride(
    process: &Process,
    sampling: &Sampling,
    Stride { from, to }: Stride,
    noisy: Tensor<4>,
    said: Tensor<4>,
    fresh: impl FnOnce() -> Tensor<4>,
) -> Tensor<4> {
    let clean = process.clean(noisy.clone(), said, from);
    let clean = if sampling.clip { clean.clamp(-process.gain, process.gain) } else { clean };
    let noise = process.noise_in(noisy, clean.clone(), from);
    let added = added(process, sampling.method, Stride { from, to });
    let left = (1.0 - process.schedule.kept(to) - added * added).max(0.0).sqrt();
    let moved = clean * process.schedule.signal(to) + noise * left;
    if added > 0.0 { moved + fresh() * added } else { moved }
}

/// Deviation of the noise that a stride adds (Song et al. 2021, equation 16).
fn added(process: &Process, method: Method, Stride { from, to }: Stride) -> f64 {
    match method {
        Method::Ddim => 0.0,
        Method::Ddpm => {
            let [kept, after] = [from, to].map(|step| process.schedule.kept(step));
            ((1.0 - after) / (1.0 - kept) * (1.0 - kept / after)).sqrt()
        }
    }
}

/// From noise to tensors in the network's range.
///
/// `say` is the network: a noisy tensor and its step to what it says. `fresh` gives noise for the stride that begins at a step; it is not
/// asked by [`Method::Ddim`].
///
/// # Shapes
/// All tensors `[batch, channels, bins, frames]`
pub fn sample(
    process: &Process,
    sampling: &Sampling,
    noise: Tensor<4>,
    say: impl Fn(Tensor<4>, usize) -> Tensor<4>,
    fresh: impl Fn(usize) -> Tensor<4>,
) -> Tensor<4> {
    let way = strides(process.schedule.steps(), sampling.steps).into_iter();
    let tensor = way.fold(noise, |noisy, along| {
        let said = say(noisy.clone(), along.from);
        stride(process, sampling, along, noisy, said, || fresh(along.from))
    });
    tensor / process.gain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diffusion::noise::noise;
    use crate::diffusion::{NoiseConfig, ObjectiveConfig, Prediction, ScheduleConfig};
    use adm_core::Seeds;
    use burn::tensor::Device;

    const SAMPLES: usize = 20_000;
    /// What is to be drawn: values that are normal with this mean and deviation.
    const MEAN: f64 = 0.3;
    const SPREAD: f64 = 0.2;

    const SCHEDULES: [ScheduleConfig; 2] =
        [ScheduleConfig::Cosine { offset: 0.008 }, ScheduleConfig::Linear { first: 1e-4, last: 0.02 }];

    fn process(schedule: ScheduleConfig, predict: Prediction) -> Process {
        let noise = NoiseConfig { steps: 1000, schedule, gain: 1.0 };
        Process::new(&noise, &ObjectiveConfig { predict, min_snr: 0.0 })
    }

    /// What a network that has learned everything about such values says.
    fn knowing(process: &Process, noisy: Tensor<4>, step: usize) -> Tensor<4> {
        let [kept, signal] = [process.schedule.kept(step), process.schedule.signal(step)];
        let variance = kept * SPREAD * SPREAD + 1.0 - kept;
        // The mean of x₀ given xₜ, both being normal.
        let clean = (noisy.clone() - signal * MEAN) * (signal * SPREAD * SPREAD / variance) + MEAN;
        let epsilon = process.noise_in(noisy, clean.clone(), step);
        match process.predict {
            Prediction::Epsilon => epsilon,
            Prediction::V => epsilon * signal - clean * process.schedule.deviation(step),
        }
    }

    fn drawn(process: &Process, sampling: Sampling) -> [f64; 2] {
        let device = Device::flex();
        let noise = |name: &str, index: u64| noise(Seeds::new(1), name, &[index], [1, 100, SAMPLES / 100], &device);
        let say = |noisy: Tensor<4>, step: usize| knowing(process, noisy, step);
        let made = sample(process, &sampling, noise("start", 0), say, |step| noise("fresh", step as u64));
        let values: Vec<f64> = made.into_data().iter::<f64>().collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        [mean, (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()]
    }

    #[test]
    fn both_ways_draw_what_a_network_that_knows_it_all_knows() {
        for schedule in SCHEDULES {
            for predict in [Prediction::Epsilon, Prediction::V] {
                let process = process(schedule, predict);
                for (method, steps, room) in [
                    (Method::Ddim, 1000, 0.005),
                    (Method::Ddim, 50, 0.02),
                    (Method::Ddpm, 1000, 0.005),
                    (Method::Ddpm, 200, 0.02),
                ] {
                    let sampling = Sampling { method, steps, guidance: 1.0, clip: false };
                    let [mean, spread] = drawn(&process, sampling);
                    // Five deviations of the estimates of 20,000 draws, and what strides of that length are off.
                    let chance = 5.0 * SPREAD / (SAMPLES as f64).sqrt();
                    assert!(
                        (mean - MEAN).abs() < chance + room && (spread - SPREAD).abs() < chance + room,
                        "{schedule:?} {predict:?} {method} {steps}: {mean} ± {spread}"
                    );
                }
            }
        }
    }

    /// Every stride of DDIM multiplies and shifts values that are normal, so what all do together can be worked out.
    #[test]
    fn ddim_keeps_values_in_their_order_and_at_their_distances() {
        let process = process(SCHEDULES[0], Prediction::V);
        let device = Device::flex();
        let start = [-2.0f32, -1.0, 0.0, 1.0, 2.0];
        let noise = Tensor::<1>::from_floats(start, &device).reshape([1, 1, 1, 5]);
        let sampling = Sampling { method: Method::Ddim, steps: 1000, guidance: 1.0, clip: false };
        let no_noise = |_| -> Tensor<4> { panic!("nothing is drawn on the way") };
        let made = sample(&process, &sampling, noise, |noisy, step| knowing(&process, noisy, step), no_noise);
        for (start, made) in start.iter().zip(made.into_data().iter::<f64>()) {
            let expected = MEAN + SPREAD * f64::from(*start);
            assert!((made - expected).abs() < 5e-3, "{start} became {made}, not {expected}");
        }
    }

    #[test]
    fn strides_lead_from_noise_to_nothing_without_a_gap() {
        for (most, count) in [(1000, 1000), (1000, 50), (1000, 7), (10, 3), (1, 1), (20, 400)] {
            let way = strides(most, count);
            assert_eq!(
                (way.len(), way[0].from, way[way.len() - 1].to),
                (count.min(most), most, 0),
                "{most} in {count}"
            );
            assert!(way.windows(2).all(|pair| pair[0].to == pair[1].from));
            let lengths = way.iter().map(|stride| stride.from - stride.to);
            let [shortest, longest] = [lengths.clone().min().unwrap(), lengths.max().unwrap()];
            assert!(shortest > 0 && longest - shortest <= 1, "{most} in {count}");
        }
    }

    #[test]
    fn clipping_keeps_beliefs_in_range_and_the_gain_is_taken_back() {
        let schedule = SCHEDULES[0];
        let noise = NoiseConfig { steps: 10, schedule, gain: 4.0 };
        let process = Process::new(&noise, &ObjectiveConfig { predict: Prediction::V, min_snr: 0.0 });
        let start = Tensor::<4>::full([1, 1, 1, 1], 2.0, &Device::flex());
        // A network that believes in a tensor of 9, far out of range.
        let say = |noisy: Tensor<4>, step: usize| {
            (noisy * process.schedule.signal(step) - 9.0) / process.schedule.deviation(step)
        };
        let made = |clip: bool| {
            let sampling = Sampling { method: Method::Ddim, steps: 10, guidance: 1.0, clip };
            let made = sample(&process, &sampling, start.clone(), say, |_| start.clone());
            made.into_data().iter::<f64>().sum::<f64>()
        };
        assert!((made(true) - 1.0).abs() < 1e-5 && (made(false) - 2.25).abs() < 1e-5);
    }
}
