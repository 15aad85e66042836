//! The ride cymbal: long metal with a bell.

use super::metal::{Metal, MetalSettings};
use super::{Strike, Voice, log_uniform};
use crate::dsp::Frame;
use crate::dsp::envelope::Decay;
use crate::dsp::oscillator::Phase;
use adm_core::seeds::{RngExt, StreamRng};

/// A track's ride.
#[derive(Debug, Clone)]
pub struct RideSound {
    base_hz: f32,
    bell_hz: f32,
    bell: f32,
    cutoff_hz: f32,
    seconds: f32,
    width: f32,
}

impl RideSound {
    /// Draws its pitches, bell and length.
    pub fn draw(rng: &mut StreamRng) -> Self {
        Self {
            base_hz: log_uniform(rng, 380.0..650.0),
            bell_hz: log_uniform(rng, 2_400.0..4_200.0),
            bell: rng.random_range(0.05..0.3),
            cutoff_hz: log_uniform(rng, 5_000.0..8_000.0),
            seconds: log_uniform(rng, 0.35..0.9),
            width: rng.random_range(0.3..0.7),
        }
    }

    /// A struck ride; brightness moves its length.
    pub fn strike(&self, strike: &Strike, rng: &mut StreamRng) -> Ride {
        let seconds = strike.brighten(self.seconds, 0.4);
        let settings = MetalSettings {
            base_hz: self.base_hz,
            noise_share: 0.35,
            cutoff_hz: self.cutoff_hz,
            seconds,
            width: self.width,
            gains: strike.gains(),
            rate: strike.rate,
        };
        Ride {
            metal: Metal::new(settings, rng),
            bells: [1.0, 1.508].map(|ratio| Phase::new(0.0, self.bell_hz * ratio, strike.rate)),
            bell: Decay::new(seconds * 0.6, strike.rate),
            gains: strike.gains().map(|gain| gain * self.bell),
        }
    }
}

/// A sounding ride.
#[derive(Debug)]
pub struct Ride {
    metal: Metal,
    bells: [Phase; 2],
    bell: Decay,
    gains: Frame,
}

impl Voice for Ride {
    #[inline]
    fn frame(&mut self) -> Frame {
        let bell = (self.bells[0].sine() + self.bells[1].sine()) * self.bell.tick();
        let metal = self.metal.frame();
        std::array::from_fn(|channel| metal[channel] + bell * self.gains[channel])
    }

    fn is_over(&self) -> bool {
        self.metal.is_over()
    }
}
