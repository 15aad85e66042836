//! Key, scale and chords of a track.

use adm_core::seeds::{RngExt, StreamRng};

/// Semitones of the scales above their root: natural minor, Dorian, Phrygian, and major for daylight.
const SCALES: [[i32; 7]; 5] = [
    [0, 2, 3, 5, 7, 8, 10],
    [0, 2, 3, 5, 7, 8, 10],
    [0, 2, 3, 5, 7, 9, 10],
    [0, 1, 3, 5, 7, 8, 10],
    [0, 2, 4, 5, 7, 9, 11],
];

/// Roots of the chords as degrees of the scale, one a bar, repeating.
const PROGRESSIONS: &[&[i32]] =
    &[&[0], &[0, 0, 5, 6], &[0, 5, 2, 6], &[0, 3, 0, 4], &[0, 0, 3, 3], &[5, 6, 0, 0], &[0, 2, 5, 3], &[0, 6]];

/// Steps of the scale above a chord's root: triads, sevenths, ninths, a suspension.
const VOICINGS: &[&[i32]] = &[&[0, 2, 4], &[0, 2, 4, 6], &[0, 4, 6, 8], &[0, 2, 6, 8], &[0, 3, 4, 7]];

/// Where chords lie: their lowest note is the first at or above this MIDI note, the A flat below middle C.
const CHORD_FLOOR: i32 = 56;

/// Lowest root of a bass, as a MIDI note: the E of 41 Hz. One octave up is the highest.
const BASS_FLOOR: i32 = 28;

/// A track's key and chords.
#[derive(Debug, Clone)]
pub struct Harmony {
    tonic: i32,
    scale: [i32; 7],
    progression: &'static [i32],
    voicing: &'static [i32],
}

impl Harmony {
    /// Draws a key, a scale, a progression and a voicing.
    pub fn draw(rng: &mut StreamRng) -> Self {
        Self {
            tonic: rng.random_range(0..12),
            scale: SCALES[rng.random_range(0..SCALES.len())],
            progression: PROGRESSIONS[rng.random_range(0..PROGRESSIONS.len())],
            voicing: VOICINGS[rng.random_range(0..VOICINGS.len())],
        }
    }

    /// Semitones of a degree of the scale above the tonic; degrees of 7 and more are octaves up.
    fn semitones(&self, degree: i32) -> i32 {
        self.scale[degree.rem_euclid(7) as usize] + 12 * degree.div_euclid(7)
    }

    fn degree(&self, bar: u64) -> i32 {
        self.progression[(bar % self.progression.len() as u64) as usize]
    }

    /// The chord of `bar` as MIDI notes from low to high, all within an octave and a half of the middle of the keyboard.
    pub fn chord(&self, bar: u64) -> Vec<f32> {
        let degree = self.degree(bar);
        let note = |&step: &i32| {
            let semitones = self.tonic + self.semitones(degree + step);
            (CHORD_FLOOR + (semitones - CHORD_FLOOR).rem_euclid(12) + if step >= 6 { 12 } else { 0 }) as f32
        };
        let mut notes: Vec<f32> = self.voicing.iter().map(note).collect();
        notes.sort_by(f32::total_cmp);
        notes
    }

    /// The bass's note of `bar`, `steps` degrees of the scale above the chord's root, as a MIDI note.
    pub fn bass(&self, bar: u64, steps: i32) -> f32 {
        let degree = self.degree(bar);
        let root = BASS_FLOOR + (self.tonic + self.semitones(degree) - BASS_FLOOR).rem_euclid(12);
        (root + self.semitones(degree + steps) - self.semitones(degree)) as f32
    }

    /// Note `index` of the chord of `bar` played upwards without end, from `octave` octaves above the chord.
    pub fn arpeggio(&self, bar: u64, index: usize, octave: usize) -> f32 {
        let chord = self.chord(bar);
        chord[index % chord.len()] + 12.0 * (octave + index / chord.len()) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;

    #[test]
    fn all_notes_belong_to_the_scale_and_to_their_region() {
        for seed in 0..200 {
            let harmony = Harmony::draw(&mut Seeds::new(seed).stream("test", 0));
            let in_scale = |note: f32| harmony.scale.contains(&(note as i32 - harmony.tonic).rem_euclid(12));
            for bar in 0..8 {
                let chord = harmony.chord(bar);
                assert!(chord.iter().all(|&note| in_scale(note) && (56.0..=79.0).contains(&note)), "{chord:?}");
                assert!(chord.windows(2).all(|pair| pair[0] < pair[1]), "seed {seed}: {chord:?}");
                for steps in -3..8 {
                    let note = harmony.bass(bar, steps);
                    assert!(in_scale(note) && (20.0..55.0).contains(&note), "seed {seed}: {note}");
                }
                assert!((28.0..40.0).contains(&harmony.bass(bar, 0)));
            }
        }
    }
}
