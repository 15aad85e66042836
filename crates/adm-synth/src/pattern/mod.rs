//! What is played: rhythms on a grid of sixteenths, harmony, and the notes they become.

pub mod bass;
pub mod drums;
pub mod harmony;
pub mod melody;

use adm_core::seeds::{RngExt, StreamRng};
use serde::{Deserialize, Serialize};

/// Beats in a bar: all of it is in 4/4.
pub const BEATS_PER_BAR: u64 = 4;

/// Sixteenths in a bar.
pub const STEPS_PER_BAR: usize = 16;

/// A kind of dance music.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// A kick on every beat, off-beat hats, claps on two and four, chords. Usually 118 to 130 BPM.
    #[default]
    House,
    /// A kick on every beat, rolling bass, sparse claps. Usually 128 to 145 BPM.
    Techno,
    /// Broken kicks, snares on two and four. Usually 120 to 140 BPM.
    Breaks,
    /// Two-step drums with snares on two and four at full speed. Usually 165 to 178 BPM.
    DrumAndBass,
}

impl Style {
    /// Whether every beat has a kick.
    pub fn is_four_on_the_floor(self) -> bool {
        matches!(self, Self::House | Self::Techno)
    }
}

/// One player of the band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the instruments")]
pub enum Part {
    Kick,
    Snare,
    Clap,
    Hat,
    OpenHat,
    Ride,
    Shaker,
    Perc,
    Tom,
    Bass,
    Stab,
    Pad,
    Pluck,
    Riser,
    Crash,
}

impl Part {
    /// Every part, in the order of its number.
    pub const ALL: [Self; 15] = [
        Self::Kick,
        Self::Snare,
        Self::Clap,
        Self::Hat,
        Self::OpenHat,
        Self::Ride,
        Self::Shaker,
        Self::Perc,
        Self::Tom,
        Self::Bass,
        Self::Stab,
        Self::Pad,
        Self::Pluck,
        Self::Riser,
        Self::Crash,
    ];

    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Whether hands play it, so that it is never quite on the grid.
    pub fn is_loose(self) -> bool {
        matches!(self, Self::Hat | Self::OpenHat | Self::Ride | Self::Shaker | Self::Perc | Self::Pluck)
    }
}

/// One note of one part.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Who plays it.
    pub part: Part,
    /// When, in beats since the track's first.
    pub at: f64,
    /// How long it is held, in beats.
    pub beats: f64,
    /// How hard, 0 to 1.
    pub velocity: f32,
    /// What is played: MIDI notes, a tom's number, or nothing for other drums.
    pub pitches: Vec<f32>,
}

/// Velocities on a grid of sixteenths, one or more bars that repeat; 0 is a rest.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern(Vec<f32>);

impl Pattern {
    /// Reads a written pattern: one character a sixteenth, `9` the hardest hit, `1` the softest, anything else a rest.
    pub fn written(text: &str) -> Self {
        Self(text.chars().map(|step| step.to_digit(10).map_or(0.0, |digit| digit as f32 / 9.0)).collect())
    }

    /// One of `written`, drawn evenly.
    pub fn pick(written: &[&str], rng: &mut StreamRng) -> Self {
        Self::written(written[rng.random_range(0..written.len())])
    }

    /// `hits` spread as evenly as they go over a bar, from `rotation` on (Toussaint, "The Euclidean algorithm
    /// generates traditional musical rhythms", BRIDGES 2005).
    pub fn euclidean(hits: usize, rotation: usize) -> Self {
        let hit = |step: usize| (step + rotation) * hits % STEPS_PER_BAR < hits;
        Self((0..STEPS_PER_BAR).map(|step| if hit(step) { 0.9 } else { 0.0 }).collect())
    }

    /// Two bars of it, with soft notes added to rests with probability `ghosts` in the second.
    pub fn doubled(self, ghosts: f64, rng: &mut StreamRng) -> Self {
        let second: Vec<f32> = self.0.iter().map(|&hit| Self::ghost(hit, ghosts, rng)).collect();
        Self([self.0, second].concat())
    }

    fn ghost(hit: f32, ghosts: f64, rng: &mut StreamRng) -> f32 {
        if hit == 0.0 && rng.random_bool(ghosts) { rng.random_range(0.2..0.45) } else { hit }
    }

    /// Velocity at a sixteenth counted from the track's first; patterns repeat without end.
    pub fn velocity(&self, step: u64) -> f32 {
        // The remainder is below a length that fits in memory.
        self.0.get((step % self.0.len().max(1) as u64) as usize).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_pattern_repeats() {
        let pattern = Pattern::written("9...3...");
        assert_eq!([0, 1, 4, 8, 12].map(|step| pattern.velocity(step) > 0.0), [true, false, true, true, true]);
        assert!((pattern.velocity(4) - 3.0 / 9.0).abs() < 1e-6);
    }

    #[test]
    fn euclidean_rhythms_have_as_many_hits_as_asked_and_even_gaps() {
        for hits in 1..=16 {
            for rotation in 0..16 {
                let pattern = Pattern::euclidean(hits, rotation);
                let onsets: Vec<u64> = (0..32).filter(|&step| pattern.velocity(step) > 0.0).collect();
                assert_eq!(onsets.len(), 2 * hits, "{hits} hits");
                let gaps: Vec<u64> = onsets.windows(2).map(|pair| pair[1] - pair[0]).collect();
                let (least, most) = (gaps.iter().min().unwrap(), gaps.iter().max().unwrap());
                assert!(most - least <= 1, "{hits} hits, gaps {gaps:?}");
            }
        }
    }

    #[test]
    fn parts_are_numbered_in_order() {
        for (number, part) in Part::ALL.into_iter().enumerate() {
            assert_eq!(part as usize, number);
        }
    }
}
