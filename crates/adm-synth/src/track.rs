//! A track: everything that is drawn once and kept for its length, and the notes that follow from it.

use crate::arrange::scene::{Scene, Taste};
use crate::arrange::{FormSettings, Section, SectionKind, form};
use crate::drift::Drift;
use crate::pattern::bass::BassLine;
use crate::pattern::drums::{Drums, Fill};
use crate::pattern::harmony::Harmony;
use crate::pattern::melody::Melody;
use crate::pattern::{BEATS_PER_BAR, Note, Part, Style};
use adm_core::Seeds;
use adm_core::seeds::{RngExt, StreamRng};

/// Bars between two fills.
const PHRASE_BARS: u64 = 4;

/// Beats before a drop in which the riser climbs and the snare rolls; half the break where that is shorter.
const LONGEST_BUILD: u64 = 16;

/// A composed track.
#[derive(Debug, Clone)]
pub struct Track {
    seeds: Seeds,
    number: u64,
    sections: Vec<Section>,
    taste: Taste,
    drums: Drums,
    bass: BassLine,
    harmony: Harmony,
    melody: Melody,
    drifts: [Drift; Part::COUNT],
    /// How much later every second sixteenth comes, as a share of a sixteenth.
    swing: f64,
}

impl Track {
    /// Composes track `number` of a set.
    pub fn compose(seeds: Seeds, number: u64, style: Style, settings: FormSettings) -> Self {
        let mut rng = seeds.stream("synth track", number);
        let rng = &mut rng;
        let most_swing = if style == Style::Techno { 0.12 } else { 0.3 };
        Self {
            seeds,
            number,
            sections: form(settings),
            taste: Taste::draw(rng, !style.is_four_on_the_floor()),
            drums: Drums::draw(rng, style),
            bass: BassLine::draw(rng, style),
            harmony: Harmony::draw(rng),
            melody: Melody::draw(rng),
            drifts: std::array::from_fn(|_| Drift::draw(rng)),
            swing: if rng.random_bool(0.6) { rng.random_range(0.0..most_swing) } else { 0.0 },
        }
    }

    /// Its sections in order.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Its loudest section: the drop, or the groove of a track without one.
    pub fn loudest_section(&self) -> Section {
        let kind = |kind| self.sections.iter().find(|section| section.kind == kind);
        let any = Section { kind: SectionKind::Groove, start: 0, bars: 1 };
        kind(SectionKind::Drop).or_else(|| kind(SectionKind::Groove)).copied().unwrap_or(any)
    }

    /// A stream of random numbers for `purpose` that belongs to one beat of this track.
    pub fn stream(&self, purpose: &str, beat: u64) -> StreamRng {
        self.seeds.stream(purpose, self.number << 40 | beat)
    }

    /// Brightness of `part` at a time in beats, -1 to 1: the section's own movement for the harmony, and a slow drift.
    pub fn tone(&self, part: Part, at: f64) -> f32 {
        let drift = self.drifts[part as usize].at(at);
        match part {
            Part::Stab | Part::Pad | Part::Pluck => {
                let scene = self.scene_at((at / BEATS_PER_BAR as f64) as u64);
                (scene.map_or(0.0, |(scene, _)| scene.tone) + 0.4 * drift).clamp(-1.0, 1.0)
            }
            _ => drift,
        }
    }

    /// The section of `bar`.
    pub fn section_at(&self, bar: u64) -> Option<Section> {
        self.sections.iter().find(|section| (section.start..section.start + section.bars).contains(&bar)).copied()
    }

    fn scene_at(&self, bar: u64) -> Option<(Scene, Section)> {
        let section = self.section_at(bar)?;
        Some((self.taste.scene(section, bar - section.start), section))
    }

    /// All notes that start in beat `beat`, none after the track's end.
    pub fn notes(&self, beat: u64) -> Vec<Note> {
        let Some((scene, section)) = self.scene_at(beat / BEATS_PER_BAR) else { return Vec::new() };
        let fill = self.fill(beat, section);
        let mut notes = self.drum_notes(beat);
        notes.extend(self.bass.notes(beat, &self.harmony));
        notes.extend(self.melody.notes(beat, &self.harmony));
        notes.retain(|note| fill.spares(note.part));
        for note in &mut notes {
            note.velocity *= scene.level(note.part);
        }
        notes.extend(fill.notes(beat as f64));
        notes.extend(effects(beat, section));
        notes.retain(|note| note.velocity > 0.0);
        self.humanise(&mut notes, beat);
        notes
    }

    fn drum_notes(&self, beat: u64) -> Vec<Note> {
        let note = |part: Part, step: u64| Note {
            part,
            at: step as f64 / 4.0,
            beats: 0.25,
            velocity: self.drums.velocity(part, step),
            pitches: vec![(step % 3) as f32],
        };
        let steps = beat * 4..beat * 4 + 4;
        steps.flat_map(|step| Part::ALL.map(|part| note(part, step))).filter(|note| note.velocity > 0.0).collect()
    }

    /// The fill of `beat`: only the last beat of a phrase of a section with a kick has one.
    fn fill(&self, beat: u64, section: Section) -> Fill {
        let bar = beat / BEATS_PER_BAR - section.start;
        let is_last = beat % BEATS_PER_BAR == BEATS_PER_BAR - 1 && bar % PHRASE_BARS == PHRASE_BARS - 1;
        if is_last && matches!(section.kind, SectionKind::Groove | SectionKind::Drop) {
            Fill::draw(&mut self.stream("synth fill", beat))
        } else {
            Fill::None
        }
    }

    /// Swing, and the small unevenness of hands: up to 2 % of a beat in time for loose parts, 15 % in force for all but the kick.
    fn humanise(&self, notes: &mut [Note], beat: u64) {
        let mut rng = self.stream("synth hands", beat);
        for note in notes {
            let sixteenth = (note.at - beat as f64) * 4.0;
            if sixteenth.fract() == 0.0 && sixteenth as u64 % 2 == 1 {
                note.at += self.swing / 4.0;
            }
            let (late, force) = (rng.random_range(0.0..0.02), rng.random_range(0.85..1.0));
            note.at += if note.part.is_loose() { late } else { 0.0 };
            note.velocity *= if note.part == Part::Kick { 1.0 } else { force };
        }
    }
}

/// Crashes where a section begins, and the riser and snare roll that lead out of a break.
fn effects(beat: u64, section: Section) -> Vec<Note> {
    let (start, end) = (section.start * BEATS_PER_BAR, (section.start + section.bars) * BEATS_PER_BAR);
    let build = LONGEST_BUILD.min((end - start) / 2);
    let note = |part, at: f64, beats, velocity| Note { part, at, beats, velocity, pitches: Vec::new() };
    let mut notes = Vec::new();
    if beat == start && section.kind != SectionKind::Intro {
        notes.push(note(Part::Crash, beat as f64, 4.0, if section.kind == SectionKind::Drop { 1.0 } else { 0.6 }));
    }
    if section.kind == SectionKind::Break && beat + build >= end {
        if beat + build == end {
            notes.push(note(Part::Riser, beat as f64, build as f64, 1.0));
        }
        let left = (end - beat) as f32 / build.max(1) as f32;
        let hits = if left > 0.5 {
            1
        } else if left > 0.25 {
            2
        } else {
            4
        };
        let velocity = 0.35 + 0.5 * (1.0 - left);
        notes.extend(
            (0..hits).map(|hit| note(Part::Snare, beat as f64 + f64::from(hit) / f64::from(hits), 0.25, velocity)),
        );
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(seed: u64, style: Style) -> Track {
        let settings = FormSettings { bars: 48, intro: 8, outro: 8, break_bars: 8 };
        Track::compose(Seeds::new(seed), 0, style, settings)
    }

    #[test]
    fn a_break_has_no_kick_for_all_its_beats_and_a_house_groove_has_one_on_nearly_all() {
        for seed in 0..30 {
            let track = track(seed, Style::House);
            let kicks =
                |beat: u64| track.notes(beat).iter().any(|note| note.part == Part::Kick && note.at == beat as f64);
            assert!((80..112).all(|beat| !kicks(beat)), "seed {seed}");
            let played = (0..80).chain(112..192).filter(|&beat| kicks(beat)).count();
            assert!(played >= 150, "seed {seed}: {played} of 160");
            assert!(kicks(112), "seed {seed}: the drop begins with a kick");
        }
    }

    #[test]
    fn notes_stay_in_their_beat_and_the_track() {
        let track = track(4, Style::DrumAndBass);
        for beat in 0..200u64 {
            let notes = track.notes(beat);
            assert_eq!(notes.is_empty(), beat >= 192, "beat {beat}");
            assert!(notes.iter().all(|note| (beat as f64..beat as f64 + 1.0).contains(&note.at)));
            assert!(notes.iter().all(|note| (0.0..=1.0).contains(&note.velocity)));
        }
    }

    #[test]
    fn tracks_differ_and_repeat_by_seed() {
        let notes = |seed, beat| track(seed, Style::House).notes(beat);
        assert_eq!(notes(1, 40), notes(1, 40));
        assert_ne!(notes(1, 40), notes(2, 40));
        assert_ne!(track(1, Style::House).notes(120), track(1, Style::House).notes(136));
    }
}
