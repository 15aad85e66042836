//! Slices cut from a stream as it passes.

use crate::fit::Placement;
use crate::grid::Grid;
use adm_core::{Frames, SampleRate, Seconds};

/// Where one slice lies in a recording: frames `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Position of the slice among all that the recording could give: for beats the index of its first beat in the grid,
    /// for windows the number of the window.
    pub index: usize,
    /// First frame.
    pub start: u64,
    /// One past the last frame.
    pub end: u64,
}

/// Whether a slice is worth learning from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is.
    Keep,
    /// Its RMS is below −60 dBFS.
    Silent,
    /// It is overdriven.
    Clipped,
    /// The recording ends inside it.
    TooShort,
}

/// One slice, valid until the callback returns.
#[derive(Debug, Clone, Copy)]
pub struct SliceOut<'a> {
    /// The span it was cut from.
    pub span: Span,
    /// Shape `[length, channels]`, interleaved.
    pub samples: &'a [f32],
    /// Whether to keep it.
    pub verdict: Verdict,
}

/// Cuts spans from a stream, in order, holding no more of it than the spans that are open.
pub struct Slicer<I> {
    spans: I,
    placement: Placement,
    channels: usize,
}

impl<I: Iterator<Item = Span>> Slicer<I> {
    /// A slicer of `spans` (by ascending start; they may overlap) out of a stream with `channels` channels.
    pub fn new(spans: I, placement: Placement, channels: usize) -> Self {
        Self { spans, placement, channels }
    }

    /// Takes the next interleaved samples of the stream, shape `[frames, channels]`, and hands out each slice that they
    /// complete.
    pub fn push(&mut self, samples: &[f32], emit: &mut dyn FnMut(SliceOut<'_>)) {
        let _ = (samples, emit, self.placement, self.channels);
    }

    /// The stream is over: hands out the slices that reach past its end.
    pub fn finish(self, emit: &mut dyn FnMut(SliceOut<'_>)) {
        let _ = (emit, self.spans);
    }
}

/// The spans of `beats_per_slice` beats each, without gap or overlap, that start before `total`.
pub fn spans_of_grid(
    grid: &Grid,
    rate: SampleRate,
    beats_per_slice: usize,
    total: Frames,
) -> impl Iterator<Item = Span> + use<'_> {
    let _ = (grid, rate, beats_per_slice, total);
    std::iter::empty()
}

/// The windows of a recording that lie wholly inside its `total` frames: window `n` starts at `round(n·hop·rate)`.
///
/// A longer window gives each slice more context; a shorter hop gives more slices, which overlap more.
pub fn spans_of_windows(
    window: Seconds,
    hop: Seconds,
    rate: SampleRate,
    total: Frames,
) -> impl Iterator<Item = Span> + use<> {
    let _ = (window, hop, rate, total);
    std::iter::empty()
}
