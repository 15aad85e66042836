//! Slot lengths at a tempo that changes.

use adm_core::{Bpm, SampleRate};

/// Counts frames for beats whose tempo may change from one to the next.
///
/// What a length is rounded by is carried into the next, so the grid never drifts: the frames that were given out are
/// always the exact sum of all beats, to the nearest frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pulse {
    rate: SampleRate,
    /// Frames by which the exact grid is ahead of what was given out, within half a frame.
    ahead: f64,
}

impl Pulse {
    /// A pulse that begins on a frame.
    pub fn new(rate: SampleRate) -> Self {
        Self { rate, ahead: 0.0 }
    }

    /// Frames of the next slot, of some beats at a tempo.
    pub fn next(&mut self, bpm: Bpm, beats: u64) -> usize {
        self.ahead += beats as f64 * bpm.beat().0 * self.rate.as_f64();
        let frames = self.ahead.round();
        self.ahead -= frames;
        frames as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tempo_that_stays_has_the_timelines_grid() {
        for bpm in [60.0, 123.456, 130.0, 174.3] {
            let bpm = Bpm::new(bpm).unwrap();
            let mut pulse = Pulse::new(SampleRate::CD);
            let mut at = 0;
            for beat in 0..50_000 {
                // Halves of a frame may be rounded either way after so many sums.
                let exact = beat as f64 * 60.0 * 44_100.0 / bpm.get();
                assert!((at as f64 - exact).abs() < 0.5 + 1e-5, "{bpm}, beat {beat}: {at}, not {exact}");
                at += pulse.next(bpm, 1);
            }
        }
    }

    #[test]
    fn a_tempo_that_glides_does_not_drift() {
        let (mut pulse, mut at, mut exact) = (Pulse::new(SampleRate::new(48_000).unwrap()), 0, 0.0);
        for beat in 0..10_000 {
            let bpm = Bpm::new(120.0 + (beat % 97) as f64 * 0.37).unwrap();
            at += pulse.next(bpm, 1 + beat % 3);
            exact += (1 + beat % 3) as f64 * 60.0 * 48_000.0 / bpm.get();
            assert!((at as f64 - exact).abs() < 0.5 + 1e-5, "beat {beat}");
        }
    }
}
