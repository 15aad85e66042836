//! Where a dataset's music goes on without a gap, and which passages of it are heard.

use adm_core::BEATS_PER_BAR;
use adm_core::seeds::{RngExt, StreamRng, shuffle};
use adm_dataset::{Manifest, Slicing, Split};
use std::ops::Range;

/// Neighbouring slices of one split that nothing else has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The recording's place in the manifest.
    pub recording: usize,
    pub slices: Range<usize>,
    /// The first slice that begins a bar, and slices in a bar; `(0, 1)` where bars are not known.
    pub bar: (usize, usize),
}

/// All stretches of a split, or of all slices, without what is `taken`.
pub(super) fn stretches(manifest: &Manifest, split: Option<Split>, taken: &[Range<usize>]) -> Vec<Stretch> {
    let whole = 0..manifest.slices;
    let all = std::slice::from_ref(&whole);
    let wanted = split.map_or(all, |split| manifest.splits.ranges(split));
    let mut found = Vec::new();
    for (recording, row) in manifest.recordings.iter().enumerate() {
        let mut first = row.slices.start;
        for passage in &row.passages {
            let whole = first..first + passage.slices;
            first = whole.end;
            let within = wanted.iter().map(|range| common(range, &whole));
            let free = within.flat_map(|range| without(range, taken));
            found.extend(free.filter(|range| !range.is_empty()).map(|slices| {
                let bar = bar(manifest.slicing, passage.bar_beat, slices.start - whole.start);
                Stretch { recording, slices, bar }
            }));
        }
    }
    found
}

/// Where bars begin `after` slices into a passage.
fn bar(slicing: Slicing, bar_beat: Option<u8>, after: usize) -> (usize, usize) {
    let (Slicing::Beats { beats_per_slice, .. }, Some(first)) = (slicing, bar_beat) else { return (0, 1) };
    let bar = BEATS_PER_BAR as usize;
    let begins = |slice: usize| (usize::from(first) + (after + slice) * beats_per_slice).is_multiple_of(bar);
    let mut begin = (0..2 * bar).filter(|&slice| begins(slice));
    match (begin.next(), begin.next()) {
        (Some(one), Some(two)) => (one, two - one),
        _ => (0, 1),
    }
}

fn common(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    let start = a.start.max(b.start);
    start..a.end.min(b.end).max(start)
}

fn without(range: Range<usize>, taken: &[Range<usize>]) -> Vec<Range<usize>> {
    taken.iter().fold(vec![range], |parts, taken| {
        parts
            .into_iter()
            .flat_map(|part| {
                let (before, after) = (part.start..part.end.min(taken.start), part.start.max(taken.end)..part.end);
                [before, after]
            })
            .filter(|part| part.start < part.end)
            .collect()
    })
}

/// Up to `count` passages of `length` slices that do not overlap: from recordings in turn, each time another of a recording.
pub(super) fn choose(stretches: &[Stretch], length: usize, count: usize, random: &mut StreamRng) -> Vec<Range<usize>> {
    let mut recordings: Vec<Vec<Range<usize>>> = Vec::new();
    let mut last = None;
    for stretch in stretches {
        if last != Some(stretch.recording) {
            recordings.push(Vec::new());
            last = Some(stretch.recording);
        }
        if let Some(of_recording) = recordings.last_mut() {
            of_recording.extend(passages(stretch, length, random));
        }
    }
    recordings.iter_mut().for_each(|passages| shuffle(passages, random));
    shuffle(&mut recordings, random);
    let most = recordings.iter().map(Vec::len).max().unwrap_or(0);
    let in_turn = (0..most).flat_map(|turn| recordings.iter().filter_map(move |passages| passages.get(turn).cloned()));
    in_turn.take(count).collect()
}

/// As many passages as fit into a stretch, each from a bar's beginning; together they are moved at random.
fn passages(stretch: &Stretch, length: usize, random: &mut StreamRng) -> Vec<Range<usize>> {
    let (first, bar) = stretch.bar;
    let (start, stride) = (stretch.slices.start + first, length.next_multiple_of(bar));
    let room = stretch.slices.end.saturating_sub(start);
    if room < length {
        return Vec::new();
    }
    let count = (room - length) / stride + 1;
    let slack = (room - length - (count - 1) * stride) / bar;
    let moved = start + random.random_range(0..=slack) * bar;
    (0..count).map(|passage| moved + passage * stride).map(|from| from..from + length).collect()
}
