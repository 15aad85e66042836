//! The drummer: patterns drawn once a track, and fills at the ends of phrases.

use super::{Note, Part, Pattern, STEPS_PER_BAR, Style};
use adm_core::seeds::{RngExt, StreamRng};

const FLOOR_KICKS: &[&str] = &[
    "9...9...9...9...",
    "9...9...9...9...",
    "9...9...9...9.4.",
    "9...9...9..49...",
    "9...9...9...9...9...9...9...9..4",
    "9...9...9...9...9...9...9.3.9...",
];
const BROKEN_KICKS: &[&str] = &[
    "9.....9...9.....",
    "9.........9.....",
    "9..6......9..6..",
    "9.....6.9.6.....",
    "9.........9.....9..7......9.7...",
];
const TWO_STEP_KICKS: &[&str] = &[
    "9.........9.....",
    "9.........9..6..",
    "9..6......9.....",
    "9.........9.....9..7......9.....",
    "9.9.......9.....",
];
const CLAPS: &[&str] = &["....9.......9...", "....9.......9..4", "....9.......9.......9..3....9..."];
const SPARSE_CLAPS: &[&str] = &["....9.......9...", "............9...", "....7.......9...", "....9..4....9..."];
const SNARES: &[&str] = &[
    "....9.......9...",
    "....9..3.3..9...",
    "....9..3.3..9..3",
    "....9.......9.......9.3.....9..4",
    "....9..3....9.3.",
];
const RIMS: &[&str] = &["...4..4....4..4.", "......5.......5.", "...5.......5..4.", "..4..4..4..4...."];
const HATS: &[&str] = &[
    "9.6.9.6.9.6.9.6.",
    "5.9.5.9.5.9.5.9.",
    "7396739673967396",
    "..9...9...9...9.",
    "6.93629363936293",
    "8.4.9.4.8.4.9.46",
    "5595559555955595",
];
const OPEN_HATS: &[&str] =
    &["..9...9...9...9.", "..9...9...9...9.", "......9.......9.", "..9...9...9..79.", "..8...9...8...94"];
const RIDES: &[&str] = &["9...9...9...9...", "..9...9...9...9.", "9.6.9.6.9.6.9.6.", "9...6.9...9.6..."];
const SHAKERS: &[&str] = &["6396639663966396", "3.963.963.963.96", "9393939393939393", "5284528452845284"];

/// The patterns of a track's drums.
#[derive(Debug, Clone)]
pub struct Drums {
    patterns: [Option<Pattern>; Part::COUNT],
}

impl Drums {
    /// Draws what each drum plays.
    pub fn draw(rng: &mut StreamRng, style: Style) -> Self {
        let mut drums = Self { patterns: Default::default() };
        let (kicks, claps) = match style {
            Style::House => (FLOOR_KICKS, CLAPS),
            Style::Techno => (FLOOR_KICKS, SPARSE_CLAPS),
            Style::Breaks => (BROKEN_KICKS, &CLAPS[..1]),
            Style::DrumAndBass => (TWO_STEP_KICKS, &CLAPS[..1]),
        };
        let snares = if style.is_four_on_the_floor() { RIMS } else { SNARES };
        drums.set(Part::Kick, Pattern::pick(kicks, rng));
        drums.set(Part::Clap, Pattern::pick(claps, rng));
        drums.set(Part::Snare, Pattern::pick(snares, rng));
        for (part, written) in
            [(Part::Hat, HATS), (Part::OpenHat, OPEN_HATS), (Part::Ride, RIDES), (Part::Shaker, SHAKERS)]
        {
            drums.set(part, Pattern::pick(written, rng).doubled(0.08, rng));
        }
        let perc = Pattern::euclidean(rng.random_range(3..=7), rng.random_range(0..STEPS_PER_BAR));
        drums.set(Part::Perc, perc.doubled(0.1, rng));
        drums.set(Part::Tom, Pattern::euclidean(rng.random_range(1..=3), rng.random_range(1..4)).doubled(0.03, rng));
        drums
    }

    fn set(&mut self, part: Part, pattern: Pattern) {
        self.patterns[part as usize] = Some(pattern);
    }

    /// Velocity of `part` at a sixteenth counted from the track's first; 0 for parts that are not drums.
    pub fn velocity(&self, part: Part, step: u64) -> f32 {
        self.patterns[part as usize].as_ref().map_or(0.0, |pattern| pattern.velocity(step))
    }
}

/// How the last beat of a phrase differs from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// It does not.
    None,
    /// The kick is silent.
    KickOut,
    /// The snare runs in sixteenths.
    SnareRun,
    /// The toms run down in sixteenths.
    TomRun,
    /// The kick doubles at the end.
    KickRoll,
    /// All but the kick is silent.
    Stop,
}

impl Fill {
    const ALL: [Self; 6] = [Self::None, Self::KickOut, Self::SnareRun, Self::TomRun, Self::KickRoll, Self::Stop];

    /// One of them, drawn evenly.
    pub fn draw(rng: &mut StreamRng) -> Self {
        Self::ALL[rng.random_range(0..Self::ALL.len())]
    }

    /// Whether `part` keeps playing its own pattern through the fill.
    pub fn spares(self, part: Part) -> bool {
        match self {
            Self::KickOut => part != Part::Kick,
            Self::Stop => matches!(part, Part::Kick | Part::Pad | Part::Riser),
            Self::TomRun => part != Part::Tom,
            _ => true,
        }
    }

    /// What the fill adds to the beat that starts at `beat`.
    pub fn notes(self, beat: f64) -> Vec<Note> {
        let run = |part, steps: &[(f64, f32, f32)]| {
            let note = |&(step, velocity, pitch): &(f64, f32, f32)| Note {
                part,
                at: beat + step / 4.0,
                beats: 0.25,
                velocity,
                pitches: vec![pitch],
            };
            steps.iter().map(note).collect()
        };
        match self {
            Self::SnareRun => run(Part::Snare, &[(0.0, 0.5, 0.0), (1.0, 0.6, 0.0), (2.0, 0.75, 0.0), (3.0, 0.9, 0.0)]),
            Self::TomRun => run(Part::Tom, &[(0.0, 0.8, 2.0), (1.0, 0.7, 2.0), (2.0, 0.85, 1.0), (3.0, 0.95, 0.0)]),
            Self::KickRoll => run(Part::Kick, &[(2.0, 0.7, 0.0), (3.0, 0.6, 0.0)]),
            Self::None | Self::KickOut | Self::Stop => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;

    #[test]
    fn every_written_pattern_is_whole_bars() {
        let all = [
            FLOOR_KICKS,
            BROKEN_KICKS,
            TWO_STEP_KICKS,
            CLAPS,
            SPARSE_CLAPS,
            SNARES,
            RIMS,
            HATS,
            OPEN_HATS,
            RIDES,
            SHAKERS,
        ];
        for written in all.concat() {
            assert!(written.len().is_multiple_of(STEPS_PER_BAR), "{written}");
            assert!(written.contains(['4', '5', '7', '8', '9']), "{written}");
        }
    }

    #[test]
    fn each_style_keeps_its_pulse() {
        for seed in 0..50 {
            let mut rng = Seeds::new(seed).stream("test", 0);
            let house = Drums::draw(&mut rng, Style::House);
            assert!((0..32).step_by(4).all(|step| house.velocity(Part::Kick, step) > 0.9), "seed {seed}");
            let fast = Drums::draw(&mut rng, Style::DrumAndBass);
            assert!([4, 12, 20, 28].iter().all(|&step| fast.velocity(Part::Snare, step) > 0.9), "seed {seed}");
            assert!(fast.velocity(Part::Kick, 0) > 0.9 && fast.velocity(Part::Kick, 4) == 0.0, "seed {seed}");
        }
    }
}
