//! From one track to the next, as a DJ does it: the highs cross over slowly, the bass is handed over in one beat.

use crate::dsp::Frame;
use crate::dsp::envelope::half_cosine;
use crate::dsp::filter::OnePole;

/// Where the bass ends and everything else begins, in Hz.
const SPLIT_HZ: f32 = 180.0;

/// Gains of a track's lows and highs at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Faders {
    /// Gain below the split.
    pub low: f32,
    /// Gain above it.
    pub high: f32,
}

/// The incoming track's faders a share of `progress` (0 to 1) into a transition of `beats` beats.
///
/// The outgoing track's are those of `1 - progress`, so at half way both have half of the bass.
pub fn incoming(progress: f32, beats: f32) -> Faders {
    let handover = (progress - 0.5) * beats + 0.5;
    Faders { low: half_cosine(handover), high: half_cosine(0.1 + 0.9 * (1.6 * progress).min(1.0)).sqrt() }
}

/// A track's two-band equaliser; with equal gains its output is its input.
#[derive(Debug, Clone)]
pub struct Equaliser {
    splits: [OnePole; 2],
}

impl Equaliser {
    /// An equaliser at `rate`.
    pub fn new(rate: f32) -> Self {
        Self { splits: [OnePole::new(SPLIT_HZ, rate); 2] }
    }

    /// Moves the faders evenly from `from` to `to` over `block`.
    pub fn apply(&mut self, block: &mut [Frame], from: Faders, to: Faders) {
        let length = block.len().max(1) as f32;
        for (index, frame) in block.iter_mut().enumerate() {
            let share = index as f32 / length;
            let low_gain = from.low + (to.low - from.low) * share;
            let high_gain = from.high + (to.high - from.high) * share;
            for (channel, sample) in frame.iter_mut().enumerate() {
                let low = self.splits[channel].low(*sample);
                *sample = low * low_gain + (*sample - low) * high_gain;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_track_has_the_bass_but_for_one_beat() {
        for step in 0..=320 {
            let progress = step as f32 / 320.0;
            let (coming, going) = (incoming(progress, 32.0), incoming(1.0 - progress, 32.0));
            assert!((coming.low + going.low - 1.0).abs() < 1e-5, "{progress}");
            if (progress - 0.5).abs() > 0.5 / 32.0 {
                assert!(coming.low < 1e-5 || going.low < 1e-5, "{progress}");
            }
        }
        assert_eq!(incoming(1.0, 32.0), Faders { low: 1.0, high: 1.0 });
    }

    #[test]
    fn equal_gains_change_nothing() {
        let mut block: Vec<Frame> = (0..500).map(|n| [(n as f32 * 0.1).sin(), (n as f32 * 0.7).cos()]).collect();
        let before = block.clone();
        let open = Faders { low: 1.0, high: 1.0 };
        Equaliser::new(44_100.0).apply(&mut block, open, open);
        assert!(block.iter().flatten().zip(before.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}
