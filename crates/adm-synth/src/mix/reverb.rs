//! A stereo reverb: eight delay lines that feed each other (Jot and Chaigne, "Digital delay networks for designing
//! artificial reverberators", AES 90th convention, 1991).
//!
//! The lines are joined by a Householder reflection, which keeps the energy: all of the decay is in the gains, so the
//! reverberation time is what was asked for. Even lines hear and feed the left, odd ones the right; the reflection mixes
//! them, so the tail is wide and decorrelated but follows the source's side.

use crate::dsp::Frame;
use crate::dsp::filter::OnePole;

const LINES: usize = 8;

/// Lengths of the lines in milliseconds: primes, so that their echoes do not fall together.
const LENGTHS_MS: [f32; LINES] = [29.0, 31.0, 37.0, 41.0, 43.0, 47.0, 53.0, 59.0];

/// A room.
#[derive(Debug, Clone)]
pub struct Reverb {
    lines: [Line; LINES],
    thin: [OnePole; 2],
}

#[derive(Debug, Clone)]
struct Line {
    samples: Vec<f32>,
    at: usize,
    gain: f32,
    dull: OnePole,
}

impl Line {
    fn new(milliseconds: f32, seconds: f32, damping_hz: f32, rate: f32) -> Self {
        let length = (milliseconds / 1_000.0 * rate).round().max(1.0);
        // So many rounds of this line are to lose 60 dB.
        let gain = 10f32.powf(-3.0 * length / (seconds * rate));
        Self { samples: vec![0.0; length as usize], at: 0, gain, dull: OnePole::new(damping_hz, rate) }
    }

    #[inline]
    fn read(&mut self) -> f32 {
        self.dull.low(self.samples[self.at]) * self.gain
    }

    #[inline]
    fn write(&mut self, sample: f32) {
        // Far below hearing, and far above the numbers that slow processors down.
        self.samples[self.at] = sample + 1e-18;
        self.at = if self.at + 1 == self.samples.len() { 0 } else { self.at + 1 };
    }
}

impl Reverb {
    /// A room whose lows ring for `seconds` (to −60 dB) and whose highs above `damping_hz` ring shorter.
    pub fn new(seconds: f32, damping_hz: f32, rate: f32) -> Self {
        Self {
            lines: LENGTHS_MS.map(|length| Line::new(length, seconds, damping_hz, rate)),
            thin: [OnePole::new(220.0, rate); 2],
        }
    }

    /// The room's answer to `input`; the input itself is not in it.
    #[inline]
    pub fn frame(&mut self, input: Frame) -> Frame {
        let heard: [f32; LINES] = self.lines.each_mut().map(Line::read);
        let reflection = heard.iter().sum::<f32>() * (2.0 / LINES as f32);
        let entering = [self.thin[0].high(input[0]), self.thin[1].high(input[1])];
        for (number, line) in self.lines.iter_mut().enumerate() {
            line.write(entering[number % 2] + heard[number] - reflection);
        }
        [heard[0] + heard[2] - heard[4] - heard[6], heard[1] + heard[3] - heard[5] - heard[7]].map(|sum| sum * 0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_falls_by_60_db_in_its_time_and_is_wide() {
        let rate = 44_100.0;
        let mut reverb = Reverb::new(1.0, 18_000.0, rate);
        let tail: Vec<Frame> = (0..66_150).map(|n| reverb.frame(if n == 0 { [1.0, 1.0] } else { [0.0; 2] })).collect();
        let energy = |from: f32| -> f32 {
            let from = (from * rate) as usize;
            tail[from..from + 4_410].iter().map(|frame| frame[0] * frame[0] + frame[1] * frame[1]).sum()
        };
        let fall = 10.0 * (energy(1.1) / energy(0.1)).log10();
        assert!((-75.0..-50.0).contains(&fall), "{fall} dB in a second");
        let sum = |f: fn(&Frame) -> f32| tail.iter().map(f).sum::<f32>();
        let correlation = sum(|f| f[0] * f[1]) / (sum(|f| f[0] * f[0]) * sum(|f| f[1] * f[1])).sqrt();
        assert!(correlation.abs() < 0.4, "{correlation}");
    }
}
