//! Loudness and true peak of a stream as it passes.

use super::settings::Level;
use super::true_peak::TruePeak;
use crate::RenderError;
use adm_core::SampleRate;
use ebur128::{EbuR128, Mode};

/// Measures what a master needs to know, several times faster than a full meter: loudness by `ebur128`, true peak by
/// the limiter's own detector.
pub(super) struct Gauge {
    loudness: EbuR128,
    detector: TruePeak,
    peaks: Vec<f32>,
    highest: f32,
    frames: usize,
    channels: usize,
    /// Frames in 400 ms, the shortest sound that has a loudness.
    shortest: usize,
}

impl Gauge {
    pub(super) fn new(rate: SampleRate, channels: usize) -> Result<Self, RenderError> {
        let loudness = EbuR128::new(channels as u32, rate.hz(), Mode::I).map_err(failed)?;
        let shortest = (rate.hz() as usize).div_ceil(10) * 4;
        Ok(Self {
            loudness,
            detector: TruePeak::new(rate, channels),
            peaks: Vec::new(),
            highest: 0.0,
            frames: 0,
            channels,
            shortest,
        })
    }

    /// Takes interleaved samples, shape `[frames, channels]`.
    pub(super) fn add(&mut self, samples: &[f32]) -> Result<(), RenderError> {
        self.frames += samples.len() / self.channels;
        self.detector.scan(samples, &mut self.peaks);
        self.highest = self.peaks.iter().copied().fold(self.highest, f32::max);
        self.loudness.add_frames_f32(samples).map_err(failed)
    }

    /// The level of the whole. What is shorter than 400 ms is measured with silence after it.
    pub(super) fn finish(mut self) -> Result<Level, RenderError> {
        let missing = self.shortest.saturating_sub(self.frames).max(self.detector.delay());
        self.add(&vec![0.0; missing * self.channels])?;
        let integrated_lufs = self.loudness.loudness_global().map_err(failed)?;
        Ok(Level { integrated_lufs, true_peak_dbtp: 20.0 * f64::from(self.highest).log10() })
    }
}

fn failed(source: ebur128::Error) -> RenderError {
    RenderError::Loudness { source }
}
