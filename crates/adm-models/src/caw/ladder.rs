//! Finished scales above one another.
//!
//! ```text
//! below ─resample→ base ─+ amplitude · noise→ ─generator→ ─+ base→ this scale's signal ─resample→ …
//! ```

use burn::tensor::{Device, Tensor};

use super::Generator;
use super::holes::shown;
use super::noise::Source;
use super::signal::{Signal, lasting};
use super::{CawConfig, Hole};
use crate::ModelError;

/// One finished scale.
#[derive(Debug, Clone)]
pub(super) struct Rung {
    pub rate: u32,
    /// Deviation of the noise that goes into it.
    pub noise: f32,
    /// Without gradients, with the statistics of the reconstruction.
    pub generator: Generator,
    /// The same with those of a signal that it made up: what is new is normed as in training, and not as what is remembered.
    pub free: Generator,
}

/// Where a climb begins, and how long what comes of it is.
#[derive(Debug, Clone)]
pub(super) struct Climb<'a> {
    /// The scale that is made first.
    pub first: usize,
    /// The signal below it and its rate; none at the first of all.
    pub below: Option<(Signal, u32)>,
    /// Samples of a channel at a rate, which all scales last as long as.
    pub full: [u32; 2],
    pub channels: usize,
    pub holes: &'a [Hole],
    pub noise: Source<'a>,
}

impl Climb<'_> {
    /// Samples of a channel at a rate.
    pub fn length(&self, rate: u32) -> usize {
        lasting(self.full[0] as usize, self.full[1], rate)
    }

    /// What a scale starts from: the signal of the one below at its rate, and noise of deviation 1.
    pub fn start(&self, scale: usize, rate: u32) -> Result<[Option<Signal>; 2], ModelError> {
        let length = self.length(rate);
        let base = self.below.as_ref().map(|(below, from)| below.resampled(*from, rate, length)).transpose()?;
        let shown = (!self.holes.is_empty()).then(|| shown(self.holes, rate, length));
        Ok([base, self.noise.draw(scale, [self.channels, length], shown.as_deref())])
    }

    /// Goes up all rungs from the first on, and says what stands at the last; what was below where there is none.
    pub fn up(mut self, rungs: &[Rung], device: &Device) -> Result<Self, ModelError> {
        for (scale, rung) in rungs.iter().enumerate().skip(self.first) {
            let [base, noise] = self.start(scale, rung.rate)?;
            let shape = [self.channels, self.length(rung.rate)];
            let (input, base) = joined(base.as_ref(), noise.as_ref(), rung.noise, shape, device);
            let generator = if self.noise.is_free() { &rung.free } else { &rung.generator };
            let made = generator.forward(input) + base;
            self.below = Some((Signal::from_tensor(made), rung.rate));
        }
        Ok(Self { first: self.first.max(rungs.len()), ..self })
    }
}

/// What goes into a generator and what its output is added to, each `[1, channels, time]`.
pub(super) fn joined(
    base: Option<&Signal>,
    noise: Option<&Signal>,
    deviation: f32,
    [channels, length]: [usize; 2],
    device: &Device,
) -> (Tensor<3>, Tensor<3>) {
    let tensor = |signal: Option<&Signal>| match signal {
        Some(signal) => signal.tensor(device),
        None => Tensor::zeros([1, channels, length], device),
    };
    let base = tensor(base);
    (base.clone() + tensor(noise) * deviation, base)
}

/// Deviation of the noise that goes into a scale: 1 into the first; that of the reconstruction so far into the second, so that it
/// still decides what comes; from then on a share of the root of the energy that the scale adds.
pub(super) fn amplitude(config: &CawConfig, scale: usize, base: Option<&Signal>, added: f64) -> f32 {
    match (scale, base) {
        (0, _) | (_, None) => 1.0,
        (1, Some(base)) => deviation(base) as f32,
        _ => (config.pyramid.noise * added.sqrt()) as f32,
    }
}

fn deviation(signal: &Signal) -> f64 {
    let mean = signal.values.iter().map(|&value| f64::from(value)).sum::<f64>() / signal.values.len().max(1) as f64;
    (signal.energy() - mean * mean).max(0.0).sqrt()
}
