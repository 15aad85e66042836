//! Three toms, from left to right as a drummer sees them from behind the kit.

use super::{Strike, Voice, log_uniform};
use crate::dsp::Frame;
use crate::dsp::envelope::Decay;
use crate::dsp::filter::OnePole;
use crate::dsp::noise::Noise;
use crate::dsp::oscillator::Phase;
use adm_core::seeds::{RngExt, StreamRng};

/// A track's toms.
#[derive(Debug, Clone)]
pub struct TomSound {
    lowest_hz: f32,
    interval: f32,
    drop: f32,
    seconds: f32,
}

impl TomSound {
    /// Draws the lowest tom's pitch of 75 to 120 Hz and the interval between them.
    pub fn draw(rng: &mut StreamRng) -> Self {
        Self {
            lowest_hz: log_uniform(rng, 75.0..120.0),
            interval: rng.random_range(1.25..1.5),
            drop: rng.random_range(0.3..0.9),
            seconds: log_uniform(rng, 0.18..0.4),
        }
    }

    /// Tom `number` (0 is the lowest, 2 the highest); brightness moves how far its pitch drops.
    pub fn strike(&self, number: u8, strike: &Strike, rng: &mut StreamRng) -> Tom {
        Tom {
            gains: strike.gains(),
            rate: strike.rate,
            hz: self.lowest_hz * self.interval.powi(i32::from(number)),
            drop: strike.brighten(self.drop, 0.6),
            phase: Phase::new(0.0, self.lowest_hz, strike.rate),
            level: Decay::new(self.seconds, strike.rate),
            falling: Decay::new(0.15, strike.rate),
            stick: Decay::new(0.02, strike.rate),
            stick_filter: OnePole::new(1_500.0, strike.rate),
            noise: Noise::new(rng),
        }
    }
}

/// A sounding tom.
#[derive(Debug)]
pub struct Tom {
    gains: Frame,
    rate: f32,
    hz: f32,
    drop: f32,
    phase: Phase,
    level: Decay,
    falling: Decay,
    stick: Decay,
    stick_filter: OnePole,
    noise: Noise,
}

impl Voice for Tom {
    #[inline]
    fn frame(&mut self) -> Frame {
        self.phase.set_hz(self.hz * (1.0 + self.drop * self.falling.tick()), self.rate);
        let stick = self.stick_filter.low(self.noise.tick()) * self.stick.tick();
        let sample = self.phase.sine() * self.level.tick() + stick;
        self.gains.map(|gain| gain * sample)
    }

    fn is_over(&self) -> bool {
        self.level.is_over()
    }
}
