//! Files of every supported format as a [`Source`].

use crate::{AudioError, Source};
use adm_core::{Frames, SampleRate};
use std::path::Path;

/// A recording being decoded.
pub struct Decoder {
    rate: SampleRate,
    channels: usize,
    warnings: Vec<String>,
}

impl Decoder {
    /// Opens the recording at `path`; the format is recognised by its bytes.
    ///
    /// # Errors
    /// Missing, unreadable, empty and non-audio files, folders, and recordings of three or more channels.
    pub fn open(path: &Path) -> Result<Self, AudioError> {
        Err(AudioError::Missing { path: path.to_owned() })
    }
}

impl Source for Decoder {
    fn rate(&self) -> SampleRate {
        self.rate
    }
    fn channels(&self) -> usize {
        self.channels
    }
    fn duration_hint(&self) -> Option<Frames> {
        None
    }
    fn read(&mut self, _into: &mut Vec<f32>) -> Result<usize, AudioError> {
        Ok(0)
    }
    fn warnings(&self) -> &[String] {
        &self.warnings
    }
}
