//! Beats of any length on slices of one length.
//!
//! | fit | what a beat becomes | pitch | kick |
//! |-|-|-|-|
//! | [`Place`](Fit::Place) | cropped or padded at its end | kept | kept |
//! | [`Resample`](Fit::Resample) | played faster or slower, like vinyl | moves with the tempo | moves with the tempo |
//! | [`Stretch`](Fit::Stretch) | spliced shorter or longer between its attacks | kept | kept |
//!
//! Placing is exact where tempi are near: what lies later in the beat is as early or late as it was. The other two put
//! all of the beat where the target tempo has it.
//!
//! Whatever the fit, the beat's first frame is the slice's first frame, and a beat that misses the slice's length by
//! rounding alone is copied bit for bit.
//!
//! # Ends
//!
//! Slices are put in new orders, where the last frame of one meets the first of another. A slice that was fitted starts
//! at zero in every channel: what its first frame holds is taken out of it along a half-cosine that falls to nothing over
//! [`BEND`]. That takes a step out of the sound before the attack and leaves the attack its place, level and edge; a fade
//! would take from it, and a cut at a quieter place up to a millisecond earlier moves it and leaves a step. The end of a
//! placed beat is faded out over [`FADE`]; that of a resampled or stretched one, which is whole, over [`RELEASE`]: short
//! enough that neighbours put end to end sound on, long enough that in another order nothing breaks off.
//! `docs/performance.md` has what each of these adds to the sound.

mod ends;
mod fitter;
mod place;
mod resample;
mod stretch;

pub use stretch::Stretcher;

pub(crate) use fitter::Fitter;

use adm_core::{SampleRate, Seconds};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Length of the fade-out where a beat is cropped or padded. Longer is softer and takes more from the beat's end.
pub const FADE: Seconds = Seconds(0.005);
/// Length of the half-cosine along which an end is bent to zero. Longer is softer and reaches further into the attack.
pub const BEND: Seconds = Seconds(0.0005);
/// Length of the fade-out of a beat that was resampled or stretched.
pub const RELEASE: Seconds = Seconds(0.002);
/// A beat that misses the slice's length by no more than this many frames differs by rounding alone. It gets the frames
/// that follow it in the recording, or loses its last one, without a fade.
pub const ROUNDING: u64 = 1;
/// A beat that is more than this many times longer or shorter than its slice is placed whatever the fit: tempi do not
/// differ like that, so the grid is wrong there, and memory stays bounded.
pub const MOST: u64 = 4;
/// The longest jump of a stretched beat but for its search, and the length of a crossfade. Longer ones are fewer and move
/// what lies between two of them further from its place.
const JUMP: Seconds = Seconds(0.015);
/// How far a jump may be from its due length to where the waveform fits: periods of up to twice as long, from 50 Hz on,
/// have a place to fit.
const SEARCH: Seconds = Seconds(0.010);
/// What no jump touches at the start of a half beat, three fifths of it at most: the attack and the body of a kick.
const KICK: Seconds = Seconds(0.100);
/// Jumps in half a beat at least.
const FEWEST: usize = 2;

/// How a beat of one length becomes a slice of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// Its end is cropped or padded, with a short fade; nothing is stretched.
    #[default]
    Place,
    /// It is played at another speed, as on a turntable: 3 % more tempo is half a semitone more pitch.
    Resample,
    /// It is stretched; its pitch stays.
    Stretch,
}

impl Fit {
    /// Its name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Resample => "resample",
            Self::Stretch => "stretch",
        }
    }
}

impl fmt::Display for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a stretch of a recording is put on a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Length of the slice in frames.
    pub length: usize,
    /// Frames a second, which give every length in seconds its frames.
    pub rate: SampleRate,
    /// What is done where a beat has another length.
    pub fit: Fit,
    /// Beats in a slice, equally long, at least 1. Stretching keeps the attacks on each and halfway to the next.
    pub beats: usize,
}

impl Placement {
    /// Slices of `length` frames at `rate` on which beats are placed.
    pub fn new(length: usize, rate: SampleRate) -> Self {
        Self { length, rate, fit: Fit::Place, beats: 1 }
    }

    /// The same slices with `beats` beats each, fitted in another way.
    pub fn with_fit(self, fit: Fit, beats: usize) -> Self {
        Self { fit, beats: beats.max(1), ..self }
    }

    /// What is done with a span of `frames` frames.
    pub fn fit_of(self, frames: u64) -> Fit {
        let length = self.length as u64;
        let is_near = frames.max(length) <= frames.min(length).saturating_mul(MOST);
        if is_near && !self.is_exact(frames) { self.fit } else { Fit::Place }
    }

    /// Frames of a span of `frames` frames that its slice is made of.
    pub fn taken(self, frames: u64) -> usize {
        match self.fit_of(frames) {
            Fit::Place if self.is_exact(frames) => self.length,
            Fit::Place => frames.min(self.length as u64) as usize,
            // At most `MOST` times the slice's length.
            Fit::Resample | Fit::Stretch => frames as usize,
        }
    }

    /// Frames around a span, on either side, that reach into its slice.
    pub fn context(self) -> usize {
        match self.fit {
            // A stretched beat is made of itself alone.
            Fit::Place | Fit::Stretch => 0,
            Fit::Resample => resample::CONTEXT,
        }
    }

    /// Whether a span differs from the slice's length by rounding alone.
    fn is_exact(self, frames: u64) -> bool {
        frames.abs_diff(self.length as u64) <= ROUNDING
    }

    fn frames(self, time: Seconds) -> usize {
        time.frames(self.rate).0 as usize
    }
}
