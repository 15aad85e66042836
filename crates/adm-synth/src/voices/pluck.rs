//! Plucked single notes for arpeggios and melodies: a pulse through a closing low-pass, with a bell on top.

use super::{Strike, Voice, log_uniform};
use crate::dsp::envelope::Decay;
use crate::dsp::filter::{Svf, Tuning};
use crate::dsp::oscillator::Phase;
use crate::dsp::{CONTROL_FRAMES, Frame, note_hz};
use adm_core::seeds::{RngExt, StreamRng};

/// A track's pluck.
#[derive(Debug, Clone)]
pub struct PluckSound {
    pulse_width: f32,
    bell: f32,
    bell_ratio: f32,
    open_octaves: f32,
    filter_seconds: f32,
    seconds: f32,
    quality: f32,
}

impl PluckSound {
    /// Draws its wave, bell and filter.
    pub fn draw(rng: &mut StreamRng) -> Self {
        Self {
            pulse_width: rng.random_range(0.12..0.5),
            bell: rng.random_range(0.0..0.5),
            bell_ratio: [2.0, 3.0, 4.0, 5.0][rng.random_range(0..4)],
            open_octaves: rng.random_range(1.0..3.5),
            filter_seconds: log_uniform(rng, 0.08..0.4),
            seconds: log_uniform(rng, 0.15..0.7),
            quality: log_uniform(rng, 0.7..5.0),
        }
    }

    /// The note `note` (MIDI); brightness moves how far the filter opens.
    pub fn strike(&self, note: f32, strike: &Strike, rng: &mut StreamRng) -> Pluck {
        let hz = note_hz(note);
        Pluck {
            gains: strike.gains(),
            rate: strike.rate,
            wave: Phase::new(rng.random_range(0.0..1.0), hz, strike.rate),
            pulse_width: self.pulse_width,
            bell: Phase::new(0.0, hz * self.bell_ratio, strike.rate),
            bell_gain: self.bell,
            bell_level: Decay::new(self.seconds * 0.4, strike.rate),
            base_hz: hz,
            open_octaves: (self.open_octaves + strike.tone).max(0.0),
            sweep: Decay::new(self.filter_seconds, strike.rate / CONTROL_FRAMES as f32),
            quality: self.quality,
            level: Decay::new(self.seconds, strike.rate),
            tuning: Tuning::new(hz, self.quality, strike.rate),
            filter: Svf::default(),
            age: 0,
        }
    }
}

/// A sounding pluck.
#[derive(Debug)]
pub struct Pluck {
    gains: Frame,
    rate: f32,
    wave: Phase,
    pulse_width: f32,
    bell: Phase,
    bell_gain: f32,
    bell_level: Decay,
    base_hz: f32,
    open_octaves: f32,
    sweep: Decay,
    quality: f32,
    level: Decay,
    tuning: Tuning,
    filter: Svf,
    age: u32,
}

impl Voice for Pluck {
    #[inline]
    fn frame(&mut self) -> Frame {
        if self.age.is_multiple_of(CONTROL_FRAMES) {
            let cutoff = self.base_hz * (self.open_octaves * self.sweep.tick()).exp2();
            self.tuning = Tuning::new(cutoff, self.quality, self.rate);
        }
        self.age += 1;
        let wave = self.filter.low(&self.tuning, self.wave.pulse(self.pulse_width));
        let bell = self.bell.sine() * self.bell_gain * self.bell_level.tick();
        // A millisecond of attack, or the random phase would click.
        let sample = (wave + bell) * self.level.tick() * (self.age as f32 / (0.001 * self.rate)).min(1.0);
        self.gains.map(|gain| gain * sample)
    }

    fn is_over(&self) -> bool {
        self.level.is_over()
    }
}
