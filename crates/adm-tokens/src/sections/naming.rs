//! What a segment is, in the words of DJs.
//!
//! All is relative to the segments around, those of which any bar lies within 32 bars of a segment's middle: a set's tracks
//! are not equally loud. A segment *has the low end* where its level below 150 Hz is no more than 10 dB below the strongest
//! around it.
//!
//! | section | in numbers |
//! |-|-|
//! | drop | has the low end, and no segment around that has it is more than 2 dB louder |
//! | break | lacks the low end |
//! | build | has the low end and is not as loud as a drop; or lacks it, comes between a break and a drop, and is 1.5 dB louder or has a third more onsets than that break |
//! | intro | all before the recording's first drop or first break, but no more than 32 bars; a break that the recording begins with is part of it |
//! | outro | all after the last drop or break, in the same way from the end |
//!
//! "Louder" is to the ear, by the loudnesses of all bands: a kick alone has much level and little loudness.
//!
//! A recording of one even sound is all drop.

use super::SectionName;
use super::bars::Heard;
use std::ops::Range;

/// Decibels below the strongest low end that still are one.
const LOWS_WITHIN: f32 = 10.0;
/// Decibels below the loudest segment with the low end that still are a drop.
const DROP_WITHIN: f32 = 2.0;
/// Decibels by which a build is louder than the break before it.
const RISE: f32 = 1.5;
/// Bars to either side that a segment is compared with: about half a track.
const NEAR_BARS: usize = 32;
/// Part by which a build has more onsets than the break before it.
const MORE_ONSETS: f32 = 1.33;
/// Most bars of an intro or an outro.
const END_BARS: usize = 32;

/// A segment with what is heard in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Segment {
    pub bars: usize,
    pub heard: Heard,
}

/// The names of one recording's segments, in order.
pub(super) fn names(segments: &[Segment]) -> Vec<SectionName> {
    let starts = starts(segments);
    let around = |index: usize| around(&starts, index);
    let low_ends: Vec<bool> = (0..segments.len()).map(|index| has_low_end(segments, index, around(index))).collect();
    let name = |index: usize| {
        let loudest = around(index).filter(|&other| low_ends[other]).map(|other| segments[other].heard.loudness);
        match low_ends[index] {
            true if segments[index].heard.loudness >= highest(loudest) - DROP_WITHIN => SectionName::Drop,
            true => SectionName::Build,
            false => SectionName::Break,
        }
    };
    let mut names: Vec<SectionName> = (0..segments.len()).map(name).collect();
    name_rises(segments, &mut names);
    name_end(segments.iter(), names.iter_mut(), SectionName::Intro);
    name_end(segments.iter().rev(), names.iter_mut().rev(), SectionName::Outro);
    names
}

fn has_low_end(segments: &[Segment], index: usize, around: Range<usize>) -> bool {
    segments[index].heard.lows >= highest(around.map(|other| segments[other].heard.lows)) - LOWS_WITHIN
}

/// The bar that each segment starts with, and the one after the last.
fn starts(segments: &[Segment]) -> Vec<usize> {
    let ends = segments.iter().scan(0, |end, segment| {
        *end += segment.bars;
        Some(*end)
    });
    std::iter::once(0).chain(ends).collect()
}

/// The segments of which any bar lies within [`NEAR_BARS`] of the middle of segment `index`, itself among them.
fn around(starts: &[usize], index: usize) -> Range<usize> {
    let middle = (starts[index] + starts[index + 1]) / 2;
    let (start, end) = (middle.saturating_sub(NEAR_BARS), middle + NEAR_BARS);
    let (starts, ends) = (&starts[..starts.len() - 1], &starts[1..]);
    ends.partition_point(|&of| of <= start)..starts.partition_point(|&of| of < end)
}

fn highest(values: impl Iterator<Item = f32>) -> f32 {
    values.fold(f32::NEG_INFINITY, f32::max)
}

/// The ends of breaks that rise into a drop are builds.
fn name_rises(segments: &[Segment], names: &mut [SectionName]) {
    for last in 1..names.len().saturating_sub(1) {
        let before_drop = names[last - 1..=last + 1] == [SectionName::Break, SectionName::Break, SectionName::Drop];
        let (before, here) = (&segments[last - 1].heard, &segments[last].heard);
        let rises = here.loudness > before.loudness + RISE || here.onsets > before.onsets * MORE_ONSETS;
        if before_drop && rises {
            names[last] = SectionName::Build;
        }
    }
}

/// What comes before the first drop, or before the first break that something else comes before, is the end's.
fn name_end<'a>(
    segments: impl Iterator<Item = &'a Segment>,
    names: impl Iterator<Item = &'a mut SectionName>,
    end: SectionName,
) {
    let (mut bars, mut begun) = (0, false);
    for (segment, name) in segments.zip(names) {
        bars += segment.bars;
        if *name == SectionName::Drop || (*name == SectionName::Break && begun) || bars > END_BARS {
            return;
        }
        begun |= *name != SectionName::Break;
        *name = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(bars: usize, level: f32, lows: f32, onsets: f32) -> Segment {
        Segment { bars, heard: Heard { level, loudness: level, lows, low_share: 0.5, onsets } }
    }

    fn named(segments: &[Segment]) -> String {
        names(segments).into_iter().map(SectionName::name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_track_has_its_sections() {
        let track = [
            segment(8, -16.0, -18.0, 3.0),
            segment(16, -10.0, -12.0, 6.0),
            segment(8, -20.0, -40.0, 1.0),
            segment(4, -18.0, -40.0, 2.0),
            segment(16, -9.5, -12.0, 6.0),
            segment(8, -13.0, -13.0, 4.0),
            segment(16, -9.5, -12.0, 6.0),
            segment(8, -16.0, -30.0, 3.0),
        ];
        assert_eq!(named(&track), "intro drop break build drop build drop outro");
    }

    #[test]
    fn ends_end_at_breaks_and_are_short() {
        let break_first = [segment(8, -16.0, -18.0, 3.0), segment(8, -20.0, -40.0, 1.0), segment(8, -10.0, -12.0, 6.0)];
        assert_eq!(named(&break_first), "intro break drop");
        let long = [segment(40, -20.0, -13.0, 1.0), segment(8, -10.0, -12.0, 5.0), segment(40, -14.0, -14.0, 3.0)];
        assert_eq!(named(&long), "build drop build");
        let without_lows = [segment(8, -20.0, -40.0, 1.0), segment(8, -14.0, -14.0, 3.0), segment(8, -9.0, -12.0, 3.0)];
        assert_eq!(named(&without_lows), "intro intro drop");
    }

    #[test]
    fn tracks_are_compared_with_what_is_around_them() {
        let quiet = [segment(64, -20.0, -22.0, 3.0), segment(8, -30.0, -60.0, 1.0), segment(64, -20.0, -22.0, 3.0)];
        let loud = [segment(8, -20.0, -60.0, 1.0), segment(48, -9.0, -10.0, 3.0)];
        assert_eq!(named(&[&quiet[..], &loud].concat()), "drop break drop break drop");
        assert_eq!(named(&quiet), "drop break drop");
    }

    #[test]
    fn what_is_around_is_what_a_walk_over_all_finds() {
        let bars = |index: usize| [4, 9, 33, 64, 5, 4, 17][index * index % 7];
        let segments: Vec<Segment> = (0..200).map(|index| segment(bars(index), -10.0, -12.0, 3.0)).collect();
        let starts = starts(&segments);
        for index in 0..segments.len() {
            let before: usize = segments[..index].iter().map(|segment| segment.bars).sum();
            let middle = before + segments[index].bars / 2;
            let is_near = |&other: &usize| {
                let start: usize = segments[..other].iter().map(|segment| segment.bars).sum();
                (start..start + segments[other].bars).any(|bar| bar + 32 >= middle && bar < middle + 32)
            };
            let near: Vec<usize> = (0..segments.len()).filter(is_near).collect();
            assert_eq!(around(&starts, index).collect::<Vec<_>>(), near, "segment {index}");
        }
    }

    #[test]
    fn a_segment_is_held_against_as_many_others_however_long_the_set_is() {
        let looked_at = |count: usize| {
            let segments: Vec<Segment> = (0..count).map(|_| segment(4, -10.0, -12.0, 3.0)).collect();
            let starts = starts(&segments);
            (0..count).map(|index| around(&starts, index).len()).max()
        };
        assert_eq!(looked_at(200), looked_at(2_000));
    }

    #[test]
    fn an_even_set_is_all_drop() {
        assert_eq!(named(&[segment(9, -70.0, -70.0, 0.0)]), "drop");
        assert_eq!(named(&[]), "");
    }
}
