//! Chord stabs: short, wide, with a low-pass that snaps shut.

use super::saws::{SawStack, StackSettings};
use super::{Strike, Voice, log_uniform};
use crate::dsp::envelope::{Decay, Swell};
use crate::dsp::filter::{Svf, Tuning};
use crate::dsp::{CONTROL_FRAMES, Frame};
use adm_core::seeds::{RngExt, StreamRng};

/// A track's stab.
#[derive(Debug, Clone)]
pub struct StabSound {
    stack: StackSettings,
    cutoff_hz: f32,
    sweep_octaves: f32,
    sweep_seconds: f32,
    quality: f32,
    release_seconds: f32,
}

impl StabSound {
    /// Draws its thickness, width and filter.
    pub fn draw(rng: &mut StreamRng) -> Self {
        let stack = StackSettings {
            unison: rng.random_range(2..=4),
            detune_cents: rng.random_range(5.0..22.0),
            width: rng.random_range(0.6..1.0),
        };
        Self {
            stack,
            cutoff_hz: log_uniform(rng, 450.0..2_200.0),
            sweep_octaves: rng.random_range(1.0..3.2),
            sweep_seconds: log_uniform(rng, 0.12..0.6),
            quality: log_uniform(rng, 0.7..3.5),
            release_seconds: log_uniform(rng, 0.05..0.35),
        }
    }

    /// The chord `notes` (MIDI); brightness moves the cutoff by up to an octave and a half.
    pub fn strike(&self, notes: &[f32], strike: &Strike, rng: &mut StreamRng) -> Stab {
        Stab {
            gains: strike.gains(),
            rate: strike.rate,
            saws: SawStack::new(notes, self.stack, strike.rate, rng),
            cutoff_hz: strike.brighten(self.cutoff_hz, 1.5),
            sweep_octaves: self.sweep_octaves,
            sweep: Decay::new(self.sweep_seconds, strike.rate / CONTROL_FRAMES as f32),
            quality: self.quality,
            level: Swell::new(0.003, strike.seconds, self.release_seconds, strike.rate),
            tuning: Tuning::new(self.cutoff_hz, self.quality, strike.rate),
            filters: Default::default(),
            age: 0,
        }
    }
}

/// A sounding stab.
#[derive(Debug)]
pub struct Stab {
    gains: Frame,
    rate: f32,
    saws: SawStack,
    cutoff_hz: f32,
    sweep_octaves: f32,
    sweep: Decay,
    quality: f32,
    level: Swell,
    tuning: Tuning,
    filters: [Svf; 2],
    age: u32,
}

impl Voice for Stab {
    #[inline]
    fn frame(&mut self) -> Frame {
        if self.age.is_multiple_of(CONTROL_FRAMES) {
            let cutoff = self.cutoff_hz * (self.sweep_octaves * self.sweep.tick()).exp2();
            self.tuning = Tuning::new(cutoff, self.quality, self.rate);
        }
        self.age += 1;
        let saws = self.saws.frame();
        let level = self.level.tick();
        std::array::from_fn(|channel| {
            self.filters[channel].low(&self.tuning, saws[channel]) * level * self.gains[channel]
        })
    }

    fn is_over(&self) -> bool {
        self.level.is_over()
    }
}
