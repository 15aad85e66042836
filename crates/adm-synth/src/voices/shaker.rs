//! A shaker: a short swell of band-passed noise, for it takes a moment until the grains hit the wall.

use super::{Strike, Voice, log_uniform};
use crate::dsp::Frame;
use crate::dsp::envelope::Swell;
use crate::dsp::filter::{Svf, Tuning};
use crate::dsp::noise::Noise;
use adm_core::seeds::{RngExt, StreamRng};

/// A track's shaker.
#[derive(Debug, Clone)]
pub struct ShakerSound {
    centre_hz: f32,
    attack_seconds: f32,
    release_seconds: f32,
    width: f32,
}

impl ShakerSound {
    /// Draws its pitch and how quickly it is shaken.
    pub fn draw(rng: &mut StreamRng) -> Self {
        Self {
            centre_hz: log_uniform(rng, 5_000.0..9_500.0),
            attack_seconds: rng.random_range(0.008..0.03),
            release_seconds: rng.random_range(0.03..0.07),
            width: rng.random_range(0.2..0.6),
        }
    }

    /// One stroke; brightness moves the pitch.
    pub fn strike(&self, strike: &Strike, rng: &mut StreamRng) -> Shaker {
        Shaker {
            gains: strike.gains(),
            level: Swell::new(self.attack_seconds, 0.0, self.release_seconds, strike.rate),
            width: self.width,
            tuning: Tuning::new(strike.brighten(self.centre_hz, 0.3), 1.2, strike.rate),
            filters: Default::default(),
            noises: std::array::from_fn(|_| Noise::new(rng)),
        }
    }
}

/// A sounding stroke.
#[derive(Debug)]
pub struct Shaker {
    gains: Frame,
    level: Swell,
    width: f32,
    tuning: Tuning,
    filters: [Svf; 2],
    noises: [Noise; 3],
}

impl Voice for Shaker {
    #[inline]
    fn frame(&mut self) -> Frame {
        let level = self.level.tick();
        let [middle, left, right] = self.noises.each_mut().map(Noise::tick);
        let sides = [left, right].map(|side| middle * (1.0 - self.width) + side * self.width);
        std::array::from_fn(|channel| {
            self.filters[channel].band(&self.tuning, sides[channel]) * level * self.gains[channel]
        })
    }

    fn is_over(&self) -> bool {
        self.level.is_over()
    }
}
