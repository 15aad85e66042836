//! The band's instruments, added into interleaved stereo.

use adm_core::{SampleRate, Seeds, seeds::RngExt};
use std::f64::consts::TAU;

pub const KICK: u32 = 1;
pub const HAT: u32 = 2;
pub const CLAP: u32 = 4;
pub const BASS: u32 = 8;
pub const LEAD: u32 = 16;

/// Minor pentatonic steps in semitones.
const SCALE: [i32; 5] = [0, 3, 5, 7, 10];

/// Frames that the longest note sounds.
pub fn longest(rate: SampleRate) -> usize {
    (rate.as_f64() * 0.5) as usize
}

/// What one beat sounds like.
pub struct Sound {
    pub rate: SampleRate,
    /// Where in the scale the seed begins.
    pub notes: usize,
    /// The beat's place in the bar.
    pub position: u64,
    /// 0 soft to 1 sharp.
    pub morph: f64,
    /// As if from an old record.
    pub recorded: bool,
}

impl Sound {
    /// Plays the voices of `token` for a beat of `length` frames.
    pub fn play(&self, token: u32, out: &mut [f32], length: usize) {
        let quarter = |n: usize| 2 * (n * length / 4);
        let has = |voice| token & voice != 0;
        if has(KICK) {
            self.kick(out);
        }
        if has(HAT) {
            self.noise(&mut out[quarter(2)..], 0.05, 0.22, 0.3);
        }
        if has(CLAP) && self.position % 2 == 1 {
            self.noise(out, 0.12, 0.3, -0.1);
        }
        for step in (1..4).filter(|_| has(BASS)) {
            self.tone(&mut out[quarter(step)..], 55.0, self.notes + self.position as usize / 2, 0.2, 0.4, 0.0);
        }
        for step in (0..4).filter(|_| has(LEAD)) {
            let note = self.notes + step * 2 + self.position as usize;
            self.tone(&mut out[quarter(step)..], 220.0, note, 0.15, 0.12, if step % 2 == 0 { -0.5 } else { 0.5 });
        }
    }

    fn kick(&self, out: &mut [f32]) {
        let mut phase = 0.0;
        let lowest = if self.recorded { 38.0 } else { 48.0 };
        self.add(out, 0.25, 0.0, |seconds, step| {
            phase += TAU * (lowest + 180.0 * (-seconds / 0.03).exp()) * step;
            0.85 * phase.sin() * (-seconds / 0.12).exp()
        });
    }

    fn noise(&self, out: &mut [f32], decay: f64, gain: f64, pan: f64) {
        let mut chance = Seeds::new(1).stream("noise", 0);
        let mut last = 0.0;
        self.add(out, decay * 4.0, pan, |seconds, _| {
            let now = chance.random::<f64>() * 2.0 - 1.0;
            // The difference of neighbours has little of the lows.
            let bright = now - std::mem::replace(&mut last, now);
            gain * bright * (-seconds / decay).exp()
        });
    }

    fn tone(&self, out: &mut [f32], root: f64, note: usize, decay: f64, gain: f64, pan: f64) {
        let semitones = SCALE[note % 5] + 12 * (note as i32 / 5 % 2);
        let hertz = root * 2f64.powf(f64::from(semitones) / 12.0 + self.morph.round());
        let morph = self.morph;
        self.add(out, decay * 2.5, pan, |seconds, _| {
            let phase = seconds * hertz % 1.0;
            let wave = (1.0 - morph) * (TAU * phase).sin() + morph * 0.7 * (2.0 * phase - 1.0);
            gain * wave * (-seconds / decay).exp() * (seconds * 400.0).min(1.0)
        });
    }

    fn add(&self, out: &mut [f32], lasts: f64, pan: f64, mut wave: impl FnMut(f64, f64) -> f64) {
        let step = 1.0 / self.rate.as_f64();
        let frames = (lasts.min(0.45) * self.rate.as_f64()) as usize;
        let gain = if self.recorded { 0.6 } else { 1.0 };
        let mut dull = 0.0;
        for (at, frame) in out.chunks_exact_mut(2).take(frames).enumerate() {
            let left = (frames - at) as f64 / frames as f64;
            let value = wave(at as f64 * step, step) * gain * (left * 20.0).min(1.0);
            // A record's needle follows the highs only partly.
            dull += (value - dull) * if self.recorded { 0.15 } else { 1.0 };
            frame[0] += (dull * (1.0 - pan)) as f32;
            frame[1] += (dull * (1.0 + pan)) as f32;
        }
    }
}
