//! Sound as the networks see it: channels one after another, at rates below those of files.

use adm_audio::{AudioError, Memory, Resampler, read_all};
use adm_core::SampleRate;
use burn::tensor::{Device, Tensor, TensorData};

use crate::ModelError;

/// A resampler knows the ratio of two rates alone, and no file has one below 1,000 Hz: so many times the rates.
const RAISED: u32 = 4;

/// Between rates below those of files and rates above this, sound goes by this one.
const BRIDGE: u32 = 96_000;

/// The lowest rate, in Hz.
pub const LOWEST_RATE: u32 = 1_000 / RAISED;

/// The highest rate, in Hz.
pub const HIGHEST_RATE: u32 = 44_100;

/// Samples of one or two channels, planar, full scale at ±1.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// `[channels, length]`
    pub values: Vec<f32>,
    /// 1 or 2.
    pub channels: usize,
}

impl Signal {
    /// From samples of all channels in turn, `[length, channels]`.
    pub fn from_interleaved(samples: &[f32], channels: usize) -> Self {
        let channel = |channel: usize| samples.iter().skip(channel).step_by(channels).copied();
        Self { values: (0..channels).flat_map(channel).collect(), channels }
    }

    /// Samples of all channels in turn, `[length, channels]`.
    pub fn interleaved(&self) -> Vec<f32> {
        let length = self.length();
        (0..length).flat_map(|at| (0..self.channels).map(move |channel| self.values[channel * length + at])).collect()
    }

    /// From a tensor `[1, channels, length]`.
    pub(super) fn from_tensor(tensor: Tensor<3>) -> Self {
        let channels = tensor.dims()[1];
        Self { values: tensor.into_data().iter::<f32>().collect(), channels }
    }

    /// As a tensor `[1, channels, length]`.
    pub(super) fn tensor(&self, device: &Device) -> Tensor<3> {
        Tensor::from_data(TensorData::new(self.values.clone(), [1, self.channels, self.length()]), device)
    }

    /// Samples of a channel.
    pub fn length(&self) -> usize {
        self.values.len() / self.channels.max(1)
    }

    /// Mean square of all samples; 0 where there are none.
    pub fn energy(&self) -> f64 {
        energy(&self.values)
    }

    /// The same sound at another rate: what both rates hold stays, and `length` samples come of it.
    ///
    /// # Errors
    /// Rates outside [`LOWEST_RATE`] to 768,000 Hz.
    pub fn resampled(&self, from: u32, to: u32, length: usize) -> Result<Self, ModelError> {
        let (low, high) = (from.min(to), from.max(to));
        if low >= LOWEST_RATE * RAISED {
            return self.resampled_as(1, [from, to], length);
        }
        if high > BRIDGE {
            let middle = lasting(self.length(), from, BRIDGE);
            return self.resampled(from, BRIDGE, middle)?.resampled(BRIDGE, to, length);
        }
        self.resampled_as(RAISED, [from, to], length)
    }

    /// The same with both rates so many times as high.
    fn resampled_as(&self, times: u32, [from, to]: [u32; 2], length: usize) -> Result<Self, ModelError> {
        let refused = |error: AudioError| ModelError::Resample { from, to, source: Box::new(error) };
        let raised = |rate: u32| SampleRate::new(rate.saturating_mul(times)).map_err(|_| ModelError::NoRate { rate });
        let source = Memory::new(self.interleaved(), self.channels, raised(from)?);
        let samples =
            Resampler::new(source, raised(to)?).and_then(|mut source| read_all(&mut source)).map_err(refused)?;
        Ok(Self::from_interleaved(&samples, self.channels).fitted(length))
    }

    /// Cut at its end, or with silence there.
    fn fitted(&self, length: usize) -> Self {
        let rows = self.values.chunks(self.length().max(1));
        let row = |row: &[f32]| row.iter().copied().chain(std::iter::repeat(0.0)).take(length).collect::<Vec<f32>>();
        let values = rows.flat_map(row).collect();
        Self { values, channels: self.channels }
    }

    /// Each sample from those of two signals of one length.
    pub fn with(&self, other: &Self, value: impl Fn(f32, f32) -> f32) -> Self {
        let values = self.values.iter().zip(&other.values).map(|(&a, &b)| value(a, b)).collect();
        Self { values, channels: self.channels }
    }
}

/// Mean square of samples; 0 where there are none.
fn energy(samples: &[f32]) -> f64 {
    samples.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / samples.len().max(1) as f64
}

/// Samples at one rate that last as long as `length` at another; one at least where there is any.
pub(super) fn lasting(length: usize, from: u32, to: u32) -> usize {
    let exact = (length as u128 * u128::from(to) + u128::from(from) / 2) / u128::from(from.max(1));
    (exact as usize).max(length.min(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(frequency: f32, rate: u32, seconds: f32) -> Vec<f32> {
        let sample = |at: usize| (at as f32 / rate as f32 * frequency * std::f32::consts::TAU).sin() * 0.5;
        (0..(seconds * rate as f32) as usize).map(sample).collect()
    }

    #[test]
    fn a_tone_that_both_rates_hold_comes_back_and_a_higher_one_does_not() {
        for (from, to) in [(320, 400), (500, 320), (14_400, 16_000), (1_000, 44_100), (320, 384_000), (384_000, 500)] {
            let low = Signal { values: tone(60.0, from, 8.0), channels: 1 };
            let length = lasting(low.length(), from, to);
            let other = low.resampled(from, to, length).unwrap();
            let expected = tone(60.0, to, 8.0);
            assert_eq!(other.length(), expected.len());
            // Away from the ends, where the tone begins out of silence.
            let inner = length / 4..3 * length / 4;
            let off = energy(&inner.clone().map(|at| other.values[at] - expected[at]).collect::<Vec<f32>>());
            assert!(off < 1e-8, "{from} to {to}: {off}");
        }
        let high = Signal { values: tone(190.0, 500, 8.0), channels: 1 };
        let inner = &high.resampled(500, 320, 2_560).unwrap().values[640..1_920];
        assert!(energy(inner) < 1e-8, "{}", energy(inner));
    }

    #[test]
    fn channels_stay_apart() {
        let samples = [1.0, -1.0, 2.0, -2.0, 3.0, -3.0];
        let signal = Signal::from_interleaved(&samples, 2);
        assert_eq!((signal.values.as_slice(), signal.length()), (&[1.0, 2.0, 3.0, -1.0, -2.0, -3.0][..], 3));
        assert_eq!(signal.interleaved(), samples);
        assert_eq!(signal.fitted(4).values, [1.0, 2.0, 3.0, 0.0, -1.0, -2.0, -3.0, 0.0]);
        assert_eq!(signal.fitted(1).values, [1.0, -1.0]);
    }
}
