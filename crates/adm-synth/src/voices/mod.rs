//! The voices: one file each.
//!
//! Every file holds a *sound* (`KickSound`), the settings that a track draws once and keeps, and a *voice* (`Kick`),
//! one struck note that sounds until it has died away. A voice is a small state machine that gives a frame at a time,
//! so a set of any length is rendered in the memory of the few notes that sound together.

pub mod bass;
pub mod clap;
pub mod crash;
pub mod hat;
pub mod kick;
pub mod metal;
pub mod pad;
pub mod perc;
pub mod pluck;
pub mod ride;
pub mod riser;
pub mod saws;
pub mod shaker;
pub mod snare;
pub mod stab;
pub mod tom;

use crate::dsp::{Frame, pan};
use adm_core::seeds::{RngExt, StreamRng};
use std::ops::Range;

/// A note that sounds.
pub trait Voice: Send {
    /// The next frame.
    fn frame(&mut self) -> Frame;

    /// Whether all further frames would be silent.
    fn is_over(&self) -> bool;

    /// Adds the next `block.len()` frames to `block`.
    ///
    /// A default method is compiled once a voice, so the dynamic call happens once a block and not once a frame.
    fn add_to(&mut self, block: &mut [Frame]) {
        for out in block {
            let [left, right] = self.frame();
            out[0] += left;
            out[1] += right;
        }
    }
}

/// How one note is struck.
#[derive(Debug, Clone, Copy)]
pub struct Strike {
    /// Frames a second.
    pub rate: f32,
    /// How hard, 0 to 1; the level follows it.
    pub velocity: f32,
    /// Brightness relative to the sound's own, -1 (dull) to 1 (bright).
    pub tone: f32,
    /// Place between left (-1) and right (1).
    pub place: f32,
    /// How long the note is held, in seconds; drums ignore it.
    pub seconds: f32,
}

impl Strike {
    /// Gains of the left and right channel.
    fn gains(&self) -> Frame {
        pan(self.place).map(|gain| gain * self.velocity)
    }

    /// Scales a frequency or time up to `octaves` up or down by the brightness.
    fn brighten(&self, value: f32, octaves: f32) -> f32 {
        value * (self.tone * octaves).exp2()
    }
}

/// A number drawn evenly on a logarithmic scale, as frequencies and times are heard.
fn log_uniform(rng: &mut StreamRng, range: Range<f32>) -> f32 {
    rng.random_range(range.start.ln()..range.end.ln()).exp()
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    pub const RATE: f32 = 44_100.0;

    pub fn rng() -> StreamRng {
        adm_core::Seeds::new(7).stream("voice test", 0)
    }

    pub fn strike(seconds: f32) -> Strike {
        Strike { rate: RATE, velocity: 1.0, tone: 0.0, place: 0.0, seconds }
    }

    /// All of a voice's frames; fails if it never ends, is silent, or leaves what a mixer can take.
    pub fn play(mut voice: impl Voice) -> Vec<Frame> {
        let mut frames = Vec::new();
        while !voice.is_over() {
            frames.push(voice.frame());
            assert!(frames.len() < 60 * RATE as usize, "a voice that never ends");
        }
        let peak = frames.iter().flatten().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        assert!(peak > 0.05 && peak < 4.0, "peak {peak}");
        frames
    }

    /// Spectral centroid in octaves above 1 Hz, 40 Hz to 20 kHz, by a slow Fourier transform of the middle channel.
    pub fn centroid_octave(frames: &[Frame]) -> f64 {
        let (mut weighted, mut total) = (0.0, 0.0);
        for step in 0..72 {
            let hz = 40.0 * (f64::from(step) / 8.0).exp2();
            let power = power_at(frames, hz) * hz;
            weighted += power * hz.log2();
            total += power;
        }
        weighted / total
    }

    fn power_at(frames: &[Frame], hz: f64) -> f64 {
        let (mut re, mut im) = (0.0, 0.0);
        for (n, frame) in frames.iter().enumerate() {
            let angle = std::f64::consts::TAU * hz * n as f64 / f64::from(RATE);
            re += f64::from(frame[0] + frame[1]) * angle.cos();
            im += f64::from(frame[0] + frame[1]) * angle.sin();
        }
        re * re + im * im
    }

    /// Correlation of the channels, -1 to 1.
    pub fn correlation(frames: &[Frame]) -> f32 {
        let sum = |f: fn(&Frame) -> f32| frames.iter().map(f).sum::<f32>();
        sum(|f| f[0] * f[1]) / (sum(|f| f[0] * f[0]) * sum(|f| f[1] * f[1])).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{centroid_octave, correlation, play, rng, strike};
    use super::*;
    use crate::pattern::Style;

    /// Checks a voice's spectral centroid, in octaves above 1 Hz, and the correlation of its channels.
    fn check(name: &str, frames: &[Frame], octaves: Range<f64>, width: Range<f32>) {
        let (octave, correlation) = (centroid_octave(&frames[..frames.len().min(22_050)]), correlation(frames));
        assert!(octaves.contains(&octave), "{name}: centroid 2^{octave:.2} Hz");
        assert!(width.contains(&correlation), "{name}: correlation {correlation:.4}");
    }

    const MONO: Range<f32> = 0.9999..1.01;
    const WIDE: Range<f32> = -0.3..0.97;

    #[test]
    fn drums_sound_end_and_keep_to_their_region_and_width() {
        let rng = &mut rng();
        let hit = &strike(0.0);
        check("kick", &play(kick::KickSound::draw(rng, Style::House).strike(hit, rng)), 5.3..7.5, MONO);
        check("snare", &play(snare::SnareSound::draw(rng).strike(hit, rng)), 7.0..12.5, WIDE);
        check("clap", &play(clap::ClapSound::draw(rng).strike(hit, rng)), 9.5..12.5, WIDE);
        check("hat", &play(hat::HatSound::draw(rng).closed(hit, rng)), 12.0..14.3, WIDE);
        check("open hat", &play(hat::HatSound::draw(rng).open(hit, rng)), 12.0..14.3, WIDE);
        check("ride", &play(ride::RideSound::draw(rng).strike(hit, rng)), 11.5..14.3, WIDE);
        check("shaker", &play(shaker::ShakerSound::draw(rng).strike(hit, rng)), 11.5..14.0, WIDE);
        check("perc", &play(perc::PercSound::draw(rng).strike(hit, rng)), 7.5..12.0, MONO);
        check("tom", &play(tom::TomSound::draw(rng).strike(2, hit, rng)), 6.0..9.0, MONO);
        check("crash", &play(crash::CrashSound::draw(rng).strike(hit, rng)), 10.5..14.0, WIDE);
    }

    #[test]
    fn tones_sound_end_and_keep_to_their_region_and_width() {
        let rng = &mut rng();
        let chord = [57.0, 60.0, 64.0];
        check("bass", &play(bass::BassSound::draw(rng, Style::House).strike(36.0, &strike(0.2), rng)), 5.3..8.0, MONO);
        check("stab", &play(stab::StabSound::draw(rng).strike(&chord, &strike(0.1), rng)), 7.5..11.5, WIDE);
        check("pad", &play(pad::PadSound::draw(rng).strike(&chord, &strike(1.0), rng)), 7.0..11.0, WIDE);
        check("pluck", &play(pluck::PluckSound::draw(rng).strike(72.0, &strike(0.1), rng)), 8.5..11.5, MONO);
        check("riser", &play(riser::RiserSound::draw(rng).strike(&strike(2.0), rng)), 9.0..13.5, WIDE);
    }

    #[test]
    fn brightness_opens_a_filter() {
        let sound = stab::StabSound::draw(&mut rng());
        let octave = |tone| {
            let strike = Strike { tone, ..strike(0.3) };
            centroid_octave(&play(sound.strike(&[57.0, 60.0, 64.0], &strike, &mut rng()))[..8_192])
        };
        assert!(octave(1.0) > octave(0.0) + 0.1 && octave(0.0) > octave(-1.0) + 0.1);
    }
}
