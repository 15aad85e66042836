//! A source that reports how far it is and stops when asked to.

use adm_audio::{AudioError, Source};
use adm_core::{Frames, Observer, SampleRate};

/// Passes blocks through, tells the observer about each whole second of them, and ends in
/// [`AudioError::Interrupted`] when the observer asks to stop.
pub(super) struct Watched<'a, S> {
    source: S,
    observer: &'a dyn Observer,
    frames: u64,
}

impl<'a, S: Source> Watched<'a, S> {
    pub(super) fn new(source: S, observer: &'a dyn Observer) -> Self {
        Self { source, observer, frames: 0 }
    }

    /// Frames that went through so far.
    pub(super) fn frames(&self) -> Frames {
        Frames(self.frames)
    }
}

impl<S: Source> Source for Watched<'_, S> {
    fn rate(&self) -> SampleRate {
        self.source.rate()
    }

    fn channels(&self) -> usize {
        self.source.channels()
    }

    fn duration_hint(&self) -> Option<Frames> {
        self.source.duration_hint()
    }

    fn read(&mut self, into: &mut Vec<f32>) -> Result<usize, AudioError> {
        if self.observer.stop_requested() {
            return Err(AudioError::Interrupted);
        }
        let frames = self.source.read(into)?;
        let a_second = u64::from(self.rate().hz());
        let before = self.frames / a_second;
        self.frames += frames as u64;
        match self.frames / a_second - before {
            0 => {}
            seconds => self.observer.advance(seconds),
        }
        Ok(frames)
    }

    fn warnings(&self) -> &[String] {
        self.source.warnings()
    }
}
