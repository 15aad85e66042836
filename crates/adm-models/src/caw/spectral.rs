//! How far magnitudes of short spectra are apart, at several resolutions, as operations that autodiff knows.
//!
//! ```text
//! signal [1, c, t] ─zeros around→ hops [c, f + 4, hop] ─five beside one another→ frames [c, f, 5·hop]
//!                  ─·(window, cosines and sines)→ [c, f, 2·bins] ─√(re² + im²)→ magnitudes [c, f, bins]
//! ```
//!
//! A window is as long as five hops, or a little shorter, so frames are five slices of one reshaped signal beside one another.

use burn::tensor::{Device, Tensor, TensorData};

/// Transform, hop and window in samples.
const RESOLUTIONS: [[usize; 3]; 3] = [[2_048, 240, 1_200], [1_024, 120, 600], [512, 50, 240]];

/// Hops that a window spans.
const SPAN: usize = 5;

/// Added to a squared magnitude, so that its root has a slope where it is 0.
const SMALLEST: f32 = 1e-9;

/// One way to look at a signal.
#[derive(Debug, Clone)]
struct Resolution {
    hop: usize,
    /// `[1, SPAN·hop, 2·bins]`
    basis: Tensor<3>,
}

/// All of them, on one device.
#[derive(Debug, Clone)]
pub(super) struct Spectra(Vec<Resolution>);

impl Spectra {
    pub fn new(device: &Device) -> Self {
        Self(RESOLUTIONS.iter().map(|&sizes| Resolution::new(sizes, device)).collect())
    }

    /// Magnitudes at every resolution, each `[channels, frames, bins]`.
    pub fn of(&self, x: Tensor<3>) -> Vec<Tensor<3>> {
        self.0.iter().map(|resolution| resolution.magnitudes(x.clone())).collect()
    }

    /// Those of the middle resolution alone, `[channels, frames, bins]`.
    pub fn middle(&self, x: Tensor<3>) -> Tensor<3> {
        self.0[1].magnitudes(x)
    }

    /// The length of the difference of magnitudes, in the mean over all resolutions: `[1]`.
    pub fn distance(&self, x: Tensor<3>, of_other: &[Tensor<3>]) -> Tensor<1> {
        let pairs = self.of(x).into_iter().zip(of_other);
        let lengths = pairs.map(|(mine, other)| ((mine - other.clone()).square().sum() + SMALLEST).sqrt());
        Tensor::cat(lengths.collect(), 0).mean()
    }
}

impl Resolution {
    fn new([transform, hop, window]: [usize; 3], device: &Device) -> Self {
        let (span, bins) = (SPAN * hop, transform / 2 + 1);
        let before = (span - window) / 2;
        let value = |at: usize, column: usize| {
            let Some(within) = at.checked_sub(before).filter(|&within| within < window) else { return 0.0 };
            let hann = (std::f64::consts::PI * (within as f64 + 0.5) / window as f64).sin().powi(2);
            let turn = std::f64::consts::TAU * ((column / 2 * at) % transform) as f64 / transform as f64;
            (hann * if column.is_multiple_of(2) { turn.cos() } else { turn.sin() }) as f32
        };
        let values = (0..span).flat_map(|at| (0..2 * bins).map(move |column| (at, column)));
        let values: Vec<f32> = values.map(|(at, column)| value(at, column)).collect();
        Self { hop, basis: Tensor::from_data(TensorData::new(values, [1, span, 2 * bins]), device) }
    }

    /// `[channels, frames, bins]` of `[1, channels, time]`.
    fn magnitudes(&self, x: Tensor<3>) -> Tensor<3> {
        let ([_, channels, time], hop) = (x.dims(), self.hop);
        // Half a window of silence before the first sample and at least as much after the last.
        let frames = time.div_ceil(hop) + 1;
        let (before, after) = (SPAN / 2 * hop, (frames + SPAN - 1) * hop - SPAN / 2 * hop - time);
        let side = |count: usize| Tensor::zeros([1, channels, count], &x.device());
        let padded = Tensor::cat(vec![side(before), x.clone(), side(after)], 2);
        let hops = padded.reshape([channels, frames + SPAN - 1, hop]);
        let parts = (0..SPAN).map(|part| hops.clone().narrow(1, part, frames));
        let turned = Tensor::cat(parts.collect(), 2).matmul(self.basis.clone());
        let bins = self.basis.dims()[2] / 2;
        let squares = turned.square().reshape([channels, frames * bins, 2]).sum_dim(2);
        (squares + SMALLEST).sqrt().reshape([channels, frames, bins])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_s_magnitude_is_half_its_level_times_the_window_s_sum_and_stands_in_its_bin() {
        let device = Device::flex();
        let (bin, level) = (100usize, 0.4f32);
        let tone = |at: usize| level * (std::f32::consts::TAU * bin as f32 / 2_048.0 * at as f32).cos();
        let x = Tensor::from_data(TensorData::new((0..6_000).map(tone).collect(), [1, 1, 6_000]), &device);
        let spectra = Spectra::new(&device).of(x);
        let [_, frames, bins] = spectra[0].dims();
        let all: Vec<f32> = spectra[0].clone().into_data().iter::<f32>().collect();
        let middle = &all[frames / 2 * bins..][..bins];
        // A Hann window's mean is a half.
        let expected = 0.5 * level * 0.5 * 1_200.0;
        assert!((middle[bin] / expected - 1.0).abs() < 1e-3, "{} of {expected}", middle[bin]);
        assert!(middle[bin + 20] < 1e-2 * expected && middle[0] < 1e-2 * expected);
    }

    #[test]
    fn signals_that_are_alike_are_not_apart_and_the_distance_falls_along_its_gradient() {
        let device = Device::flex().autodiff();
        let values = |phase: f32| -> Vec<f32> { (0..900).map(|at| (at as f32 * 0.31 + phase).sin()).collect() };
        let tensor = |values: Vec<f32>| Tensor::<3>::from_data(TensorData::new(values, [1, 2, 450]), &device);
        let spectra = Spectra::new(&device);
        let target = spectra.of(tensor(values(0.0)));
        let number = |x: Tensor<1>| x.into_data().iter::<f64>().sum::<f64>();
        assert!(number(spectra.distance(tensor(values(0.0)), &target)) < 1e-3);
        let louder: Vec<f32> = values(0.4).iter().map(|value| 1.5 * value).collect();
        let x = tensor(louder.clone()).require_grad();
        let distance = spectra.distance(x.clone(), &target);
        let slope: Vec<f32> =
            Tensor::<3>::from_inner(x.grad(&distance.clone().backward()).unwrap()).into_data().iter::<f32>().collect();
        let squares: f64 = slope.iter().map(|&value| f64::from(value).powi(2)).sum();
        let moved = |by: f64| {
            let values = louder.iter().zip(&slope).map(|(&value, &slope)| value + (by * f64::from(slope)) as f32);
            number(spectra.distance(tensor(values.collect()), &target))
        };
        let reach = 1e-3 * number(distance) / squares;
        let rise = (moved(reach) - moved(-reach)) / (2.0 * reach);
        // Differences of 32 bits.
        assert!((rise / squares - 1.0).abs() < 0.02, "{rise} of {squares}");
    }
}
