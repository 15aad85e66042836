//! Bass lines.

use super::harmony::Harmony;
use super::{Note, Part, STEPS_PER_BAR, Style};
use adm_core::seeds::{RngExt, StreamRng};

/// Rhythms with the kick between them: one character a sixteenth, a digit the velocity, `-` holds the note before.
const OFF_BEAT: &[&str] = &["..9-..9-..9-..9-", "..9-..9-..9-..97", "..99..99..99..99", "..9...9...9...9."];
const ROLLING: &[&str] = &[".799.799.799.799", "..79.799..79.799", ".9.9.9.9.9.9.9.9"];
const RIFFS: &[&str] = &[
    "9-..9-.9-..9-.9.",
    "..9-.9..9-..9-9-",
    "9--...9-..9--.9-",
    "..9-...9..9-..9-9-...9-...9-..9-",
    ".9-..9-..9-..9-.",
];
const LONG: &[&str] = &["9-------------..", "9---------9-----", "9-----9---------9-------....9---", "9---......9---.."];

/// Degrees above the chord's root that a riff may jump to, as often as they are listed.
const JUMPS: [i32; 8] = [0, 0, 0, 7, 4, 6, 2, -3];

#[derive(Debug, Clone, Copy)]
struct Step {
    step: u64,
    length: u64,
    velocity: f32,
    degrees: i32,
}

/// A track's bass line: one or two bars that follow the chords.
#[derive(Debug, Clone)]
pub struct BassLine {
    steps: Vec<Step>,
    length: u64,
}

impl BassLine {
    /// Draws a rhythm that suits `style`, and its jumps.
    pub fn draw(rng: &mut StreamRng, style: Style) -> Self {
        let rhythms: &[&[&str]] = match style {
            Style::House => &[OFF_BEAT, RIFFS, ROLLING],
            Style::Techno => &[ROLLING, ROLLING, OFF_BEAT],
            Style::Breaks => &[RIFFS, LONG],
            Style::DrumAndBass => &[LONG, LONG, RIFFS],
        };
        let rhythm = rhythms[rng.random_range(0..rhythms.len())];
        Self::written(rhythm[rng.random_range(0..rhythm.len())], rng)
    }

    fn written(text: &str, rng: &mut StreamRng) -> Self {
        let restlessness = rng.random_range(0.0..0.6);
        let mut line = Self { steps: Vec::new(), length: text.len().max(STEPS_PER_BAR) as u64 };
        for (step, character) in (0..).zip(text.chars()) {
            match (character.to_digit(10), line.steps.last_mut()) {
                (Some(digit), _) => {
                    let jump = if rng.random_bool(restlessness) { JUMPS[rng.random_range(0..JUMPS.len())] } else { 0 };
                    line.steps.push(Step { step, length: 1, velocity: digit as f32 / 9.0, degrees: jump });
                }
                (None, Some(held)) if character == '-' => held.length += 1,
                _ => {}
            }
        }
        line
    }

    /// The notes that start in beat `beat` of the track.
    pub fn notes(&self, beat: u64, harmony: &Harmony) -> Vec<Note> {
        let first = beat * 4;
        let starts_here = |step: &&Step| {
            let step = step.step;
            (first..first + 4).any(|now| now % self.length == step)
        };
        let note = |step: &Step| Note {
            part: Part::Bass,
            at: beat as f64 + (step.step % 4) as f64 / 4.0,
            beats: step.length as f64 / 4.0 - 0.04,
            velocity: step.velocity,
            pitches: vec![harmony.bass(beat / 4, step.degrees)],
        };
        self.steps.iter().filter(starts_here).map(note).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;

    #[test]
    fn a_written_line_plays_its_starts_and_holds() {
        let mut rng = Seeds::new(3).stream("test", 0);
        let harmony = Harmony::draw(&mut rng);
        let line = BassLine::written("9-..9-.9-..9-.9.", &mut rng);
        let notes: Vec<Note> = (0..8).flat_map(|beat| line.notes(beat, &harmony)).collect();
        let starts: Vec<f64> = notes.iter().map(|note| note.at * 4.0).collect();
        assert_eq!(starts, [0.0, 4.0, 7.0, 11.0, 14.0, 16.0, 20.0, 23.0, 27.0, 30.0]);
        assert!((notes[2].beats - 0.46).abs() < 1e-9, "two sixteenths, less a gap");
    }

    #[test]
    fn every_written_rhythm_is_whole_bars() {
        for written in [OFF_BEAT, ROLLING, RIFFS, LONG].concat() {
            assert!(written.len().is_multiple_of(STEPS_PER_BAR), "{written}");
        }
    }
}
