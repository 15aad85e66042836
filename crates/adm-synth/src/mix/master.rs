//! The master: no rumble, and a soft ceiling.

use crate::dsp::filter::OnePole;
use crate::dsp::{Frame, decibels};

/// Highest sample of a set in dBFS: the promised −1, and 0.2 dB for what lies between the samples.
const CEILING_DBFS: f32 = -1.2;

/// Share of the ceiling up to which nothing is changed at all.
const KNEE: f32 = 0.6;

/// The end of the chain; it adds no latency, so beats stay where they are.
#[derive(Debug, Clone)]
pub struct Master {
    rumble: [OnePole; 2],
    ceiling: f32,
}

impl Master {
    /// A master at `rate`.
    pub fn new(rate: f32) -> Self {
        Self { rumble: [OnePole::new(12.0, rate); 2], ceiling: decibels(CEILING_DBFS) }
    }

    /// Masters a block in place.
    pub fn apply(&mut self, block: &mut [Frame]) {
        for frame in block {
            for (channel, sample) in frame.iter_mut().enumerate() {
                *sample = soft_clip(self.rumble[channel].high(*sample), self.ceiling);
            }
        }
    }
}

/// Straight up to the knee, then bent so smoothly that the ceiling is never passed.
fn soft_clip(sample: f32, ceiling: f32) -> f32 {
    let (knee, size) = (KNEE * ceiling, sample.abs());
    if size <= knee {
        return sample;
    }
    let room = ceiling - knee;
    (knee + room * ((size - knee) / room).tanh()).copysign(sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_holds_and_quiet_sound_passes_untouched() {
        let ceiling = decibels(CEILING_DBFS);
        assert_eq!(soft_clip(0.5, ceiling), 0.5);
        let mut before = -1.0;
        for step in 0..1_000 {
            let clipped = soft_clip(step as f32 / 100.0, ceiling);
            assert!(clipped <= ceiling && clipped >= before, "{step}");
            assert_eq!(soft_clip(-step as f32 / 100.0, ceiling), -clipped);
            before = clipped;
        }
    }
}
