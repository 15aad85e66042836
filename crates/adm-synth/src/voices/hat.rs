//! The hi-hat, closed and open.

use super::metal::{Metal, MetalSettings};
use super::{Strike, log_uniform};
use adm_core::seeds::{RngExt, StreamRng};

/// A track's hi-hat.
#[derive(Debug, Clone)]
pub struct HatSound {
    base_hz: f32,
    noise_share: f32,
    cutoff_hz: f32,
    closed_seconds: f32,
    open_seconds: f32,
    width: f32,
}

impl HatSound {
    /// Draws a pitch, a blend of metal and noise, and two lengths.
    pub fn draw(rng: &mut StreamRng) -> Self {
        Self {
            base_hz: log_uniform(rng, 260.0..520.0),
            noise_share: rng.random_range(0.2..0.9),
            cutoff_hz: log_uniform(rng, 5_500.0..9_000.0),
            closed_seconds: log_uniform(rng, 0.04..0.11),
            open_seconds: log_uniform(rng, 0.22..0.5),
            width: rng.random_range(0.25..0.8),
        }
    }

    /// A closed hat; brightness moves its length and cutoff.
    pub fn closed(&self, strike: &Strike, rng: &mut StreamRng) -> Metal {
        Metal::new(self.settings(self.closed_seconds, strike), rng)
    }

    /// An open hat.
    pub fn open(&self, strike: &Strike, rng: &mut StreamRng) -> Metal {
        Metal::new(self.settings(self.open_seconds, strike), rng)
    }

    fn settings(&self, seconds: f32, strike: &Strike) -> MetalSettings {
        MetalSettings {
            base_hz: self.base_hz,
            noise_share: self.noise_share,
            cutoff_hz: strike.brighten(self.cutoff_hz, 0.2),
            seconds: strike.brighten(seconds, 0.5),
            width: self.width,
            gains: strike.gains(),
            rate: strike.rate,
        }
    }
}
