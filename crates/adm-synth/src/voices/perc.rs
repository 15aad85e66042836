//! Small percussion (blocks, bells, congas, blips): one sine that bends the phase of another.

use super::{Strike, Voice, log_uniform};
use crate::dsp::Frame;
use crate::dsp::envelope::Decay;
use adm_core::seeds::{RngExt, StreamRng};
use std::f32::consts::TAU;

/// A track's small percussion.
#[derive(Debug, Clone)]
pub struct PercSound {
    hz: f32,
    ratio: f32,
    bend: f32,
    seconds: f32,
}

impl PercSound {
    /// Draws a pitch of 220 to 1,400 Hz and what it is made of.
    pub fn draw(rng: &mut StreamRng) -> Self {
        Self {
            hz: log_uniform(rng, 220.0..1_400.0),
            ratio: rng.random_range(1.2..2.9),
            bend: rng.random_range(0.3..2.5),
            seconds: log_uniform(rng, 0.06..0.22),
        }
    }

    /// One stroke; brightness moves how rich it is.
    pub fn strike(&self, strike: &Strike, _rng: &mut StreamRng) -> Perc {
        Perc {
            gains: strike.gains(),
            carrier: 0.0,
            modulator: 0.0,
            step: TAU * self.hz / strike.rate,
            ratio: self.ratio,
            bend: strike.brighten(self.bend, 0.8),
            level: Decay::new(self.seconds, strike.rate),
            bending: Decay::new(self.seconds * 0.4, strike.rate),
        }
    }
}

/// A sounding stroke.
#[derive(Debug)]
pub struct Perc {
    gains: Frame,
    carrier: f32,
    modulator: f32,
    step: f32,
    ratio: f32,
    bend: f32,
    level: Decay,
    bending: Decay,
}

impl Voice for Perc {
    #[inline]
    fn frame(&mut self) -> Frame {
        let bend = self.modulator.sin() * self.bend * self.bending.tick();
        let sample = (self.carrier + bend).sin() * self.level.tick();
        self.carrier = (self.carrier + self.step) % TAU;
        self.modulator = (self.modulator + self.step * self.ratio) % TAU;
        self.gains.map(|gain| gain * sample)
    }

    fn is_over(&self) -> bool {
        self.level.is_over()
    }
}
