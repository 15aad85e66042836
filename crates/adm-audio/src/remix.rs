//! Between mono and stereo.

use crate::{AudioError, Source};
use adm_core::{Frames, SampleRate};

/// Another source with another number of channels: stereo is averaged to mono, mono is doubled to stereo.
pub struct Remix<S> {
    source: S,
    channels: usize,
}

impl<S: Source> Remix<S> {
    /// `source` with `channels` channels, 1 or 2.
    ///
    /// # Errors
    /// [`AudioError::WrongShape`] for any other number.
    pub fn new(source: S, channels: usize) -> Result<Self, AudioError> {
        Ok(Self { source, channels })
    }
}

impl<S: Source> Source for Remix<S> {
    fn rate(&self) -> SampleRate {
        self.source.rate()
    }
    fn channels(&self) -> usize {
        self.channels
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
