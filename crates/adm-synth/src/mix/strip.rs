//! A channel strip for each part.

use crate::dsp::decibels;
use crate::pattern::{Part, Style};
use adm_core::seeds::{RngExt, StreamRng};

/// How one part goes into the mix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strip {
    /// Gain of the part.
    pub gain: f32,
    /// Place between left (-1) and right (1).
    pub place: f32,
    /// How far the part goes down under a kick, 0 (not at all) to 1 (silent).
    pub duck: f32,
    /// Share that is sent to the reverb.
    pub reverb: f32,
    /// Share that is sent to the delay.
    pub delay: f32,
}

/// Level in dB, widest place, ducking, reverb and delay of each part, in the order of [`Part::ALL`].
const DESK: [(f32, f32, f32, f32, f32); Part::COUNT] = [
    (-1.0, 0.0, 0.0, 0.0, 0.0),
    (-4.0, 0.0, 0.1, 0.12, 0.0),
    (-4.0, 0.05, 0.1, 0.15, 0.0),
    (-7.5, 0.3, 0.15, 0.03, 0.0),
    (-8.5, 0.3, 0.35, 0.05, 0.0),
    (-12.0, 0.4, 0.3, 0.06, 0.0),
    (-10.0, 0.6, 0.25, 0.05, 0.0),
    (-13.0, 0.8, 0.15, 0.15, 0.2),
    (-10.0, 0.5, 0.2, 0.12, 0.05),
    (-8.0, 0.0, 0.75, 0.0, 0.0),
    (-8.0, 0.0, 0.55, 0.18, 0.25),
    (-12.0, 0.0, 0.7, 0.2, 0.0),
    (-13.0, 0.7, 0.4, 0.2, 0.35),
    (-10.0, 0.0, 0.3, 0.2, 0.0),
    (-12.0, 0.0, 0.4, 0.2, 0.0),
];

/// Draws a track's desk: every level within 2.5 dB of the usual, and places to both sides.
pub fn draw(rng: &mut StreamRng, style: Style) -> [Strip; Part::COUNT] {
    // Without a kick on every beat, pumping would be a tremolo.
    let pumping = if style.is_four_on_the_floor() { rng.random_range(0.5..1.1) } else { rng.random_range(0.2..0.5) };
    Part::ALL.map(|part| {
        let (level, widest, duck, reverb, delay) = DESK[part as usize];
        let offset = if part == Part::Kick { 0.0 } else { rng.random_range(-2.5..2.5) };
        let side: f32 = rng.random_range(-1.0..1.0);
        Strip {
            gain: decibels(level + offset),
            place: side * widest,
            duck: (duck * pumping).clamp(0.0, 0.95),
            reverb: reverb * rng.random_range(0.6..1.5),
            delay: delay * rng.random_range(0.0..1.3),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;

    #[test]
    fn kick_and_bass_stand_in_the_middle_and_only_the_kick_never_ducks() {
        for seed in 0..20 {
            let strips = draw(&mut Seeds::new(seed).stream("test", 0), Style::House);
            assert_eq!((strips[Part::Kick as usize].place, strips[Part::Bass as usize].place), (0.0, 0.0));
            for part in Part::ALL {
                assert_eq!(strips[part as usize].duck == 0.0, part == Part::Kick, "{part:?}");
            }
        }
    }
}
