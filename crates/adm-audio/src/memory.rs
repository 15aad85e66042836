//! Samples that are at hand, as a source.

use crate::{AudioError, Source};
use adm_core::{Frames, SampleRate};

/// Gives out samples that are held in memory, all in one block.
#[derive(Debug)]
pub struct Memory {
    samples: Option<Vec<f32>>,
    frames: Frames,
    channels: usize,
    rate: SampleRate,
}

impl Memory {
    /// Of interleaved samples, shape `[frames, channels]`.
    pub fn new(samples: Vec<f32>, channels: usize, rate: SampleRate) -> Self {
        let frames = Frames((samples.len() / channels.max(1)) as u64);
        Self { samples: Some(samples), frames, channels, rate }
    }
}

impl Source for Memory {
    fn rate(&self) -> SampleRate {
        self.rate
    }

    fn channels(&self) -> usize {
        self.channels
    }

    fn duration_hint(&self) -> Option<Frames> {
        Some(self.frames)
    }

    fn read(&mut self, into: &mut Vec<f32>) -> Result<usize, AudioError> {
        let Some(samples) = self.samples.take() else { return Ok(0) };
        into.extend_from_slice(&samples);
        Ok(self.frames.0 as usize)
    }
}
