//! The one shape that decoders, resamplers and mixers share.

use crate::AudioError;
use adm_core::{Frames, SampleRate};

/// A stream of audio that is read from its first frame to its last, one block at a time.
///
/// Samples are interleaved `f32` with full scale at ±1 (a lossy codec may overshoot it). Memory is bounded by a block,
/// whatever the length.
pub trait Source: Send {
    /// Frames a second of what [`read`](Self::read) gives.
    fn rate(&self) -> SampleRate;

    /// Channels of what [`read`](Self::read) gives: 1 or 2.
    fn channels(&self) -> usize;

    /// The length that the file's header claims. Damaged files end earlier, so it is good for progress and for laying
    /// out grids, not for allocating.
    fn duration_hint(&self) -> Option<Frames>;

    /// Appends one block of interleaved samples, shape `[frames, channels]`, to `into`, and returns its frames; 0 at the
    /// end and from then on.
    ///
    /// # Errors
    /// What makes the rest of the stream useless: see [`AudioError`]. Damage that can be bridged is a
    /// [warning](Self::warnings) instead.
    fn read(&mut self, into: &mut Vec<f32>) -> Result<usize, AudioError>;

    /// What went wrong so far without ending the stream, one sentence each, naming the path.
    fn warnings(&self) -> &[String] {
        &[]
    }
}

impl<S: Source + ?Sized> Source for Box<S> {
    fn rate(&self) -> SampleRate {
        (**self).rate()
    }
    fn channels(&self) -> usize {
        (**self).channels()
    }
    fn duration_hint(&self) -> Option<Frames> {
        (**self).duration_hint()
    }
    fn read(&mut self, into: &mut Vec<f32>) -> Result<usize, AudioError> {
        (**self).read(into)
    }
    fn warnings(&self) -> &[String] {
        (**self).warnings()
    }
}

/// Everything that is left of `source`, shape `[frames, channels]`. For short files: the memory grows with the length.
///
/// # Errors
/// Whatever the source returns.
pub fn read_all(source: &mut dyn Source) -> Result<Vec<f32>, AudioError> {
    let mut samples = Vec::new();
    while source.read(&mut samples)? > 0 {}
    Ok(samples)
}
