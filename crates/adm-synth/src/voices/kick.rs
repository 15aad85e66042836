//! The bass drum: a sine that falls onto the track's tuning, a knock above it, a click on top, and some drive.
//!
//! The sine starts within the low band, so the drum is felt on its very first cycle; what sounds higher is the knock's.

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
    knock_hz: f32,
    knock: f32,
    click: f32,
    drive: f32,
}

impl KickSound {
    /// Draws a tuning of 43 to 58 Hz, its sweep, length, knock, click and drive; fast styles get short ones.
    pub fn draw(rng: &mut StreamRng, style: Style) -> Self {
        let body = match style {
            Style::House | Style::Techno => 0.32..0.6,
            Style::Breaks => 0.25..0.4,
            Style::DrumAndBass => 0.18..0.3,
        };
        Self {
            tune_hz: log_uniform(rng, 43.0..58.0),
            sweep_hz: log_uniform(rng, 25.0..85.0),
            sweep_seconds: log_uniform(rng, 0.1..0.4),
            body_seconds: log_uniform(rng, body),
            knock_hz: log_uniform(rng, 220.0..520.0),
            knock: rng.random_range(0.1..0.5),
            click: rng.random_range(0.1..0.5),
            drive: rng.random_range(1.0..2.2),
        }
    }

    /// A struck kick; brightness moves its click and knock.
    pub fn strike(&self, strike: &Strike, rng: &mut StreamRng) -> Kick {
        Kick {
            sound: self.clone(),
            rate: strike.rate,
            gain: strike.velocity / saturate(self.drive),
            body: (Phase::new(0.0, self.tune_hz, strike.rate), Decay::new(self.body_seconds, strike.rate)),
            sweep: Decay::new(self.sweep_seconds, strike.rate),
            knock: (Phase::new(0.0, self.knock_hz, strike.rate), Decay::new(0.06, strike.rate)),
            knock_gain: strike.brighten(self.knock, 0.4),
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
    sound: KickSound,
    rate: f32,
    gain: f32,
    body: (Phase, Decay),
    sweep: Decay,
    knock: (Phase, Decay),
    knock_gain: f32,
    click: Decay,
    click_gain: f32,
    click_filter: OnePole,
    noise: Noise,
}

impl Voice for Kick {
    #[inline]
    fn frame(&mut self) -> Frame {
        let sweep = self.sweep.tick();
        self.body.0.set_hz(self.sound.tune_hz + self.sound.sweep_hz * sweep, self.rate);
        self.knock.0.set_hz(self.sound.knock_hz * (0.4 + 0.6 * sweep), self.rate);
        let knock = self.knock.0.sine() * self.knock.1.tick() * self.knock_gain;
        let body = saturate(self.sound.drive * (self.body.0.sine() * self.body.1.tick() + knock));
        let click = self.click_filter.high(self.noise.tick()) * self.click.tick() * self.click_gain;
        [(body + click) * self.gain; 2]
    }

    fn is_over(&self) -> bool {
        self.body.1.is_over()
    }
}
