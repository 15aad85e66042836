//! A sound as it was found.

use adm_core::SampleRate;

/// A sound as it was found, before it is made like the others.
#[derive(Debug, Clone, PartialEq)]
pub struct RawSound {
    /// What blocks call it.
    pub id: String,
    /// What it is.
    pub truth: String,
    /// The passage that it is a version of, where the study says so.
    pub item: Option<String>,
    /// Where it came from: a path and a time, or a run and a seed.
    pub source: String,
    /// The name of a representation that it goes through instead of the study's.
    pub round_trip: Option<String>,
    /// Interleaved, shape `[frames, channels]`. At least as long as stimuli are.
    pub samples: Vec<f32>,
    /// 1 or 2.
    pub channels: usize,
    /// Frames a second.
    pub rate: SampleRate,
    /// Of what was cut before: the samples are whole slices, one after another, that are still to be joined.
    pub slices: Option<Slices>,
}

/// How slices follow one another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slices {
    /// Length of each in frames.
    pub frames: usize,
    /// Frames from the start of one to that of the next. Starts are rounded each on its own, so that roundings never add up.
    pub every: f64,
    /// Beats in each; 0 for windows that know of none.
    pub beats: usize,
}

impl Slices {
    /// First frame of slice `index` when all are joined.
    pub fn start(&self, index: usize) -> usize {
        (index as f64 * self.every).round() as usize
    }

    /// How many slices it takes to fill so many frames.
    pub fn count(&self, frames: usize) -> usize {
        let about = (frames as f64 / self.every) as usize;
        (about.saturating_sub(1)..).find(|&count| self.start(count) >= frames).unwrap_or(about)
    }
}

impl RawSound {
    /// Frames that are heard once slices are joined.
    pub fn frames(&self) -> usize {
        let frames = self.samples.len() / self.channels.max(1);
        self.slices.map_or(frames, |slices| slices.start(frames / slices.frames.max(1)))
    }
}

/// The sound of a stimulus before it has a name.
#[derive(Debug)]
pub(super) struct Found {
    pub source: String,
    pub samples: Vec<f32>,
    pub channels: usize,
    pub rate: SampleRate,
    pub slices: Option<Slices>,
}
