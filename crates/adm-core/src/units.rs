//! Units as types, so that a frame count is never mistaken for a second.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Beats in a bar: dance music is in four.
pub const BEATS_PER_BAR: u64 = 4;

/// A value outside the range its unit allows.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{what} must be between {low} and {high}, got {got}")]
pub struct OutOfRange {
    /// What the value means, in the user's words.
    pub what: &'static str,
    /// Lowest allowed value.
    pub low: f64,
    /// Highest allowed value.
    pub high: f64,
    /// The value that was given.
    pub got: f64,
}

fn within(what: &'static str, low: f64, high: f64, got: f64) -> Result<f64, OutOfRange> {
    // A NaN is in no range, so it is refused here too.
    if (low..=high).contains(&got) { Ok(got) } else { Err(OutOfRange { what, low, high, got }) }
}

/// Frames a second, 1,000 to 768,000 Hz. Higher keeps higher frequencies and costs memory and time in proportion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct SampleRate(u32);

impl SampleRate {
    /// The rate of a CD, and the default everywhere.
    pub const CD: Self = Self(44_100);

    /// A rate in Hz.
    ///
    /// # Errors
    /// Outside 1,000 to 768,000 Hz.
    pub fn new(hz: u32) -> Result<Self, OutOfRange> {
        within("the sample rate in Hz", 1_000.0, 768_000.0, f64::from(hz)).map(|_| Self(hz))
    }

    /// The rate in Hz.
    pub fn hz(self) -> u32 {
        self.0
    }

    /// The rate in Hz, for arithmetic.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0)
    }
}

impl TryFrom<u32> for SampleRate {
    type Error = OutOfRange;
    fn try_from(hz: u32) -> Result<Self, OutOfRange> {
        Self::new(hz)
    }
}

impl From<SampleRate> for u32 {
    fn from(rate: SampleRate) -> u32 {
        rate.0
    }
}

impl fmt::Display for SampleRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} Hz", self.0)
    }
}

/// A count of frames: one sample across all channels is one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Frames(pub u64);

impl Frames {
    /// How long these frames last at `rate`.
    pub fn seconds(self, rate: SampleRate) -> Seconds {
        Seconds(self.0 as f64 / rate.as_f64())
    }
}

/// A time or duration in seconds.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub f64);

impl Seconds {
    /// The nearest whole frame at `rate`; negative times give frame 0.
    pub fn frames(self, rate: SampleRate) -> Frames {
        Frames((self.0 * rate.as_f64()).round().max(0.0) as u64)
    }
}

impl fmt::Display for Seconds {
    /// `75.25 s` as `1:15.250`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = (self.0 / 60.0).floor();
        write!(f, "{minutes:.0}:{:06.3}", self.0 - minutes * 60.0)
    }
}

/// Beats a minute, 20 to 400. A higher tempo gives shorter beats.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Bpm(f64);

impl Bpm {
    /// The founding work's tempo (document 000, section 5.3).
    pub const FOUNDING: Self = Self(130.0);

    /// A tempo.
    ///
    /// # Errors
    /// Outside 20 to 400, or not a number.
    pub fn new(bpm: f64) -> Result<Self, OutOfRange> {
        within("the tempo in BPM", 20.0, 400.0, bpm).map(Self)
    }

    /// The tempo nearest to the founding one at which a power of two of beats lasts as long as `window`, and how many beats these are:
    /// 118.5 BPM and 8 for 4.05 s. The founding tempo and one beat for a window of less than 0.15 s, which no beat is as short as.
    pub fn filling(window: Seconds) -> (Self, u64) {
        let octaves = (window.0 / Self::FOUNDING.beat().0).log2().round();
        // What is no number counts as nothing.
        let beats = octaves.max(0.0).exp2();
        Self::new(60.0 * beats / window.0).map_or((Self::FOUNDING, 1), |bpm| (bpm, beats as u64))
    }

    /// The tempo as a plain number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// How long one beat lasts.
    pub fn beat(self) -> Seconds {
        Seconds(60.0 / self.0)
    }

    /// Length of one beat in whole frames: `round(rate·60/bpm)`.
    pub fn beat_frames(self, rate: SampleRate) -> usize {
        (rate.as_f64() * 60.0 / self.0).round() as usize
    }

    /// First frame of beat `k` on an endless grid: `round(k·60/bpm·rate)`, so that rounding never adds up.
    pub fn beat_start(self, k: u64, rate: SampleRate) -> u64 {
        (k as f64 * 60.0 * rate.as_f64() / self.0).round() as u64
    }
}

impl TryFrom<f64> for Bpm {
    type Error = OutOfRange;
    fn try_from(bpm: f64) -> Result<Self, OutOfRange> {
        Self::new(bpm)
    }
}

impl From<Bpm> for f64 {
    fn from(bpm: Bpm) -> f64 {
        bpm.0
    }
}

impl fmt::Display for Bpm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} BPM", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beats_start_where_exact_arithmetic_puts_them() {
        let bpm = Bpm::FOUNDING;
        assert_eq!(bpm.beat_frames(SampleRate::CD), 20_354);
        // 64 beats last 1,302,646.15 frames; 64 rounded beats would be 10 frames longer.
        assert_eq!(bpm.beat_start(64, SampleRate::CD), 1_302_646);
    }

    #[test]
    fn windows_are_filled_by_beats_of_a_usual_tempo() {
        for (window, beats) in [(4.05, 8), (60.0, 128), (1.0, 2), (0.46, 1), (0.2, 1), (6.0 / 13.0 * 4.0, 4)] {
            let (bpm, count) = Bpm::filling(Seconds(window));
            assert_eq!(count, beats, "{window}");
            assert!((bpm.beat().0 * count as f64 - window).abs() < 1e-12, "{window}");
            // Within half an octave of 130, but for windows that are shorter than a beat there.
            assert!(window < 0.4 || (91.9..183.9).contains(&bpm.get()), "{window}: {bpm}");
        }
        for odd in [0.0, -1.0, 1e-3, f64::NAN, f64::INFINITY] {
            assert_eq!(Bpm::filling(Seconds(odd)), (Bpm::FOUNDING, 1), "{odd}");
        }
    }

    #[test]
    fn absurd_values_are_refused_by_name() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 19.9, 401.0] {
            assert!(Bpm::new(bad).is_err(), "{bad}");
        }
        let message = SampleRate::new(12).unwrap_err().to_string();
        assert_eq!(message, "the sample rate in Hz must be between 1000 and 768000, got 12");
    }

    #[test]
    fn times_read_as_minutes_and_seconds() {
        assert_eq!(Seconds(75.25).to_string(), "1:15.250");
        assert_eq!(Frames(66_150).seconds(SampleRate::CD), Seconds(1.5));
    }
}
