//! What is known about a set beside its sound: the truth that a beat tracker is judged by.

use crate::arrange::SectionKind;
use crate::pattern::Style;
use crate::tempo::TempoRegion;
use adm_core::{SampleRate, Seconds};
use serde::{Deserialize, Serialize};

/// A set's beats, tempo and sections. All times are in seconds from the recording's first frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Annotations {
    /// Frames a second.
    pub rate: SampleRate,
    /// Length of the recording.
    pub duration: Seconds,
    /// The seed that the set follows from.
    pub seed: u64,
    /// Its style.
    pub style: Style,
    /// Every beat; each is exact to a part in 10¹², and what sounds on it starts at the nearest frame.
    pub beats: Vec<f64>,
    /// The first beat of every bar.
    pub downbeats: Vec<f64>,
    /// The tempo, region by region without a gap.
    pub tempo: Vec<TempoRegion>,
    /// The sections of all tracks in order of their starts; those of two tracks overlap while both play.
    pub sections: Vec<SectionSpan>,
}

/// One section of one track.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SectionSpan {
    /// The track, from 0.
    pub track: usize,
    /// What the section is for.
    pub kind: SectionKind,
    /// Its first beat, counted from the set's first.
    pub first_beat: u64,
    /// How many beats it lasts.
    pub beats: u64,
    /// When it starts.
    pub start: Seconds,
    /// When it ends.
    pub end: Seconds,
}
