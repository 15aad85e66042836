//! Where the slices of a recording lie.

use super::Span;
use crate::grid::Grid;
use adm_core::{Frames, SampleRate, Seconds};

/// The spans of `beats_per_slice` beats each, without gap or overlap, that start before `total`; beats that are left over
/// at the end give none.
///
/// Starts are rounded to the nearest frame one by one, so rounding never adds up. More beats per slice give longer and
/// fewer slices.
pub fn spans_of_grid(
    grid: &Grid,
    rate: SampleRate,
    beats_per_slice: usize,
    total: Frames,
) -> impl Iterator<Item = Span> + use<'_> {
    let step = beats_per_slice.max(1);
    let frame = move |beat: usize| Some(Seconds(grid.start_of(beat)?).frames(rate).0);
    (0..grid.beats.len())
        .step_by(step)
        .map_while(move |index| Some(Span { index, start: frame(index)?, end: frame(index + step)? }))
        .take_while(move |span| span.start < total.0)
}

/// The windows of a recording that lie wholly inside its `total` frames: window `n` starts at `round(n·hop·rate)`.
///
/// A longer window gives each slice more context; a shorter hop gives more slices, which overlap more. Windows or hops of
/// less than a frame give no spans.
pub fn spans_of_windows(
    window: Seconds,
    hop: Seconds,
    rate: SampleRate,
    total: Frames,
) -> impl Iterator<Item = Span> + use<> {
    let length = window.frames(rate).0;
    let usable = length > 0 && hop.frames(rate).0 > 0;
    let span = move |index: usize| {
        let start = Seconds(index as f64 * hop.0).frames(rate).0;
        Some(Span { index, start, end: start.checked_add(length)? })
    };
    (0..).take_while(move |_| usable).map_while(span).take_while(move |span| span.end <= total.0)
}
