//! Hand claps: a few bursts of noise within 30 ms and a tail, each burst from other hands left and right.

use super::{Strike, Voice, log_uniform};
use crate::dsp::Frame;
use crate::dsp::envelope::Decay;
use crate::dsp::filter::{Svf, Tuning};
use crate::dsp::noise::Noise;
use adm_core::seeds::{RngExt, StreamRng};

/// A track's clap.
#[derive(Debug, Clone)]
pub struct ClapSound {
    centre_hz: f32,
    quality: f32,
    gap_seconds: f32,
    bursts: u32,
    tail_seconds: f32,
    width: f32,
}

impl ClapSound {
    /// Draws a pitch, two to four bursts 7 to 13 ms apart, and a tail.
    pub fn draw(rng: &mut StreamRng) -> Self {
        Self {
            centre_hz: log_uniform(rng, 1_000.0..2_200.0),
            quality: rng.random_range(0.7..2.0),
            gap_seconds: rng.random_range(0.007..0.013),
            bursts: rng.random_range(2..=4),
            tail_seconds: log_uniform(rng, 0.12..0.4),
            width: rng.random_range(0.35..0.9),
        }
    }

    /// A struck clap; brightness moves the pitch and the tail.
    pub fn strike(&self, strike: &Strike, rng: &mut StreamRng) -> Clap {
        Clap {
            gains: strike.gains(),
            rate: strike.rate,
            gap: ((self.gap_seconds * strike.rate) as u32).max(1),
            age: 0,
            bursts: self.bursts,
            level: Decay::new(0.02, strike.rate),
            tail_seconds: strike.brighten(self.tail_seconds, 0.4),
            width: self.width,
            tuning: Tuning::new(strike.brighten(self.centre_hz, 0.3), self.quality, strike.rate),
            filters: Default::default(),
            noises: std::array::from_fn(|_| Noise::new(rng)),
        }
    }
}

/// A sounding clap.
#[derive(Debug)]
pub struct Clap {
    gains: Frame,
    rate: f32,
    gap: u32,
    age: u32,
    bursts: u32,
    level: Decay,
    tail_seconds: f32,
    width: f32,
    tuning: Tuning,
    filters: [Svf; 2],
    noises: [Noise; 3],
}

impl Clap {
    /// Starts the next burst when its time has come; the last one is the tail.
    fn next_burst(&mut self) {
        if self.age.is_multiple_of(self.gap) && self.age / self.gap < self.bursts {
            let last = self.age / self.gap + 1 == self.bursts;
            self.level = Decay::new(if last { self.tail_seconds } else { 0.02 }, self.rate);
        }
        self.age += 1;
    }
}

impl Voice for Clap {
    #[inline]
    fn frame(&mut self) -> Frame {
        self.next_burst();
        let level = self.level.tick() * 2.2;
        let [middle, left, right] = self.noises.each_mut().map(Noise::tick);
        let hands = [left, right].map(|side| middle * (1.0 - self.width) + side * self.width);
        std::array::from_fn(|channel| {
            self.filters[channel].band(&self.tuning, hands[channel]) * level * self.gains[channel]
        })
    }

    fn is_over(&self) -> bool {
        self.age >= self.gap * self.bursts && self.level.is_over()
    }
}
