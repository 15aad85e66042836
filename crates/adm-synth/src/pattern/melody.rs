//! What stabs, pads and plucks play over the chords.

use super::harmony::Harmony;
use super::{Note, Part, Pattern, STEPS_PER_BAR};
use adm_core::seeds::{RngExt, StreamRng};

const STABS: &[&str] = &[
    "..9...9...9...9.",
    "9..9..9...9..9..",
    "...9..9....9..9.",
    "9..6..9..6..9.6.",
    "..9..9........9.",
    "9.....9.........9.....9...9.....",
    "....9..........6....9.....9.....",
];

/// A track's chords and arpeggio.
#[derive(Debug, Clone)]
pub struct Melody {
    stabs: Pattern,
    stab_beats: f64,
    plucks: Pattern,
    /// Which note of the chord each sixteenth plays.
    indices: Vec<usize>,
    octave: usize,
}

impl Melody {
    /// Draws a stab rhythm, and an arpeggio of one or two bars.
    pub fn draw(rng: &mut StreamRng) -> Self {
        let hits = [5, 7, 8, 11, 16][rng.random_range(0..5)];
        let length = STEPS_PER_BAR * rng.random_range(1..=2);
        Self {
            stabs: Pattern::pick(STABS, rng),
            stab_beats: [0.12, 0.22, 0.45][rng.random_range(0..3)],
            plucks: Pattern::euclidean(hits, rng.random_range(0..STEPS_PER_BAR)),
            indices: (0..length).map(|_| rng.random_range(0..6)).collect(),
            octave: rng.random_range(0..=1),
        }
    }

    /// The notes of stabs, pads and plucks that start in beat `beat` of the track.
    pub fn notes(&self, beat: u64, harmony: &Harmony) -> Vec<Note> {
        let bar = beat / 4;
        let mut notes = Vec::new();
        if beat.is_multiple_of(4) {
            notes.push(Note {
                part: Part::Pad,
                at: beat as f64,
                beats: 4.0,
                velocity: 0.9,
                pitches: harmony.chord(bar),
            });
        }
        for step in beat * 4..beat * 4 + 4 {
            let note = |part, beats, velocity, pitches| Note { part, at: step as f64 / 4.0, beats, velocity, pitches };
            let (stab, pluck) = (self.stabs.velocity(step), self.plucks.velocity(step));
            if stab > 0.0 {
                notes.push(note(Part::Stab, self.stab_beats, stab, harmony.chord(bar)));
            }
            if pluck > 0.0 {
                let index = self.indices[(step % self.indices.len() as u64) as usize];
                notes.push(note(Part::Pluck, 0.2, pluck, vec![harmony.arpeggio(bar, index, self.octave)]));
            }
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;

    #[test]
    fn pads_change_with_the_bar_and_everything_is_within_its_beat() {
        let mut rng = Seeds::new(5).stream("test", 0);
        let (melody, harmony) = (Melody::draw(&mut rng), Harmony::draw(&mut rng));
        for beat in 0..64u64 {
            let notes = melody.notes(beat, &harmony);
            assert_eq!(notes.iter().any(|note| note.part == Part::Pad), beat.is_multiple_of(4));
            assert!(notes.iter().all(|note| (beat as f64..beat as f64 + 1.0).contains(&note.at)));
            assert!(notes.iter().all(|note| !note.pitches.is_empty()));
        }
    }
}
