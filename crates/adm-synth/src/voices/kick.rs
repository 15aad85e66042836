//! The bass drum: a sine whose pitch falls fast onto the track's tuning, a click on top, and some drive.

use super::{Strike, Voice, log_uniform};
use crate::dsp::envelope::Decay;
use crate::dsp::filter::OnePole;
use crate::dsp::noise::Noise;
use crate::dsp::oscillator::Phase;
use crate::dsp::{Frame, saturate};
use crate::pattern::Style;
use adm_core::seeds::{RngExt, StreamRng};

/// A track's bass drum.
#[derive(Debug, Clone)]
pub struct KickSound {
    tune_hz: f32,
    sweep_hz: f32,
    sweep_seconds: f32,
    body_seconds: f32,
    click: f32,
    drive: f32,
}

impl KickSound {
    /// Draws a tuning of 43 to 58 Hz, its sweep, length, click and drive; fast styles get short ones.
    pub fn draw(rng: &mut StreamRng, style: Style) -> Self {
        let body = match style {
            Style::House | Style::Techno => 0.32..0.6,
            Style::Breaks => 0.25..0.4,
            Style::DrumAndBass => 0.18..0.3,
        };
        Self {
            tune_hz: log_uniform(rng, 43.0..58.0),
            sweep_hz: log_uniform(rng, 150.0..450.0),
            sweep_seconds: log_uniform(rng, 0.05..0.22),
            body_seconds: log_uniform(rng, body),
            click: rng.random_range(0.1..0.5),
            drive: rng.random_range(1.0..2.2),
        }
    }

    /// A struck kick; brightness moves its click and the height of its sweep.
    pub fn strike(&self, strike: &Strike, rng: &mut StreamRng) -> Kick {
        Kick {
            rate: strike.rate,
            gain: strike.velocity / saturate(self.drive),
            phase: Phase::new(0.0, self.tune_hz, strike.rate),
            tune_hz: self.tune_hz,
            sweep_hz: strike.brighten(self.sweep_hz, 0.3),
            sweep: Decay::new(self.sweep_seconds, strike.rate),
            body: Decay::new(self.body_seconds, strike.rate),
            drive: self.drive,
            click: Decay::new(0.012, strike.rate),
            click_gain: strike.brighten(self.click, 0.8),
            click_filter: OnePole::new(2_500.0, strike.rate),
            noise: Noise::new(rng),
        }
    }
}

/// A sounding kick: the same in both channels.
#[derive(Debug)]
pub struct Kick {
    rate: f32,
    gain: f32,
    phase: Phase,
    tune_hz: f32,
    sweep_hz: f32,
    sweep: Decay,
    body: Decay,
    drive: f32,
    click: Decay,
    click_gain: f32,
    click_filter: OnePole,
    noise: Noise,
}

impl Voice for Kick {
    #[inline]
    fn frame(&mut self) -> Frame {
        self.phase.set_hz(self.tune_hz + self.sweep_hz * self.sweep.tick(), self.rate);
        let body = saturate(self.drive * self.phase.sine() * self.body.tick());
        let click = self.click_filter.high(self.noise.tick()) * self.click.tick() * self.click_gain;
        [(body + click) * self.gain; 2]
    }

    fn is_over(&self) -> bool {
        self.body.is_over()
    }
}
