//! How real a signal sounds, moment by moment; and how that changes with each sample.
//!
//! ```text
//! signal [1, c, t] ─zeros around→ ─body (7)→ ─conv 9, dilation 128→ [1, 1, t + 1] ─1 − 0.97 z⁻¹→ score [1, 1, t]
//! ∂signal ←body back─ ←convᵀ─ ←filterᵀ─ 1
//! ```
//!
//! burn differentiates once, so the gradient is written out as a way forward, layer by layer from the last to the first; what is differentiated
//! is that.

use burn::module::Module;
use burn::tensor::Tensor;

use super::body::{Body, DEVIATION, layer_reach, reach};
use super::generator::padded;
use super::{NetworkConfig, emphasis};
use crate::nn::{Conv1d, Gaussian};

/// Keeps the root of a sum of squares from having no slope.
const SMALLEST: f32 = 1e-12;

/// The critic of one scale.
#[derive(Module, Debug)]
pub struct Critic {
    body: Body,
    last: Conv1d,
    #[module(skip)]
    layers: usize,
    #[module(skip)]
    emphasis: f64,
}

impl Critic {
    /// With starting weights, for signals of so many channels, `width` channels inside.
    pub fn init(config: &NetworkConfig, channels: usize, width: usize, init: &mut Gaussian<'_>) -> Self {
        let layers = config.layers;
        Self {
            body: Body::init([channels, width], layers - 1, config.slope as f32, init),
            last: Conv1d::init([width, 1], layer_reach(layers - 1), DEVIATION, true, init),
            layers,
            emphasis: config.pre_emphasis,
        }
    }

    fn reach(&self) -> usize {
        reach(self.layers) + emphasis::LOST
    }

    /// The mean score over what `mask` `[1, 1, time]` shows, `[1]`.
    ///
    /// # Shapes
    /// `x`: `[1, channels, time]`
    pub(super) fn score(&self, x: Tensor<3>, mask: Option<&Tensor<3>>) -> Tensor<1> {
        let wide = mask.map(|mask| padded(mask.clone(), self.reach(), 1.0));
        let (body, _) = self.body.forward_train(padded(x, self.reach(), 0.0), wide.as_ref());
        shown_mean(emphasis::emphasise(self.last.forward(body), self.emphasis), mask)
    }

    /// The gradient of the sum of all shown scores, `[1, channels, time]`.
    pub(super) fn gradient(&self, x: Tensor<3>, mask: Option<&Tensor<3>>) -> Tensor<3> {
        let ([_, _, time], reach) = (x.dims(), self.reach());
        let wide = mask.map(|mask| padded(mask.clone(), reach, 1.0));
        let ones = mask.cloned().unwrap_or_else(|| Tensor::ones([1, 1, time], &x.device()));
        let (_, kept) = self.body.forward_kept(padded(x, reach, 0.0), wide.as_ref());
        let slope = self.last.back(emphasis::back(ones, self.emphasis));
        self.body.back(kept, slope, wide.as_ref()).narrow(2, reach.div_ceil(2), time)
    }

    /// How far the gradient's length at each moment is from 1, squared, in the mean: `[1]`.
    pub(super) fn penalty(&self, x: Tensor<3>, mask: Option<&Tensor<3>>) -> Tensor<1> {
        let length = (self.gradient(x, mask).square().sum_dim(1) + SMALLEST).sqrt();
        shown_mean((length - 1.0).square(), mask)
    }
}

/// Mean over time of what a mask shows, `[1]`.
pub(super) fn shown_mean(x: Tensor<3>, mask: Option<&Tensor<3>>) -> Tensor<1> {
    match mask {
        None => x.mean(),
        Some(mask) => {
            let channels = x.dims()[1] as f64;
            (x * mask.clone()).sum() / (mask.clone().sum() * channels)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::load;
    use super::*;
    use crate::testing::descent;
    use adm_core::Seeds;
    use adm_train::weights::{apply, collect};
    use burn::tensor::{Device, TensorData};

    /// Sums of some hundred products of 32 bits, in another order.
    const EXACT: f32 = 1e-3;
    /// Finite differences of 32 bits, across the kinks of LeakyReLUs.
    const DIFFERENCES: f64 = 0.03;

    const TIME: usize = 150;

    fn device() -> Device {
        Device::flex().autodiff()
    }

    /// A critic whose norms have gains and shifts of their own, and whose scores are not tiny.
    fn critic(channels: usize, slope: f64) -> Critic {
        let settings = ["network.layers=4".to_owned(), format!("network.slope={slope}")];
        let network = load("cpu", &settings).unwrap().network;
        let device = device();
        let critic = Critic::init(&network, channels, 5, &mut Gaussian::new(Seeds::new(8), "test", &device));
        let mut arrays = collect(&critic);
        for (name, array) in &mut arrays {
            let moved = |at: usize| 0.3 * (at as f32 + name.len() as f32).sin();
            if name.ends_with("beta") || name.ends_with("gamma") {
                array.values.iter_mut().enumerate().for_each(|(at, value)| *value += moved(at));
            }
            if name == "last.length" {
                array.values.iter_mut().for_each(|value| *value *= 20.0);
            }
        }
        apply(critic, &arrays).unwrap()
    }

    fn signal(channels: usize, phase: f32) -> Tensor<3> {
        let values: Vec<f32> = (0..channels * TIME).map(|at| (at as f32 * 0.37 + phase).sin() * 0.8).collect();
        Tensor::from_data(TensorData::new(values, [1, channels, TIME]), &device())
    }

    /// Of mono and of stereo, whole and with a hole.
    fn cases() -> Vec<(usize, Option<Tensor<3>>)> {
        let shown: Vec<f32> = (0..TIME).map(|at| if (60..90).contains(&at) { 0.0 } else { 1.0 }).collect();
        let mask = || Tensor::from_data(TensorData::new(shown.clone(), [1, 1, TIME]), &device());
        vec![(1, None), (2, None), (1, Some(mask())), (2, Some(mask()))]
    }

    fn values(x: Tensor<3>) -> Vec<f32> {
        x.into_data().iter::<f32>().collect()
    }

    #[test]
    fn the_gradient_that_is_written_out_is_the_one_that_is_derived() {
        for (channels, mask) in cases() {
            let critic = critic(channels, 0.2);
            let x = signal(channels, 0.2).require_grad();
            let shown = mask.as_ref().map_or(TIME as f64, |mask| mask.clone().sum().into_data().iter::<f64>().sum());
            let sum = critic.score(x.clone(), mask.as_ref()) * shown;
            let derived = values(Tensor::from_inner(x.grad(&sum.backward()).unwrap()));
            let written = values(critic.gradient(signal(channels, 0.2), mask.as_ref()));
            let scale = derived.iter().fold(0.0f32, |most, value| most.max(value.abs()));
            assert!(scale > 1e-3, "{scale}");
            let off = derived.iter().zip(&written).fold(0.0f32, |most, (a, b)| most.max((a - b).abs()));
            assert!(off < EXACT * scale, "{off} of {scale}, {channels} channels, hole: {}", mask.is_some());
        }
    }

    /// Where a LeakyReLU's side changes, the gradient of what goes in jumps, and the penalty with it: differences see the jumps, and no
    /// gradient does. So it is one that hardly bends.
    #[test]
    fn the_penalty_falls_along_its_gradient_as_finite_differences_say() {
        for (channels, mask) in cases() {
            let critic = critic(channels, 0.9);
            let cost = |critic: &Critic| critic.penalty(signal(channels, 0.2), mask.as_ref());
            let value = |critic: &Critic| cost(critic).into_data().iter::<f64>().sum::<f64>();
            let slope = descent(&critic, cost(&critic));
            let squares: f64 = slope.values().flat_map(|array| &array.values).map(|&g| f64::from(g).powi(2)).sum();
            let reach = 1e-3 * value(&critic) / squares;
            let moved = |by: f64| {
                let mut arrays = collect(&critic);
                for (name, array) in &mut arrays {
                    let pairs = array.values.iter_mut().zip(&slope[name].values);
                    pairs.for_each(|(w, &g)| *w += (by * f64::from(g)) as f32);
                }
                value(&apply(critic.clone(), &arrays).unwrap())
            };
            let rise = (moved(reach) - moved(-reach)) / (2.0 * reach);
            let hole = mask.is_some();
            assert!(
                (rise / squares - 1.0).abs() < DIFFERENCES,
                "{rise} of {squares}, {channels} channels, hole: {hole}"
            );
        }
    }

    #[test]
    fn the_penalty_is_how_far_lengths_are_from_one() {
        let critic = critic(2, 0.2);
        let gradient = values(critic.gradient(signal(2, 0.2), None));
        let length = |at: usize| (gradient[at].powi(2) + gradient[TIME + at].powi(2)).sqrt();
        let expected = (0..TIME).map(|at| (length(at) - 1.0).powi(2)).sum::<f32>() / TIME as f32;
        let got = critic.penalty(signal(2, 0.2), None).into_data().iter::<f32>().sum::<f32>();
        assert!((got / expected - 1.0).abs() < EXACT, "{got} of {expected}");
    }

    #[test]
    fn what_a_hole_hides_changes_nothing_around_it() {
        let (critic, mask) = (critic(1, 0.2), cases().pop().unwrap().1.unwrap());
        let score = |x: Tensor<3>| critic.score(x * mask.clone(), Some(&mask)).into_data().iter::<f32>().sum::<f32>();
        let other = signal(1, 0.2) * mask.clone() + (mask.clone() * -1.0 + 1.0) * 5.0;
        assert_eq!(score(signal(1, 0.2)), score(other));
    }
}
