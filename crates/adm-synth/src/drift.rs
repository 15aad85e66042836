//! Slow movement: what a hand on a knob does to a sound over many beats.

use adm_core::seeds::{RngExt, StreamRng};
use std::f64::consts::TAU;

/// A value that wanders between -1 and 1: two slow waves whose periods have no common multiple.
#[derive(Debug, Clone, Copy)]
pub struct Drift {
    waves: [(f64, f64); 2],
}

impl Drift {
    /// Draws two periods, one of 5 to 13 and one of 17 to 47 beats.
    pub fn draw(rng: &mut StreamRng) -> Self {
        let mut wave = |shortest: f64, longest: f64| (rng.random_range(shortest..longest), rng.random_range(0.0..1.0));
        Self { waves: [wave(5.0, 13.0), wave(17.0, 47.0)] }
    }

    /// The value at a time in beats.
    pub fn at(&self, beat: f64) -> f32 {
        let sum: f64 = self.waves.iter().map(|(period, phase)| (TAU * (beat / period + phase)).sin()).sum();
        (sum / 2.0) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;

    #[test]
    fn it_wanders_slowly_and_never_repeats() {
        let drift = Drift::draw(&mut Seeds::new(2).stream("test", 0));
        let values: Vec<f32> = (0..512).map(|beat| drift.at(f64::from(beat))).collect();
        assert!(values.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 0.8));
        let spread = values.iter().fold(0.0f32, |spread, value| spread.max(value.abs()));
        assert!((0.6..=1.0).contains(&spread), "{spread}");
        for lag in 1..128 {
            assert!((0..128).any(|beat| (values[beat] - values[beat + lag]).abs() > 0.05), "repeats after {lag}");
        }
    }
}
