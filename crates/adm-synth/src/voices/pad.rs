//! Pads: wide chords that swell, with a slow filter and a slow drift from side to side.

use super::saws::{SawStack, StackSettings};
use super::{Strike, Voice, log_uniform};
use crate::dsp::envelope::Swell;
use crate::dsp::filter::{Svf, Tuning};
use crate::dsp::{CONTROL_FRAMES, Frame, pan};
use adm_core::seeds::{RngExt, StreamRng};
use std::f32::consts::TAU;

/// A track's pad.
#[derive(Debug, Clone)]
pub struct PadSound {
    stack: StackSettings,
    cutoff_hz: f32,
    sway_octaves: f32,
    sway_hz: f32,
    attack_seconds: f32,
    release_seconds: f32,
    quality: f32,
}

impl PadSound {
    /// Draws its thickness, filter and how slowly it moves.
    pub fn draw(rng: &mut StreamRng) -> Self {
        let stack = StackSettings {
            unison: rng.random_range(3..=4),
            detune_cents: rng.random_range(8.0..20.0),
            width: rng.random_range(0.75..1.0),
        };
        Self {
            stack,
            cutoff_hz: log_uniform(rng, 500.0..2_000.0),
            sway_octaves: rng.random_range(0.2..1.0),
            sway_hz: log_uniform(rng, 0.08..0.5),
            attack_seconds: log_uniform(rng, 0.03..0.5),
            release_seconds: log_uniform(rng, 0.2..0.6),
            quality: log_uniform(rng, 0.7..2.0),
        }
    }

    /// The chord `notes` (MIDI); brightness moves the cutoff by up to two octaves.
    pub fn strike(&self, notes: &[f32], strike: &Strike, rng: &mut StreamRng) -> Pad {
        Pad {
            gains: strike.gains(),
            rate: strike.rate,
            saws: SawStack::new(notes, self.stack, strike.rate, rng),
            cutoff_hz: strike.brighten(self.cutoff_hz, 2.0),
            sway_octaves: self.sway_octaves,
            sway: rng.random_range(0.0..TAU),
            sway_step: TAU * self.sway_hz * CONTROL_FRAMES as f32 / strike.rate,
            quality: self.quality,
            level: Swell::new(self.attack_seconds, strike.seconds, self.release_seconds, strike.rate),
            tuning: Tuning::new(self.cutoff_hz, self.quality, strike.rate),
            filters: Default::default(),
            balance: [1.0; 2],
            age: 0,
        }
    }
}

/// A sounding pad.
#[derive(Debug)]
pub struct Pad {
    gains: Frame,
    rate: f32,
    saws: SawStack,
    cutoff_hz: f32,
    sway_octaves: f32,
    sway: f32,
    sway_step: f32,
    quality: f32,
    level: Swell,
    tuning: Tuning,
    filters: [Svf; 2],
    balance: Frame,
    age: u32,
}

impl Pad {
    fn sway(&mut self) {
        if self.age.is_multiple_of(CONTROL_FRAMES) {
            self.sway = (self.sway + self.sway_step) % TAU;
            let cutoff = self.cutoff_hz * (self.sway_octaves * self.sway.sin()).exp2();
            self.tuning = Tuning::new(cutoff, self.quality, self.rate);
            self.balance = pan(0.35 * (self.sway + 1.0).sin());
        }
        self.age += 1;
    }
}

impl Voice for Pad {
    #[inline]
    fn frame(&mut self) -> Frame {
        self.sway();
        let saws = self.saws.frame();
        let level = self.level.tick();
        std::array::from_fn(|channel| {
            let filtered = self.filters[channel].low(&self.tuning, saws[channel]);
            filtered * level * self.gains[channel] * self.balance[channel]
        })
    }

    fn is_over(&self) -> bool {
        self.level.is_over()
    }
}
