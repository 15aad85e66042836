//! Sections against the truth of a synthesised set, and of sets that have little to learn from.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod common;

use adm_audio::WavFormat;
use adm_core::{Bpm, SampleRate, Seconds, Silent};
use adm_dataset::{Dataset, Fit, GridChoice, PrepareSettings, Slicing, prepare};
use adm_synth::{DjSet, SectionKind, SetSettings};
use adm_tokens::{SectionName, Sections, Transcript, Unknown, VoteSettings, tokenize};
use common::Sound::{Full, Kick, Pad};
use common::{Sound, beat, beats, dataset, of_slices};
use std::path::Path;

/// A set of two tracks and its beats as a dataset.
fn synthesised(dir: &Path, seed: u64) -> (DjSet, Dataset) {
    let rate = SampleRate::new(22_050).unwrap();
    let set = DjSet::new(SetSettings { seed, rate, duration: Seconds(150.0), ..SetSettings::default() }).unwrap();
    let wav = dir.join("set.wav");
    set.write_wav(&wav, WavFormat::Pcm16, &Silent).unwrap();
    let grid = GridChoice::Fixed { bpm: Bpm::new(128.0).unwrap(), offset: Seconds(0.0) };
    let slicing = Slicing::Beats { bpm: Bpm::FOUNDING, beats_per_slice: 1, fit: Fit::Place, grid };
    let settings = PrepareSettings { rate, slicing, ..PrepareSettings::new(vec![wav], dir.join("data")) };
    prepare(&settings, &Silent).unwrap();
    (set, Dataset::open(&dir.join("data")).unwrap())
}

/// The parts of a truth's beats that are named so, of those that play alone.
fn named(set: &DjSet, transcript: &Transcript, sections: &Sections, kind: SectionKind, names: &[SectionName]) -> f64 {
    let spans = set.annotations().sections;
    let kinds = |beat: u64| spans.iter().filter(move |it| (it.first_beat..it.first_beat + it.beats).contains(&beat));
    let (mut right, mut all) = (0, 0);
    for stretch in transcript.stretches() {
        for (beat, slice) in (stretch.position..).zip(stretch.slices.clone()) {
            if kinds(beat).count() == 1 && kinds(beat).all(|span| span.kind == kind) {
                all += 1;
                right += usize::from(sections.at(slice).is_some_and(|name| names.contains(&name)));
            }
        }
    }
    f64::from(right as u32) / f64::from(all as u32)
}

#[test]
fn breaks_and_drops_are_those_of_the_set() {
    let (mut breaks, mut drops) = (Vec::new(), Vec::new());
    for seed in [3, 7] {
        let dir = tempfile::tempdir().unwrap();
        let (set, dataset) = synthesised(dir.path(), seed);
        let (book, transcript) = tokenize(&dataset, &VoteSettings::default(), None, &Silent).unwrap();
        assert_eq!(transcript.stretches()[0].bar_beat, 0);
        let sections = Sections::learn(&transcript, &book).unwrap();
        let part = |kind, names: &[SectionName]| named(&set, &transcript, &sections, kind, names);
        // A riser at the end of a break is a build.
        breaks.push(part(SectionKind::Break, &[SectionName::Break, SectionName::Build]));
        drops.push(part(SectionKind::Drop, &[SectionName::Drop]));
        let lows = |name| sections.get(name).lows;
        assert!(lows(SectionName::Break) < 0.1 && lows(SectionName::Drop) > 0.5);
        check(&sections, &transcript);
    }
    assert!(breaks.iter().all(|&part| part > 0.9) && drops.iter().all(|&part| part > 0.8), "{breaks:?} {drops:?}");
}

/// What must hold of all sections.
fn check(sections: &Sections, transcript: &Transcript) {
    assert_eq!(sections.all().iter().map(|it| it.name).collect::<Vec<_>>(), SectionName::ALL);
    for section in sections.all() {
        assert_eq!(section.weights.len(), transcript.vocabulary());
        assert!(section.weights.iter().all(|&weight| weight > 0.0));
        assert!((section.weights.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        assert_eq!(section.bars == 0, section.borrowed_from.is_some(), "{}", section.name);
        assert!(section.level.is_finite() && section.onsets.is_finite() && (0.0..=1.0).contains(&section.lows));
    }
    assert!(sections.overall().iter().all(|&weight| weight > 0.0));
    assert_eq!(sections.overall().len(), transcript.vocabulary());
    let mut next = 0;
    for span in sections.spans() {
        assert_eq!(span.slices.start, next, "spans cover all slices");
        next = span.slices.end;
    }
    assert_eq!(next, transcript.tokens().len());
    assert!(sections.at(next).is_none() && sections.at(0).is_some());
}

#[test]
fn weights_are_what_sounds_in_a_section_and_a_little_of_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let song: Vec<Sound> = [[Kick; 32], [Full; 32], [Pad; 32], [Full; 32]].concat();
    let dataset = dataset(dir.path(), &[&[(0, Some(0), &song)]], beats(), 0);
    let (book, transcript) = tokenize(&dataset, &VoteSettings::default(), None, &Silent).unwrap();
    let sections = Sections::learn(&transcript, &book).unwrap();
    let spans: Vec<_> = sections.spans().iter().map(|span| (span.slices.start, span.name)).collect();
    use SectionName::{Break, Drop, Intro};
    assert_eq!(spans, [(0, Intro), (32, Drop), (64, Break), (96, Drop)]);
    let token = |slice: usize| transcript.tokens()[slice] as usize;
    let weight = |name: SectionName, slice: usize| sections.get(name).weights[token(slice)];
    assert!(weight(Drop, 40) > 0.85 && weight(Break, 70) > 0.7 && weight(Intro, 0) > 0.7);
    assert!(weight(Break, 40) < 0.2 && weight(Break, 40) > weight(Break, 0));
    let outro = sections.get(SectionName::Outro);
    assert_eq!((outro.borrowed_from, &outro.weights), (Some(Intro), &sections.get(Intro).weights));
    check(&sections, &transcript);
}

#[test]
fn a_reused_book_does_not_change_what_a_section_has_more_of() {
    let dir = tempfile::tempdir().unwrap();
    let kicks = dataset(&dir.path().join("kicks"), &[&[(0, Some(0), &[Kick; 90])]], beats(), 0);
    let song: Vec<Sound> = [Full, Pad, Kick, Pad].repeat(12);
    let song = dataset(&dir.path().join("song"), &[&[(0, Some(0), &song)]], beats(), 500);
    let (first, _) = tokenize(&kicks, &VoteSettings::default(), None, &Silent).unwrap();
    let (book, transcript) = tokenize(&song, &first.settings(Unknown::Born), Some(&first), &Silent).unwrap();
    let sections = Sections::learn(&transcript, &book).unwrap();
    assert_eq!(sections.spans().len(), 1, "all is one section");
    let counted: u64 = book.rows().iter().map(|row| row.count).sum();
    assert_eq!((counted, transcript.tokens().len()), (138, 48), "the book's counts are of both sets");
    for section in sections.all() {
        assert_eq!(section.weights, sections.overall(), "{}", section.name);
    }
    check(&sections, &transcript);
}

#[test]
fn poor_sets_have_every_section() {
    let dir = tempfile::tempdir().unwrap();
    for (name, slices) in [
        ("one", vec![beat(Full, 1)]),
        ("same", vec![beat(Full, 1); 40]),
        ("silence", vec![vec![0.0; 2_000]; 9]),
        ("short", vec![vec![0.5; 2]; 9]),
    ] {
        let dataset = of_slices(&dir.path().join(name), slices, common::RATE);
        let (book, transcript) = tokenize(&dataset, &VoteSettings::default(), None, &Silent).unwrap();
        let sections = Sections::learn(&transcript, &book).unwrap();
        check(&sections, &transcript);
        assert_eq!(sections.spans().len(), 1, "{name}");
        assert_eq!(sections.get(SectionName::Break).borrowed_from, Some(SectionName::Drop), "{name}");
    }
}
