//! Loudness by EBU R 128 / ITU-R BS.1770-4.

use crate::AudioError;
use crate::remix::check_channels;
use adm_core::SampleRate;
use ebur128::{EbuR128, Mode};

/// How loud something is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loudness {
    /// Gated programme loudness in LUFS; −∞ for silence or less than 0.4 s. Mono counts as one speaker, so the same
    /// signal in two channels is 3 LU louder.
    pub integrated_lufs: f64,
    /// Loudness range in LU (EBU Tech 3342): how much the level moves over the programme; 0 for less than 3 s.
    pub range_lu: f64,
    /// Highest reconstructed peak between the samples of any channel, in dBTP; −∞ for digital silence.
    pub true_peak_dbtp: f64,
    /// Highest sample of any channel, in dBFS; −∞ for digital silence.
    pub sample_peak_dbfs: f64,
}

/// Measures a stream as it passes; memory grows by 8 bytes for every 0.1 s.
pub struct Meter {
    state: EbuR128,
}

impl Meter {
    /// A meter for 1 or 2 channels at `rate`.
    ///
    /// # Errors
    /// [`AudioError::WrongShape`] for other channels.
    pub fn new(channels: usize, rate: SampleRate) -> Result<Self, AudioError> {
        check_channels(channels)?;
        let mode = Mode::I | Mode::LRA | Mode::SAMPLE_PEAK | Mode::TRUE_PEAK;
        let state = EbuR128::new(channels as u32, rate.hz(), mode).map_err(|_| AudioError::WrongShape {
            what: "the sample rate in Hz",
            expected: "one that loudness is defined for".to_owned(),
            actual: rate.hz() as usize,
        })?;
        Ok(Self { state })
    }

    /// Takes interleaved samples, shape `[frames, channels]`.
    ///
    /// # Errors
    /// [`AudioError::WrongShape`] for a part of a frame.
    pub fn add(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        check_frames(samples, self.state.channels() as usize)?;
        self.state.add_frames_f32(samples).map_err(|_| AudioError::WrongShape {
            what: "the number of samples",
            expected: "whole frames".to_owned(),
            actual: samples.len(),
        })
    }

    /// The loudness of everything so far.
    pub fn loudness(&self) -> Loudness {
        let channels = 0..self.state.channels();
        let peak = |of: fn(&EbuR128, u32) -> Result<f64, ebur128::Error>| {
            20.0 * channels.clone().filter_map(|channel| of(&self.state, channel).ok()).fold(0.0, f64::max).log10()
        };
        Loudness {
            integrated_lufs: self.state.loudness_global().unwrap_or(f64::NEG_INFINITY),
            range_lu: self.state.loudness_range().unwrap_or(0.0),
            true_peak_dbtp: peak(EbuR128::true_peak),
            sample_peak_dbfs: peak(EbuR128::sample_peak),
        }
    }
}

/// Refuses samples that are not whole frames.
pub(crate) fn check_frames(samples: &[f32], channels: usize) -> Result<(), AudioError> {
    if samples.len().is_multiple_of(channels) {
        return Ok(());
    }
    let expected = format!("a multiple of {channels}");
    Err(AudioError::WrongShape { what: "the number of samples", expected, actual: samples.len() })
}

/// The loudness of interleaved samples, shape `[frames, channels]`.
///
/// # Errors
/// [`AudioError::WrongShape`] where `samples` is not whole frames of 1 or 2 channels.
pub fn measure(samples: &[f32], channels: usize, rate: SampleRate) -> Result<Loudness, AudioError> {
    let mut meter = Meter::new(channels, rate)?;
    meter.add(samples)?;
    Ok(meter.loudness())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    const RATE: SampleRate = SampleRate::CD;

    /// A sine in both channels.
    fn sine(hz: f64, amplitude: f64, phase: f64, seconds: usize) -> Vec<f32> {
        let wave = |n: usize| (amplitude * (phase + TAU * hz * n as f64 / RATE.as_f64()).sin()) as f32;
        (0..seconds * 44_100).flat_map(|n| [wave(n); 2]).collect()
    }

    #[test]
    fn a_sine_of_minus_23_dbfs_has_minus_23_lufs() {
        // EBU Tech 3341, test case 1: 1 kHz, stereo, 20 s, within 0.1 LU.
        let loudness = measure(&sine(1000.0, 10f64.powf(-23.0 / 20.0), 0.0, 20), 2, RATE).unwrap();
        assert!((loudness.integrated_lufs + 23.0).abs() < 0.1, "{loudness:?}");
        assert!((loudness.sample_peak_dbfs + 23.0).abs() < 0.01, "{loudness:?}");
        assert!(loudness.range_lu < 0.1, "{loudness:?}");
    }

    #[test]
    fn a_peak_between_samples_is_found() {
        // EBU Tech 3341, test case 16: a quarter of the rate at 45°, samples 3 dB below the wave's peak; +0.2/−0.4 dB.
        let loudness = measure(&sine(11_025.0, 0.5, TAU / 8.0, 1), 2, RATE).unwrap();
        assert!((loudness.sample_peak_dbfs + 9.03).abs() < 0.01, "{loudness:?}");
        assert!((-6.4..-5.8).contains(&loudness.true_peak_dbtp), "{loudness:?}");
    }

    #[test]
    fn blocks_measure_like_the_whole_and_one_speaker_is_3_lu_quieter() {
        let samples = sine(200.0, 0.3, 0.0, 2);
        let mut meter = Meter::new(2, RATE).unwrap();
        samples.chunks(2 * 777).for_each(|block| meter.add(block).unwrap());
        let whole = measure(&samples, 2, RATE).unwrap();
        assert_eq!(meter.loudness(), whole);
        let mono: Vec<f32> = samples.iter().step_by(2).copied().collect();
        let mono = measure(&mono, 1, RATE).unwrap();
        assert!((whole.integrated_lufs - mono.integrated_lufs - 3.01).abs() < 0.01, "{mono:?}");
    }

    #[test]
    fn silence_and_bad_shapes_are_told_apart() {
        let silence = measure(&[0.0; 44_100], 1, RATE).unwrap();
        assert_eq!((silence.integrated_lufs, silence.true_peak_dbtp), (f64::NEG_INFINITY, f64::NEG_INFINITY));
        let message = |error: AudioError| error.to_string();
        assert_eq!(
            message(measure(&[0.0; 3], 2, RATE).unwrap_err()),
            "the number of samples must be a multiple of 2, got 3"
        );
        assert_eq!(message(Meter::new(3, RATE).err().unwrap()), "the number of channels must be 1 or 2, got 3");
    }
}
