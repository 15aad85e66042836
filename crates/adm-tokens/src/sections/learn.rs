//! From a transcript's bars to the weights of its sections.

use super::bars::{Bar, Heard, bars};
use super::naming::{self, Segment};
use super::segment::segments;
use super::shares::Shares;
use super::{Section, SectionName, Sections, Span};
use crate::book::Book;
use crate::transcript::Transcript;

/// Bars of one name.
struct Named {
    name: SectionName,
    bars: Vec<Bar>,
}

pub(super) fn learn(transcript: &Transcript, book: &Book) -> Sections {
    let named = name(bars(transcript, book));
    let all = Shares::new(transcript);
    let own = |name: SectionName| {
        let bars: Vec<&Bar> = named.iter().filter(|named| named.name == name).flat_map(|named| &named.bars).collect();
        let tokens = bars.iter().flat_map(|bar| &transcript.tokens()[bar.slices.clone()]);
        let weights = all.within(tokens.copied());
        let heard = Heard::mean(bars.iter().map(|bar| &bar.heard));
        let (level, lows, onsets) = (heard.level, heard.low_share, heard.onsets);
        Section { name, weights, bars: bars.len(), borrowed_from: None, level, lows, onsets }
    };
    let own = SectionName::ALL.map(own);
    let sections = own.iter().map(|section| borrowed(section, &own)).collect();
    Sections { sections, overall: all.overall(), spans: spans(&named) }
}

/// Where sections lie; segments of one name that follow one another are one.
fn spans(named: &[Named]) -> Vec<Span> {
    let stretch = |named: &Named| named.bars.first().map(|bar| bar.stretch);
    let together = |a: &Named, b: &Named| a.name == b.name && stretch(a) == stretch(b);
    let span = |named: &[Named]| {
        let (first, last) = (named.first()?.bars.first()?, named.last()?.bars.last()?);
        Some(Span { slices: first.slices.start..last.slices.end, name: named[0].name })
    };
    named.chunk_by(together).filter_map(span).collect()
}

/// Segments of all stretches, named recording by recording.
fn name(stretches: Vec<Vec<Bar>>) -> Vec<Named> {
    let mean_onsets = Heard::mean(stretches.iter().flatten().map(|bar| &bar.heard)).onsets;
    let mut parts: Vec<Vec<Bar>> = Vec::new();
    for stretch in stretches {
        parts.extend(segments(&stretch, mean_onsets).into_iter().map(|range| stretch[range].to_vec()));
    }
    let of_one_recording = |a: &Vec<Bar>, b: &Vec<Bar>| a[0].recording == b[0].recording;
    let mut named = Vec::new();
    for parts in parts.chunk_by(of_one_recording) {
        let segment =
            |bars: &Vec<Bar>| Segment { bars: bars.len(), heard: Heard::mean(bars.iter().map(|bar| &bar.heard)) };
        let segments: Vec<Segment> = parts.iter().map(segment).collect();
        let names = naming::names(&segments);
        named.extend(names.into_iter().zip(parts).map(|(name, bars)| Named { name, bars: bars.clone() }));
    }
    named
}

/// A section that the set does not have sounds like the most similar one that it has.
fn borrowed(section: &Section, all: &[Section]) -> Section {
    use SectionName::{Break, Build, Drop, Intro, Outro};
    let lenders = match section.name {
        Intro => [Outro, Build, Break, Drop],
        Build => [Drop, Intro, Outro, Break],
        Drop => [Build, Intro, Outro, Break],
        Break => [Intro, Outro, Build, Drop],
        Outro => [Intro, Build, Break, Drop],
    };
    let lender = lenders.into_iter().find_map(|name| all.iter().find(|other| other.name == name && other.bars > 0));
    match lender {
        Some(lender) if section.bars == 0 => {
            Section { name: section.name, bars: 0, borrowed_from: Some(lender.name), ..lender.clone() }
        }
        _ => section.clone(),
    }
}
