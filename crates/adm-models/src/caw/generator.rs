//! What a scale adds to the signal of the scale below.
//!
//! ```text
//! signal + noise [1, c, t] ─zeros around→ ─body (8)→ ┬─conv 9→ tanh ──┐
//!                                                    └─conv 9→ sigmoid ┴─·→ ─conv 1→ ─1 − 0.97 z⁻¹→ added [1, c, t]
//! ```

use burn::module::Module;
use burn::tensor::{Tensor, activation};

use super::body::{Body, DEVIATION, KERNEL, reach};
use super::{NetworkConfig, emphasis};
use crate::nn::{Conv1d, Gaussian, Reach};

/// Samples that are made at once where a signal is long.
const AT_ONCE: usize = 1 << 16;

/// The generator of one scale.
#[derive(Module, Debug)]
pub struct Generator {
    body: Body,
    filter: Conv1d,
    gate: Conv1d,
    mix: Conv1d,
    #[module(skip)]
    layers: usize,
    #[module(skip)]
    emphasis: f64,
}

impl Generator {
    /// With starting weights, for signals of so many channels, `width` channels inside.
    pub fn init(config: &NetworkConfig, channels: usize, width: usize, init: &mut Gaussian<'_>) -> Self {
        let last = Reach { kernel: KERNEL, dilation: 1 };
        let one = Reach { kernel: 1, dilation: 1 };
        Self {
            body: Body::init([channels, width], config.layers, config.slope as f32, init),
            filter: Conv1d::init([width, width], last, DEVIATION, true, init),
            gate: Conv1d::init([width, width], last, DEVIATION, true, init),
            mix: Conv1d::init([width, channels], one, DEVIATION, true, init),
            layers: config.layers,
            emphasis: config.pre_emphasis,
        }
    }

    /// Samples around a sample that it depends on.
    pub fn reach(&self) -> usize {
        reach(self.layers) + (KERNEL - 1) + emphasis::LOST
    }

    /// With the statistics of the signal itself over what `mask` `[1, 1, time]` shows.
    ///
    /// # Shapes
    /// `x` and output: `[1, channels, time]`
    pub(super) fn forward_train(&self, x: Tensor<3>, mask: Option<&Tensor<3>>) -> Tensor<3> {
        let mask = mask.map(|mask| padded(mask.clone(), self.reach(), 1.0));
        let (body, _) = self.body.forward_train(padded(x, self.reach(), 0.0), mask.as_ref());
        self.end(body)
    }

    /// The same generator, whose stored statistics are those of this signal.
    pub(super) fn calibrated(self, x: Tensor<3>, mask: Option<&Tensor<3>>) -> Self {
        let mask = mask.map(|mask| padded(mask.clone(), self.reach(), 1.0));
        let (_, statistics) = self.body.forward_train(padded(x, self.reach(), 0.0), mask.as_ref());
        Self { body: self.body.set_statistics(statistics), ..self }
    }

    /// With the stored statistics; long signals are made in parts, which changes nothing.
    ///
    /// # Shapes
    /// `x` and output: `[1, channels, time]`
    pub fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let (time, reach) = (x.dims()[2], self.reach());
        let x = padded(x, reach, 0.0);
        let parts = (0..time).step_by(AT_ONCE).map(|first| {
            let count = AT_ONCE.min(time - first);
            self.end(self.body.forward(x.clone().narrow(2, first, count + reach)))
        });
        Tensor::cat(parts.collect(), 2)
    }

    fn end(&self, x: Tensor<3>) -> Tensor<3> {
        let gate = activation::sigmoid(self.gate.forward(x.clone()));
        emphasis::emphasise(self.mix.forward(self.filter.forward(x).tanh() * gate), self.emphasis)
    }
}

/// With `count` samples of one value around, one more of them before than after where it is odd.
pub(super) fn padded(x: Tensor<3>, count: usize, value: f32) -> Tensor<3> {
    let [batch, channels, _] = x.dims();
    let side = |count: usize| Tensor::full([batch, channels, count], value, &x.device());
    let (before, after) = (side(count.div_ceil(2)), side(count / 2));
    Tensor::cat(vec![before, x, after], 2)
}

#[cfg(test)]
mod tests {
    use super::super::load;
    use super::*;
    use adm_core::Seeds;
    use burn::tensor::{Device, TensorData};

    fn generator(settings: &[&str], width: usize) -> Generator {
        let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
        let network = load("cpu", &settings).unwrap().network;
        Generator::init(&network, 1, width, &mut Gaussian::new(Seeds::new(8), "test", &Device::flex()))
    }

    fn tensor(values: Vec<f32>) -> Tensor<3> {
        let time = values.len();
        Tensor::from_data(TensorData::new(values, [1, 1, time]), &Device::flex())
    }

    fn values(x: Tensor<3>) -> Vec<f32> {
        x.into_data().iter::<f32>().collect()
    }

    fn wave(time: usize) -> Vec<f32> {
        (0..time).map(|at| (at as f32 * 0.37).sin() + (at as f32 * 0.0021).cos()).collect()
    }

    /// Eight layers of kernel 9 see 2,041 samples; gate and filter add nine.
    #[test]
    fn a_sample_depends_on_those_within_reach_and_on_no_others() {
        let generator = generator(&[], 4).calibrated(tensor(wave(4_000)), None);
        assert_eq!(generator.reach(), 2_049);
        let before = values(generator.forward(tensor(wave(4_000))));
        assert_eq!(before.len(), 4_000);
        let mut other = wave(4_000);
        other[2_000] += 40.0;
        let after = values(generator.forward(tensor(other)));
        let changed: Vec<usize> = (0..4_000).filter(|&at| before[at] != after[at]).collect();
        // 1,025 samples before an output and 1,024 after it are heard.
        assert_eq!((changed[0], changed[changed.len() - 1]), (2_000 - 1_024, 2_000 + 1_025));
        assert!(changed.len() > 500, "{}", changed.len());
    }

    #[test]
    fn what_is_made_in_parts_is_what_is_made_at_once() {
        let generator = generator(&["network.layers=3"], 3).calibrated(tensor(wave(500)), None);
        let time = AT_ONCE + 1_000;
        let whole = values(generator.forward(tensor(wave(time))));
        let tail = values(generator.forward(tensor(wave(time)[AT_ONCE - 500..].to_vec())));
        let off = whole[AT_ONCE - 300..].iter().zip(&tail[200..]).fold(0.0f32, |most, (a, b)| most.max((a - b).abs()));
        // Products of other sizes are summed in other orders.
        assert!(whole.len() == time && off < 1e-6, "{off}");
    }

    #[test]
    fn calibrated_on_a_signal_it_makes_of_it_what_training_makes() {
        let generator = generator(&["network.layers=3"], 6);
        let x = tensor(wave(700));
        let trained = values(generator.forward_train(x.clone(), None));
        let stored = values(generator.calibrated(x.clone(), None).forward(x));
        let most = trained.iter().fold(0.0f32, |most, value| most.max(value.abs()));
        let off = trained.iter().zip(&stored).fold(0.0f32, |most, (a, b)| most.max((a - b).abs()));
        assert!(most > 1e-6 && off < 1e-3 * most, "{off} of {most}");
    }
}
