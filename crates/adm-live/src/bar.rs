//! One bar of music, and what makes it.

use crate::controls::Controls;
use adm_core::SampleRate;
use serde::Serialize;
use std::error::Error;

/// Makes music bar by bar.
///
/// It is called on a thread of its own, ahead of what is heard. What it takes longer than bars last is filled with
/// repeats of its last bar.
pub trait BarSource: Send {
    /// The bar that follows the last one. `controls` are the listener's wishes as they are when the bar is begun.
    ///
    /// # Errors
    /// Whatever keeps the music from going on; it ends the stream.
    fn next_bar(&mut self, controls: &Controls) -> Result<Bar, Box<dyn Error + Send + Sync>>;

    /// Does some of what makes later bars better, and nothing that they need: nothing at all by default.
    ///
    /// It is called once after a bar has been handed over, if the next one need not be begun before about twice the time
    /// is over that it took last. So it may be called seldom, or never where making takes all the time there is. How long it
    /// takes does not count as the making of a bar; a call that takes a short part of a bar's time is called more often.
    ///
    /// # Errors
    /// Whatever keeps it from doing so; it ends the stream as an error of the next bar.
    fn between_bars(&mut self) -> Result<(), Box<dyn Error + Send + Sync>> {
        Ok(())
    }
}

/// One bar, stitched and mastered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bar {
    /// Interleaved samples, shape `[frames, channels]`, full scale at ±1. Bars are played end to end, so that their
    /// lengths are the grid: exact tempo is the source's to keep.
    pub samples: Vec<f32>,
    /// The tempo of this bar in beats a minute, for display.
    pub bpm: f64,
    /// Its beats in their order.
    pub beats: Vec<BeatNote>,
    /// What the form calls this stretch, `drop` for example; empty where there is no form.
    pub section: String,
}

/// What one beat of a bar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct BeatNote {
    /// Where it begins: frames from the start of its bar.
    pub frame: u64,
    /// Its token.
    pub token: u32,
    /// The class of its token; the page gives each a colour of its own.
    pub class: u32,
    /// Its place in the bar, 0 for the downbeat.
    pub position: u32,
    /// Whether it was recorded rather than generated.
    pub recorded: bool,
}

/// The shape of every bar of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Format {
    /// Frames a second.
    pub rate: SampleRate,
    /// Samples a frame, 1 or 2.
    pub channels: usize,
}

impl Format {
    /// The frames that `samples` interleaved samples are.
    pub(crate) fn frames(self, samples: usize) -> usize {
        samples / self.channels
    }

    /// The frames that last about `milliseconds`, at least one.
    pub(crate) fn frames_of(self, milliseconds: u32) -> usize {
        (self.rate.hz() as usize * milliseconds as usize / 1000).max(1)
    }

    /// What is wrong with a bar of this format, if anything.
    pub(crate) fn fault(self, bar: &Bar) -> Option<String> {
        if bar.samples.is_empty() || !bar.samples.len().is_multiple_of(self.channels) {
            return Some(format!("{} samples are no whole frames of {} channels", bar.samples.len(), self.channels));
        }
        let frames = self.frames(bar.samples.len()) as u64;
        if frames > u64::from(self.rate.hz()) * LONGEST_SECONDS {
            return Some(format!("{frames} frames are longer than {LONGEST_SECONDS} seconds"));
        }
        if let Some(bad) = bar.samples.iter().position(|sample| !sample.is_finite()) {
            return Some(format!("frame {} is not a finite number", self.frames(bad)));
        }
        let late = bar.beats.iter().find(|beat| beat.frame >= frames)?;
        Some(format!("a beat begins at frame {} of {frames}", late.frame))
    }
}

/// No bar lasts longer: a slice of a dataset has a minute at most, and plays at half its tempo at the slowest; what is held back of
/// one bar comes with the next.
const LONGEST_SECONDS: u64 = 130;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_bar_is_said() {
        let format = Format { rate: SampleRate::CD, channels: 2 };
        let bar = |samples: Vec<f32>| Bar { samples, ..Bar::default() };
        assert_eq!(format.fault(&bar(vec![0.0; 4])), None);
        for (bad, word) in [
            (bar(vec![]), "whole frames"),
            (bar(vec![0.0; 3]), "whole frames"),
            (bar(vec![0.0, 0.0, 0.0, f32::NAN]), "frame 1"),
            (bar(vec![0.0; 2 * 44_100 * (LONGEST_SECONDS as usize + 1)]), "longer"),
            (Bar { beats: vec![BeatNote { frame: 2, ..BeatNote::default() }], ..bar(vec![0.0; 4]) }, "frame 2 of 2"),
        ] {
            assert!(format.fault(&bad).is_some_and(|said| said.contains(word)), "{word}");
        }
    }
}
