//! What plays when: beats on an exact grid.
//!
//! Beat `k` starts at frame `round(k·60/bpm·rate)`. Every start is rounded on its own, so neighbouring beats may differ
//! by one frame in length and the grid never drifts: beat 64 of 130 BPM at 44,100 Hz starts at frame 1,302,646, not at
//! 64 times the rounded length of one beat.

use crate::{RenderError, Slot};
use adm_core::{Bpm, Frames, SampleRate, Seconds};

/// Where every slice of a rendering starts.
///
/// A slot is the room between one slice's start and the next one's: a beat, or as many beats as a slice holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timeline {
    bpm: Bpm,
    rate: SampleRate,
    beats: u64,
    beats_per_slice: u64,
}

impl Timeline {
    /// A timeline of `beats` beats, one a slice.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] for no beats at all.
    pub fn new(bpm: Bpm, rate: SampleRate, beats: u64) -> Result<Self, RenderError> {
        if beats == 0 {
            return Err(bad("the number of beats", Some("--beats"), 0));
        }
        Ok(Self { bpm, rate, beats, beats_per_slice: 1 })
    }

    /// The timeline of whole beats that lasts nearest to `duration`, and at least one beat.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] for a duration that is not above 0.
    pub fn lasting(bpm: Bpm, rate: SampleRate, duration: Seconds) -> Result<Self, RenderError> {
        if !(duration.0 > 0.0 && duration.0.is_finite()) {
            return Err(bad("the duration in seconds", Some("--seconds"), duration.0));
        }
        Self::new(bpm, rate, ((duration.0 / bpm.beat().0).round() as u64).max(1))
    }

    /// The same beats in slices of `count` beats; the last slice is cropped where the beats run out.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] for slices of no beats.
    pub fn with_beats_per_slice(self, count: u64) -> Result<Self, RenderError> {
        if count == 0 {
            return Err(bad("the number of beats in a slice", None, 0));
        }
        Ok(Self { beats_per_slice: count, ..self })
    }

    /// The tempo.
    pub fn bpm(&self) -> Bpm {
        self.bpm
    }

    /// Frames a second.
    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// Beats from start to end.
    pub fn beats(&self) -> u64 {
        self.beats
    }

    /// Beats that a slice holds.
    pub fn beats_per_slice(&self) -> u64 {
        self.beats_per_slice
    }

    /// Length of the whole: exactly `round(beats·60/bpm·rate)`.
    pub fn frames(&self) -> Frames {
        Frames(self.bpm.beat_start(self.beats, self.rate))
    }

    /// Slices that the whole takes.
    pub fn slots(&self) -> u64 {
        self.beats.div_ceil(self.beats_per_slice)
    }

    /// First beat of a slot; the end of the whole for slots past the last.
    pub fn slot_beat(&self, slot: u64) -> u64 {
        slot.saturating_mul(self.beats_per_slice).min(self.beats)
    }

    /// First frame of a slot; the end of the whole for slots past the last.
    pub fn slot_start(&self, slot: u64) -> u64 {
        self.bpm.beat_start(self.slot_beat(slot), self.rate)
    }

    /// Length of a slot in frames.
    pub fn slot_frames(&self, slot: u64) -> usize {
        (self.slot_start(slot.saturating_add(1)) - self.slot_start(slot)) as usize
    }

    /// The room for a slice: less than all of it where the beats run out.
    pub fn slot(&self, slot: u64) -> Slot {
        let start = |slot: u64| self.bpm.beat_start(slot.saturating_mul(self.beats_per_slice), self.rate);
        let whole = start(slot.saturating_add(1)).saturating_sub(start(slot)) as usize;
        Slot { frames: self.slot_frames(slot), whole }
    }
}

fn bad(what: &'static str, flag: Option<&'static str>, actual: impl ToString) -> RenderError {
    RenderError::BadSetting { what, expected: "more than 0", actual: actual.to_string(), flag }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(bpm: f64, beats: u64) -> Timeline {
        Timeline::new(Bpm::new(bpm).unwrap(), SampleRate::CD, beats).unwrap()
    }

    #[test]
    fn sixteen_bars_at_130_are_as_long_as_exact_arithmetic_says() {
        assert_eq!(timeline(130.0, 64).frames(), Frames(1_302_646));
        assert_eq!(timeline(130.0, 64).slot_start(1), 20_354);
    }

    #[test]
    fn slots_tile_the_whole_whatever_a_slice_holds() {
        for (beats, count) in [(64, 1), (64, 4), (61, 4), (3, 8), (1, 1)] {
            let timeline = timeline(123.4, beats).with_beats_per_slice(count).unwrap();
            let sum: u64 = (0..timeline.slots()).map(|slot| timeline.slot_frames(slot) as u64).sum();
            assert_eq!(Frames(sum), timeline.frames(), "{beats} beats by {count}");
        }
        let four = timeline(120.0, 9).with_beats_per_slice(4).unwrap();
        assert_eq!(four.slot_start(1), 88_200);
        assert_eq!(four.slot(1), Slot::from(88_200));
        assert_eq!(four.slot(2), Slot { frames: 22_050, whole: 88_200 });
    }

    #[test]
    fn a_duration_becomes_the_nearest_whole_beats() {
        let bpm = Bpm::new(120.0).unwrap();
        for (seconds, beats) in [(10.0, 20), (10.2, 20), (10.3, 21), (0.01, 1)] {
            assert_eq!(Timeline::lasting(bpm, SampleRate::CD, Seconds(seconds)).unwrap().beats(), beats);
        }
    }

    #[test]
    fn nothing_to_play_is_refused_by_name() {
        let bpm = Bpm::FOUNDING;
        let error = Timeline::new(bpm, SampleRate::CD, 0).unwrap_err().to_string();
        assert_eq!(error, "the number of beats must be more than 0, got 0");
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Timeline::lasting(bpm, SampleRate::CD, Seconds(bad)).is_err(), "{bad}");
        }
        assert!(timeline(130.0, 4).with_beats_per_slice(0).is_err());
    }
}
