//! Crashes and falling sweeps: the noise that marks where a section begins.

use super::{Strike, Voice, log_uniform};
use crate::dsp::envelope::Decay;
use crate::dsp::filter::{Svf, Tuning};
use crate::dsp::noise::Noise;
use crate::dsp::{CONTROL_FRAMES, Frame};
use adm_core::seeds::{RngExt, StreamRng};

/// A track's crash.
#[derive(Debug, Clone)]
pub struct CrashSound {
    top_hz: f32,
    fall_octaves: f32,
    quality: f32,
    seconds: f32,
}

impl CrashSound {
    /// Draws its brightness, how far it falls and how long it rings.
    pub fn draw(rng: &mut StreamRng) -> Self {
        Self {
            top_hz: log_uniform(rng, 6_000.0..11_000.0),
            fall_octaves: rng.random_range(0.3..2.2),
            quality: log_uniform(rng, 0.5..1.2),
            seconds: log_uniform(rng, 1.2..3.5),
        }
    }

    /// One crash; brightness moves where it starts.
    pub fn strike(&self, strike: &Strike, rng: &mut StreamRng) -> Crash {
        Crash {
            gains: strike.gains(),
            rate: strike.rate,
            top_hz: strike.brighten(self.top_hz, 0.4),
            fall_octaves: self.fall_octaves,
            quality: self.quality,
            level: Decay::new(self.seconds, strike.rate),
            tuning: Tuning::new(self.top_hz, self.quality, strike.rate),
            filters: Default::default(),
            noises: std::array::from_fn(|_| Noise::new(rng)),
            age: 0,
        }
    }
}

/// A sounding crash: a noise of its own in each channel.
#[derive(Debug)]
pub struct Crash {
    gains: Frame,
    rate: f32,
    top_hz: f32,
    fall_octaves: f32,
    quality: f32,
    level: Decay,
    tuning: Tuning,
    filters: [Svf; 2],
    noises: [Noise; 2],
    age: u32,
}

impl Voice for Crash {
    #[inline]
    fn frame(&mut self) -> Frame {
        let level = self.level.tick();
        if self.age.is_multiple_of(CONTROL_FRAMES) {
            let cutoff = self.top_hz * (-self.fall_octaves * (1.0 - level)).exp2();
            self.tuning = Tuning::new(cutoff, self.quality, self.rate);
        }
        self.age += 1;
        std::array::from_fn(|channel| {
            let noise = self.noises[channel].tick() * 1.5;
            self.filters[channel].band(&self.tuning, noise) * level * self.gains[channel]
        })
    }

    fn is_over(&self) -> bool {
        self.level.is_over()
    }
}
