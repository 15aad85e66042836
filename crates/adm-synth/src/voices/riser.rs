//! Risers: noise and a saw that climb for bars and stop where the drop begins.

use super::{Strike, Voice, log_uniform};
use crate::dsp::filter::{Svf, Tuning};
use crate::dsp::noise::Noise;
use crate::dsp::oscillator::Phase;
use crate::dsp::{CONTROL_FRAMES, Frame};
use adm_core::seeds::{RngExt, StreamRng};

/// A track's riser.
#[derive(Debug, Clone)]
pub struct RiserSound {
    start_hz: f32,
    octaves: f32,
    saw_hz: f32,
    saw_share: f32,
    quality: f32,
}

impl RiserSound {
    /// Draws where it starts, how far it climbs and what it is made of.
    pub fn draw(rng: &mut StreamRng) -> Self {
        Self {
            start_hz: log_uniform(rng, 300.0..900.0),
            octaves: rng.random_range(3.0..4.5),
            saw_hz: log_uniform(rng, 110.0..330.0),
            saw_share: rng.random_range(0.0..0.5),
            quality: log_uniform(rng, 0.8..3.0),
        }
    }

    /// A climb of the strike's length.
    pub fn strike(&self, strike: &Strike, rng: &mut StreamRng) -> Riser {
        Riser {
            sound: self.clone(),
            gains: strike.gains(),
            rate: strike.rate,
            length: ((strike.seconds * strike.rate) as u32).max(1),
            age: 0,
            level: 0.0,
            saws: [Phase::new(0.0, self.saw_hz, strike.rate), Phase::new(0.5, self.saw_hz, strike.rate)],
            tuning: Tuning::new(self.start_hz, self.quality, strike.rate),
            filters: Default::default(),
            noises: std::array::from_fn(|_| Noise::new(rng)),
        }
    }
}

/// A sounding riser; left and right are noises of their own, and the saws drift apart as they climb.
#[derive(Debug)]
pub struct Riser {
    sound: RiserSound,
    gains: Frame,
    rate: f32,
    length: u32,
    age: u32,
    level: f32,
    saws: [Phase; 2],
    tuning: Tuning,
    filters: [Svf; 2],
    noises: [Noise; 2],
}

impl Riser {
    fn climb(&mut self) {
        let progress = self.age as f32 / self.length as f32;
        // The last hundredth falls back to silence, so that the end does not click.
        self.level = progress * progress.sqrt() * ((1.0 - progress) * 100.0).min(1.0);
        if self.age.is_multiple_of(CONTROL_FRAMES) {
            let rise = (self.sound.octaves * progress).exp2();
            self.tuning = Tuning::new(self.sound.start_hz * rise, self.sound.quality, self.rate);
            let saw_hz = self.sound.saw_hz * (1.5 * progress).exp2();
            let apart = 1.0 + 0.012 * progress;
            self.saws[0].set_hz(saw_hz * apart, self.rate);
            self.saws[1].set_hz(saw_hz / apart, self.rate);
        }
        self.age += 1;
    }
}

impl Voice for Riser {
    #[inline]
    fn frame(&mut self) -> Frame {
        self.climb();
        std::array::from_fn(|channel| {
            let saw = self.saws[channel].saw() * self.sound.saw_share;
            let source = self.noises[channel].tick() * (1.0 - self.sound.saw_share) * 1.5 + saw;
            self.filters[channel].band(&self.tuning, source) * self.level * self.gains[channel]
        })
    }

    fn is_over(&self) -> bool {
        self.age >= self.length
    }
}
