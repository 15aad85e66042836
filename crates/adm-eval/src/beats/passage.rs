//! What is judged: music and the beat times it should have.

use crate::EvalError;
use crate::robust::median;
use adm_core::SampleRate;

/// Music with the beat times it should have: a WAV with its grid, or slices of one length laid end to end.
#[derive(Debug, Clone, Copy)]
pub struct Passage<'a> {
    /// Interleaved samples, shape `[frames, channels]`, full scale at ±1.
    pub samples: &'a [f32],
    /// 1 or 2.
    pub channels: usize,
    /// Frames a second.
    pub rate: SampleRate,
    /// When each beat should start, in seconds from the first frame, ascending. Where slices are laid end to end these
    /// are also the joins. A time beyond the music counts as a beat that was missed.
    pub grid: &'a [f64],
}

impl Passage<'_> {
    /// Refuses what cannot be judged.
    ///
    /// # Errors
    /// Other channels than 1 or 2, a part of a frame, no samples, a sample that is not finite, no grid, or grid times
    /// that are not finite or do not ascend.
    pub fn validate(&self) -> Result<(), EvalError> {
        let (samples, channels) = (self.samples, self.channels);
        if !(1..=2).contains(&channels) {
            return Err(EvalError::WrongShape { what: "a passage's channels", expected: 2, actual: channels });
        }
        if !samples.len().is_multiple_of(channels) {
            let expected = samples.len() / channels * channels;
            return Err(EvalError::WrongShape { what: "the samples of a passage", expected, actual: samples.len() });
        }
        if samples.is_empty() {
            return Err(EvalError::TooFew { what: "the samples of a passage", expected: 1, actual: 0 });
        }
        if let Some(index) = samples.iter().position(|sample| !sample.is_finite()) {
            return Err(EvalError::NotFinite { index });
        }
        self.validate_grid()
    }

    fn validate_grid(&self) -> Result<(), EvalError> {
        if self.grid.is_empty() {
            return Err(EvalError::TooFew { what: "the grid", expected: 1, actual: 0 });
        }
        let mut last = f64::NEG_INFINITY;
        for (index, &time) in self.grid.iter().enumerate() {
            // An hour-long set has some 8,000 s; nothing that is held in memory reaches a billion.
            if time.is_nan() || time.abs() > 1e9 || time <= last {
                return Err(EvalError::BadGrid { index });
            }
            last = time;
        }
        Ok(())
    }

    pub(super) fn frames(&self) -> usize {
        self.samples.len() / self.channels
    }

    /// The mean of the channels with its peak brought to 1, so that nothing found in it depends on the level and no
    /// power of it overflows; silence stays silence.
    pub(super) fn mono(&self) -> Vec<f32> {
        let mix = |frame: &[f32]| frame.iter().map(|&sample| sample / self.channels as f32).sum::<f32>();
        let mut mono: Vec<f32> = self.samples.chunks_exact(self.channels).map(mix).collect();
        let peak = mono.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        if peak > 0.0 {
            mono.iter_mut().for_each(|sample| *sample /= peak);
        }
        mono
    }

    /// The usual distance of two grid times in seconds; nothing where there is one time.
    pub(super) fn period(&self) -> Option<f64> {
        let distances: Vec<f64> = self.grid.windows(2).map(|pair| pair[1] - pair[0]).collect();
        (!distances.is_empty()).then(|| median(&distances))
    }

    /// The frame at `seconds`, within the passage.
    pub(super) fn frame_at(&self, seconds: f64) -> usize {
        ((seconds * self.rate.as_f64()).round().max(0.0) as usize).min(self.frames())
    }

    /// The samples from one frame to another.
    pub(super) fn span(&self, start: usize, end: usize) -> &[f32] {
        self.samples.get(start * self.channels..end * self.channels).unwrap_or_default()
    }
}
