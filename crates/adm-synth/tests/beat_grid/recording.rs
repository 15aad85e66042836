//! Sets in memory.

use adm_audio::grid::Search;
use adm_audio::{AudioError, Grid, GridRequest, Source, grid};
use adm_core::{Frames, SampleRate, Silent};
use adm_synth::{Annotations, DjSet, SetSettings};

/// Channels of a recording.
const CHANNELS: usize = adm_synth::set::CHANNELS;
/// Frames that are handed out at once.
const BLOCK: usize = 4096;

/// A stereo recording in memory.
#[derive(Debug, Clone)]
pub struct Recording {
    rate: SampleRate,
    /// Shape `[frames, 2]`.
    pub samples: Vec<f32>,
    at: usize,
}

impl Recording {
    pub fn new(rate: SampleRate, samples: Vec<f32>) -> Self {
        Self { rate, samples, at: 0 }
    }

    /// Renders a set.
    pub fn of(settings: SetSettings) -> (Self, Annotations) {
        let rate = settings.rate;
        let set = DjSet::new(settings).unwrap();
        let (mut renderer, mut samples) = (set.render(), Vec::new());
        while let Some(block) = renderer.next_block().unwrap() {
            samples.extend_from_slice(block);
        }
        (Self::new(rate, samples), set.annotations())
    }

    /// What the tracker finds.
    pub fn grid(mut self) -> Result<Grid, AudioError> {
        grid::find(&mut self, &GridRequest::Auto(Search::default()), &Silent)
    }
}

impl Source for Recording {
    fn rate(&self) -> SampleRate {
        self.rate
    }
    fn channels(&self) -> usize {
        CHANNELS
    }
    fn duration_hint(&self) -> Option<Frames> {
        Some(Frames((self.samples.len() / CHANNELS) as u64))
    }
    fn read(&mut self, into: &mut Vec<f32>) -> Result<usize, AudioError> {
        let end = (self.at + CHANNELS * BLOCK).min(self.samples.len());
        into.extend_from_slice(&self.samples[self.at..end]);
        let frames = (end - self.at) / CHANNELS;
        self.at = end;
        Ok(frames)
    }
}
