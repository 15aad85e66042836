//! The bass: saw or pulse and a sine below, through a low-pass that closes after each note's start. All in the middle.

use super::{Strike, Voice, log_uniform};
use crate::dsp::envelope::{Decay, Swell};
use crate::dsp::filter::{Svf, Tuning};
use crate::dsp::oscillator::Phase;
use crate::dsp::{CONTROL_FRAMES, Frame, note_hz, saturate};
use crate::pattern::Style;
use adm_core::seeds::{RngExt, StreamRng};

/// A track's bass.
#[derive(Debug, Clone)]
pub struct BassSound {
    pulse_share: f32,
    sub_share: f32,
    detune_cents: f32,
    cutoff_hz: f32,
    sweep_octaves: f32,
    sweep_seconds: f32,
    quality: f32,
    drive: f32,
}

impl BassSound {
    /// Draws the blend of waves, the filter and the drive; drum and bass gets two saws that beat against each other.
    pub fn draw(rng: &mut StreamRng, style: Style) -> Self {
        let beating = style == Style::DrumAndBass;
        Self {
            pulse_share: rng.random_range(0.0..1.0),
            sub_share: rng.random_range(0.3..0.8),
            detune_cents: if beating { rng.random_range(12.0..35.0) } else { rng.random_range(0.0..8.0) },
            cutoff_hz: log_uniform(rng, 110.0..450.0),
            sweep_octaves: rng.random_range(0.5..3.0),
            sweep_seconds: log_uniform(rng, 0.1..0.6),
            quality: log_uniform(rng, 0.7..4.0),
            drive: rng.random_range(0.8..2.0),
        }
    }

    /// The note `note` (MIDI); brightness moves the cutoff by an octave.
    pub fn strike(&self, note: f32, strike: &Strike, _rng: &mut StreamRng) -> Bass {
        let detune = (self.detune_cents / 1_200.0).exp2();
        let hz = note_hz(note);
        Bass {
            sound: self.clone(),
            rate: strike.rate,
            gain: strike.velocity / saturate(self.drive),
            waves: [Phase::new(0.0, hz * detune, strike.rate), Phase::new(0.25, hz / detune, strike.rate)],
            sub: Phase::new(0.0, hz, strike.rate),
            cutoff_hz: strike.brighten(self.cutoff_hz, 1.0),
            sweep: Decay::new(self.sweep_seconds, strike.rate / CONTROL_FRAMES as f32),
            level: Swell::new(0.002, strike.seconds, 0.03, strike.rate),
            tuning: Tuning::new(self.cutoff_hz, self.quality, strike.rate),
            filter: Svf::default(),
            age: 0,
        }
    }
}

/// A sounding bass note.
#[derive(Debug)]
pub struct Bass {
    sound: BassSound,
    rate: f32,
    gain: f32,
    waves: [Phase; 2],
    sub: Phase,
    cutoff_hz: f32,
    sweep: Decay,
    level: Swell,
    tuning: Tuning,
    filter: Svf,
    age: u32,
}

impl Bass {
    fn update_filter(&mut self) {
        if self.age.is_multiple_of(CONTROL_FRAMES) {
            let cutoff = self.cutoff_hz * (self.sound.sweep_octaves * self.sweep.tick()).exp2();
            self.tuning = Tuning::new(cutoff, self.sound.quality, self.rate);
        }
        self.age += 1;
    }
}

impl Voice for Bass {
    #[inline]
    fn frame(&mut self) -> Frame {
        self.update_filter();
        let waves = self.waves[0].saw() * (1.0 - self.sound.pulse_share)
            + self.waves[1].pulse(0.45) * self.sound.pulse_share
            + self.waves[1].saw() * 0.3;
        let filtered = self.filter.low(&self.tuning, waves * (1.0 - self.sound.sub_share));
        let sample = saturate(self.sound.drive * (filtered + self.sub.sine() * self.sound.sub_share));
        [sample * self.level.tick() * self.gain; 2]
    }

    fn is_over(&self) -> bool {
        self.level.is_over()
    }
}
