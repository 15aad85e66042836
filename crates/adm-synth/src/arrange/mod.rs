//! The form of a track: its sections, and who plays how loudly in each bar.

pub mod scene;

use serde::{Deserialize, Serialize};

/// What a section is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SectionKind {
    /// Drums alone at first: made to be mixed into.
    Intro,
    /// The band enters.
    Groove,
    /// No kick; pads, chords and a riser towards its end.
    Break,
    /// Everybody.
    Drop,
    /// Back to drums: made to be mixed out of.
    Outro,
}

/// A stretch of a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// What it is for.
    pub kind: SectionKind,
    /// Its first bar, counted from the track's first.
    pub start: u64,
    /// How many bars it lasts.
    pub bars: u64,
}

/// How a track's bars are shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormSettings {
    /// Bars of the whole track.
    pub bars: u64,
    /// Bars of the intro; 0 where the track has none.
    pub intro: u64,
    /// Bars of the outro; 0 where the track has none.
    pub outro: u64,
    /// Bars of each break; 0 for none.
    pub break_bars: u64,
}

/// The least that a groove and a drop take beside a break.
const LEAST_GROOVE: u64 = 4;

/// Bars of groove and drop for each break in a long track.
const GROOVE_PER_BREAK: u64 = 40;

/// The sections of a track, one after another without a gap: intro, then groove, break and drop once or more often, then outro.
///
/// A track too short for its break has none, and one too short for anything else is all groove.
pub fn form(settings: FormSettings) -> Vec<Section> {
    let FormSettings { bars, intro, outro, break_bars } = settings;
    let inner = bars.saturating_sub(intro + outro);
    let mut sections = Sections::default();
    if inner == 0 {
        sections.push(SectionKind::Groove, bars);
        return sections.0;
    }
    sections.push(SectionKind::Intro, intro);
    let cycles = (inner / (break_bars + GROOVE_PER_BREAK)).max(1);
    for cycle in 0..cycles {
        let end = whole_phrases(inner, cycle + 1, cycles);
        sections.cycle(end - whole_phrases(inner, cycle, cycles), break_bars);
    }
    sections.push(SectionKind::Outro, outro);
    sections.0
}

/// Where cycle `cycle` of `cycles` starts within `inner` bars: on a four-bar phrase, but the end is the end.
fn whole_phrases(inner: u64, cycle: u64, cycles: u64) -> u64 {
    if cycle == cycles { inner } else { inner * cycle / cycles / 4 * 4 }
}

#[derive(Default)]
struct Sections(Vec<Section>);

impl Sections {
    fn push(&mut self, kind: SectionKind, bars: u64) {
        let start = self.0.last().map_or(0, |last| last.start + last.bars);
        if bars > 0 {
            self.0.push(Section { kind, start, bars });
        }
    }

    fn cycle(&mut self, bars: u64, break_bars: u64) {
        if break_bars == 0 || bars < break_bars + 2 * LEAST_GROOVE {
            let groove = if bars < 2 * LEAST_GROOVE { bars } else { bars / 2 / 4 * 4 };
            self.push(SectionKind::Groove, groove);
            self.push(SectionKind::Drop, bars - groove);
            return;
        }
        let groove = ((bars - break_bars) / 2 / 4 * 4).max(LEAST_GROOVE);
        self.push(SectionKind::Groove, groove);
        self.push(SectionKind::Break, break_bars);
        self.push(SectionKind::Drop, bars - break_bars - groove);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SectionKind::{Break, Drop, Groove, Intro, Outro};

    fn kinds(bars: u64, intro: u64, outro: u64, break_bars: u64) -> Vec<(SectionKind, u64)> {
        form(FormSettings { bars, intro, outro, break_bars }).iter().map(|s| (s.kind, s.bars)).collect()
    }

    #[test]
    fn a_usual_track_has_all_five_sections() {
        assert_eq!(kinds(48, 8, 8, 8), [(Intro, 8), (Groove, 12), (Break, 8), (Drop, 12), (Outro, 8)]);
    }

    #[test]
    fn a_long_track_breaks_more_than_once() {
        let breaks = kinds(128, 8, 8, 8).iter().filter(|section| section.0 == Break).count();
        assert_eq!(breaks, 2);
    }

    #[test]
    fn a_short_track_keeps_what_fits() {
        assert_eq!(kinds(12, 0, 0, 8), [(Groove, 4), (Drop, 8)]);
        assert_eq!(kinds(16, 0, 0, 8), [(Groove, 4), (Break, 8), (Drop, 4)]);
        assert_eq!(kinds(3, 0, 0, 8), [(Groove, 3)]);
        assert_eq!(kinds(4, 2, 2, 8), [(Groove, 4)]);
    }

    #[test]
    fn sections_fill_any_track_without_gap_or_overlap() {
        for bars in 1..200 {
            for break_bars in [0, 4, 8, 12, 16] {
                let sections = form(FormSettings { bars, intro: bars.min(8), outro: 8, break_bars });
                let mut next = 0;
                for section in sections {
                    assert_eq!(section.start, next, "{bars} bars, break {break_bars}");
                    assert!(section.bars > 0);
                    next += section.bars;
                }
                assert_eq!(next, bars, "break {break_bars}");
            }
        }
    }
}
