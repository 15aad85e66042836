//! The body of hats and rides: six pulse waves at inharmonic pitches, as in the analogue drum machines of 1980, mixed
//! with noise and high-passed.

use super::Voice;
use crate::dsp::envelope::Decay;
use crate::dsp::filter::{Svf, Tuning};
use crate::dsp::noise::Noise;
use crate::dsp::oscillator::Phase;
use crate::dsp::{Frame, pan};
use adm_core::seeds::{RngExt, StreamRng};

/// Pitches of the six waves relative to the lowest; no two share a low harmonic.
const RATIOS: [f32; 6] = [1.0, 1.483, 1.932, 2.546, 2.63, 3.897];

/// What a struck piece of metal is made of.
#[derive(Debug, Clone, Copy)]
pub struct MetalSettings {
    /// Pitch of the lowest wave in Hz.
    pub base_hz: f32,
    /// Share of noise against waves, 0 to 1.
    pub noise_share: f32,
    /// Cutoff of the high-pass in Hz; higher is thinner.
    pub cutoff_hz: f32,
    /// Time to −60 dB in seconds.
    pub seconds: f32,
    /// How far the waves and noises stand apart, 0 (all in the middle) to 1.
    pub width: f32,
    /// Gains of the channels.
    pub gains: Frame,
    /// Frames a second.
    pub rate: f32,
}

/// A sounding piece of metal.
#[derive(Debug)]
pub struct Metal {
    settings: MetalSettings,
    waves: [(Phase, Frame); 6],
    level: Decay,
    tuning: Tuning,
    filters: [Svf; 2],
    noises: [Noise; 3],
}

impl Metal {
    /// A struck piece of metal; its waves start wherever they happen to be.
    pub fn new(settings: MetalSettings, rng: &mut StreamRng) -> Self {
        let wave = |index: usize| {
            let side = if index.is_multiple_of(2) { -settings.width } else { settings.width };
            let phase = Phase::new(rng.random_range(0.0..1.0), settings.base_hz * RATIOS[index], settings.rate);
            (phase, pan(side))
        };
        Self {
            settings,
            waves: std::array::from_fn(wave),
            level: Decay::new(settings.seconds, settings.rate),
            tuning: Tuning::new(settings.cutoff_hz, 0.8, settings.rate),
            filters: Default::default(),
            noises: std::array::from_fn(|_| Noise::new(rng)),
        }
    }

    fn source(&mut self) -> Frame {
        let MetalSettings { noise_share, width, .. } = self.settings;
        let [middle, left, right] = self.noises.each_mut().map(Noise::tick);
        let mut frame = [left, right].map(|side| (middle * (1.0 - width) + side * width) * noise_share * 1.5);
        for (phase, gains) in &mut self.waves {
            let wave = phase.pulse(0.5) * (1.0 - noise_share) * 0.45;
            frame[0] += wave * gains[0];
            frame[1] += wave * gains[1];
        }
        frame
    }
}

impl Voice for Metal {
    #[inline]
    fn frame(&mut self) -> Frame {
        let source = self.source();
        let level = self.level.tick();
        std::array::from_fn(|channel| {
            self.filters[channel].high(&self.tuning, source[channel]) * level * self.settings.gains[channel]
        })
    }

    fn is_over(&self) -> bool {
        self.level.is_over()
    }
}
