//! A ping-pong delay: echoes that go from side to side and lose their lows and highs on the way.

use crate::dsp::Frame;
use crate::dsp::filter::OnePole;

/// Echoes of a stereo signal; each comes back on the other side.
#[derive(Debug, Clone)]
pub struct Delay {
    line: Vec<Frame>,
    at: usize,
    feedback: f32,
    dull: [OnePole; 2],
    thin: [OnePole; 2],
}

impl Delay {
    /// Echoes every `seconds`, each `feedback` (0 to below 1) as loud as the one before.
    pub fn new(seconds: f32, feedback: f32, rate: f32) -> Self {
        Self {
            line: vec![[0.0; 2]; ((seconds * rate).round() as usize).max(1)],
            at: 0,
            feedback: feedback.clamp(0.0, 0.95),
            dull: [OnePole::new(4_500.0, rate); 2],
            thin: [OnePole::new(250.0, rate); 2],
        }
    }

    /// The echoes of `input`; the input itself is not among them.
    #[inline]
    pub fn frame(&mut self, input: Frame) -> Frame {
        let echo = self.line[self.at];
        // The input enters in the middle of its own side; what comes round crosses over.
        let crossed = [echo[1], echo[0]];
        self.line[self.at] = std::array::from_fn(|channel| {
            let worn = self.dull[channel].low(input[channel] + crossed[channel] * self.feedback);
            self.thin[channel].high(worn)
        });
        self.at = if self.at + 1 == self.line.len() { 0 } else { self.at + 1 };
        echo
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn echoes_come_in_time_change_sides_and_fade() {
        let mut delay = Delay::new(0.1, 0.5, 10_000.0);
        let frames: Vec<Frame> = (0..4_000).map(|n| delay.frame([if n == 0 { 1.0 } else { 0.0 }, 0.0])).collect();
        let energy = |echo: usize, channel: usize| -> f32 {
            frames[echo * 1_000..(echo + 1) * 1_000].iter().map(|frame| frame[channel].powi(2)).sum()
        };
        assert_eq!(energy(0, 0), 0.0);
        for (echo, here, there) in [(1, 0, 1), (2, 1, 0), (3, 0, 1)] {
            assert!(energy(echo, here) > 0.0 && energy(echo, there) == 0.0, "echo {echo}");
        }
        assert!(energy(2, 1) < 0.3 * energy(1, 0), "half the level is a quarter of the energy, less the filters");
    }
}
