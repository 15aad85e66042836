//! Between mono and stereo.

use crate::{AudioError, Source};
use adm_core::{Frames, SampleRate};

/// Another source with another number of channels: stereo is averaged to mono, mono is doubled to stereo.
pub struct Remix<S> {
    source: S,
    channels: usize,
    block: Vec<f32>,
}

impl<S: Source> Remix<S> {
    /// `source` with `channels` channels, 1 or 2.
    ///
    /// # Errors
    /// [`AudioError::WrongShape`] for any other number.
    pub fn new(source: S, channels: usize) -> Result<Self, AudioError> {
        check_channels(channels)?;
        check_channels(source.channels())?;
        Ok(Self { source, channels, block: Vec::new() })
    }
}

/// Refuses any number of channels that this crate does not handle.
pub(crate) fn check_channels(channels: usize) -> Result<(), AudioError> {
    match channels {
        1 | 2 => Ok(()),
        actual => Err(AudioError::WrongShape { what: "the number of channels", expected: "1 or 2".to_owned(), actual }),
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
        if self.channels == self.source.channels() {
            return self.source.read(into);
        }
        self.block.clear();
        let frames = self.source.read(&mut self.block)?;
        if self.channels == 1 {
            into.extend(self.block.chunks_exact(2).map(|frame| frame.iter().sum::<f32>() * 0.5));
        } else {
            into.extend(self.block.iter().flat_map(|&sample| [sample; 2]));
        }
        Ok(frames)
    }

    fn warnings(&self) -> &[String] {
        self.source.warnings()
    }
}
