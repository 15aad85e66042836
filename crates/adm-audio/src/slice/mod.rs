//! Slices cut from a stream as it passes.

mod spans;
pub mod verdict;

pub use spans::{spans_of_grid, spans_of_windows};
pub use verdict::Verdict;

use crate::fit::{Fitter, Placement};
use std::iter::Peekable;
use verdict::judge;

/// A slice is too short when the recording ends before this share of its sound.
const SHORTEST: f64 = 0.95;

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

/// Cuts spans from a stream, in order, holding no more of it than the first span that is not complete and what around it
/// reaches into its slice.
pub struct Slicer<I: Iterator<Item = Span>> {
    spans: Peekable<I>,
    placement: Placement,
    channels: usize,
    /// The held stretch of the stream, after `stale` samples that are not needed any more.
    held: Vec<f32>,
    stale: usize,
    /// Frames of the stream that have passed or are held.
    reached: u64,
    slice: Vec<f32>,
    fitter: Fitter,
}

impl<I: Iterator<Item = Span>> Slicer<I> {
    /// A slicer of `spans` (by ascending start; they may overlap) out of a stream with `channels` channels.
    pub fn new(spans: I, placement: Placement, channels: usize) -> Self {
        let slice = vec![0.0; placement.length * channels];
        let fitter = Fitter::new(placement, channels);
        Self { spans: spans.peekable(), placement, channels, held: Vec::new(), stale: 0, reached: 0, slice, fitter }
    }

    /// Takes the next interleaved samples of the stream, shape `[frames, channels]`, and hands out each slice that they
    /// complete.
    pub fn push(&mut self, samples: &[f32], emit: &mut dyn FnMut(SliceOut<'_>)) {
        self.held.extend_from_slice(samples);
        self.reached += (samples.len() / self.channels) as u64;
        while let Some(&span) = self.spans.peek() {
            let context = self.placement.context() as u64;
            if span.start.saturating_add(self.wanted(span)).saturating_add(context) > self.reached {
                break;
            }
            self.cut(span, emit);
            self.spans.next();
        }
        self.forget();
    }

    /// The stream is over: hands out the slices that reach past its end. Spans that only start there are no slices of
    /// this recording.
    pub fn finish(mut self, emit: &mut dyn FnMut(SliceOut<'_>)) {
        while let Some(span) = self.spans.next().filter(|span| span.start < self.reached) {
            self.cut(span, emit);
        }
    }

    /// Frames that a span's slice needs.
    fn wanted(&self, span: Span) -> u64 {
        self.placement.taken(span.end.saturating_sub(span.start)) as u64
    }

    fn cut(&mut self, span: Span, emit: &mut dyn FnMut(SliceOut<'_>)) {
        let (wanted, channels) = (self.wanted(span), self.channels);
        let held = &self.held[self.stale..];
        let first = self.reached - (held.len() / channels) as u64;
        let from = (span.start.saturating_sub(first) as usize).saturating_mul(channels).min(held.len());
        let to = from.saturating_add((wanted as usize).saturating_mul(channels)).min(held.len());
        let source = &held[from..to];
        self.fitter.fit(held, from, span.end.saturating_sub(span.start), &mut self.slice);
        // A span that starts before what is held came out of order; its sound is gone.
        let there = if span.start < first { 0 } else { (source.len() / channels) as u64 };
        let enough = there > 0 && there as f64 >= SHORTEST * wanted as f64;
        let verdict = if enough { judge(source, channels) } else { Verdict::TooShort };
        emit(SliceOut { span, samples: &self.slice, verdict });
    }

    /// Lets go of everything before the next span and its context.
    fn forget(&mut self) {
        let context = self.placement.context() as u64;
        let needed = self.spans.peek().map_or(u64::MAX, |span| span.start.saturating_sub(context));
        let held = (self.held.len() - self.stale) / self.channels;
        let first = self.reached - held as u64;
        let past = needed.saturating_sub(first).min(held as u64) as usize;
        self.stale += past * self.channels;
        // Moving what is left to the front only now and then keeps the cost of a frame constant.
        if self.stale * 2 >= self.held.len() {
            self.held.drain(..self.stale);
            self.stale = 0;
        }
    }
}
