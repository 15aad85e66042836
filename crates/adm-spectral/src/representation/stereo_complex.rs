//! `stereo-complex`: real and imaginary parts of both channels (document 000, section 5.2).

use super::{Representation, Scratch};
use crate::error::SpectralError;
use crate::tensor::Shape;
use adm_core::SampleRate;
use serde::{Deserialize, Serialize};

/// Settings of `stereo-complex`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StereoComplexConfig {
    /// Frequencies, 8 to 16,384; the FFT size is twice this. 256 by default. More tell tones apart better.
    pub bins: usize,
    /// Moments, 2 to 16,384, whatever the slice's length. 256 by default. More overlap more.
    pub frames: usize,
}

impl Default for StereoComplexConfig {
    fn default() -> Self {
        Self { bins: 256, frames: 256 }
    }
}

/// The representation itself.
#[derive(Debug)]
pub struct StereoComplex {
    shape: Shape,
    slice_frames: usize,
}

impl StereoComplex {
    /// For slices of `slice_frames` frames at `rate` with `channels` channels.
    ///
    /// # Errors
    /// As for [`super::RepresentationConfig::build`].
    pub fn new(
        config: &StereoComplexConfig,
        slice_frames: usize,
        _rate: SampleRate,
        channels: usize,
    ) -> Result<Self, SpectralError> {
        Ok(Self { shape: Shape::new(2 * channels, config.bins, config.frames), slice_frames })
    }
}

impl Representation for StereoComplex {
    fn name(&self) -> &'static str {
        "stereo-complex"
    }

    fn shape(&self) -> Shape {
        self.shape
    }

    fn slice_frames(&self) -> usize {
        self.slice_frames
    }

    fn slice_channels(&self) -> usize {
        self.shape.channels / 2
    }

    fn is_exact(&self) -> bool {
        true
    }

    fn encode(&self, _slice: &[f32], _out: &mut [f32], _scratch: &mut Scratch) -> Result<(), SpectralError> {
        todo!()
    }

    fn decode(&self, _tensor: &[f32], _out: &mut [f32], _scratch: &mut Scratch) -> Result<(), SpectralError> {
        todo!()
    }
}
