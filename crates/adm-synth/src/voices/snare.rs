//! The snare drum: two modes of the skin in the middle, and the wires as band-passed noise to both sides.

use super::{Strike, Voice, log_uniform};
use crate::dsp::Frame;
use crate::dsp::envelope::Decay;
use crate::dsp::filter::{Svf, Tuning};
use crate::dsp::noise::Noise;
use crate::dsp::oscillator::Phase;
use adm_core::seeds::{RngExt, StreamRng};

/// A track's snare drum.
#[derive(Debug, Clone)]
pub struct SnareSound {
    skin_hz: f32,
    skin_ratio: f32,
    skin_seconds: f32,
    wire_hz: f32,
    wire_seconds: f32,
    wire_share: f32,
    width: f32,
}

impl SnareSound {
    /// Draws a skin of 160 to 240 Hz and its wires.
    pub fn draw(rng: &mut StreamRng) -> Self {
        Self {
            skin_hz: log_uniform(rng, 160.0..240.0),
            skin_ratio: rng.random_range(1.5..1.9),
            skin_seconds: log_uniform(rng, 0.08..0.2),
            wire_hz: log_uniform(rng, 2_200.0..5_000.0),
            wire_seconds: log_uniform(rng, 0.12..0.32),
            wire_share: rng.random_range(0.5..0.9),
            width: rng.random_range(0.3..0.8),
        }
    }

    /// A struck snare; brightness moves the wires' pitch and length.
    pub fn strike(&self, strike: &Strike, rng: &mut StreamRng) -> Snare {
        Snare {
            gains: strike.gains(),
            skins: [self.skin_hz, self.skin_hz * self.skin_ratio].map(|hz| Phase::new(0.0, hz, strike.rate)),
            skin: Decay::new(self.skin_seconds, strike.rate),
            wire: Decay::new(strike.brighten(self.wire_seconds, 0.3), strike.rate),
            wire_share: self.wire_share,
            width: self.width,
            tuning: Tuning::new(strike.brighten(self.wire_hz, 0.4), 0.6, strike.rate),
            filters: Default::default(),
            noises: std::array::from_fn(|_| Noise::new(rng)),
        }
    }
}

/// A sounding snare.
#[derive(Debug)]
pub struct Snare {
    gains: Frame,
    skins: [Phase; 2],
    skin: Decay,
    wire: Decay,
    wire_share: f32,
    width: f32,
    tuning: Tuning,
    filters: [Svf; 2],
    noises: [Noise; 3],
}

impl Voice for Snare {
    #[inline]
    fn frame(&mut self) -> Frame {
        let skin = (self.skins[0].sine() + 0.6 * self.skins[1].sine()) * self.skin.tick() * (1.1 - self.wire_share);
        let level = self.wire.tick() * self.wire_share * 1.6;
        let [middle, left, right] = self.noises.each_mut().map(Noise::tick);
        let sides = [left, right].map(|side| middle * (1.0 - self.width) + side * self.width);
        std::array::from_fn(|channel| {
            let wire = self.filters[channel].band(&self.tuning, sides[channel]);
            (skin + wire * level) * self.gains[channel]
        })
    }

    fn is_over(&self) -> bool {
        self.skin.is_over() && self.wire.is_over()
    }
}
