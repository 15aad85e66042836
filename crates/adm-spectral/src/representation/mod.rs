//! Reversible maps between slices and tensors.

mod phase;
mod stereo_complex;
mod transform;

pub use phase::PhaseOrigin;
pub use stereo_complex::{StereoComplex, StereoComplexConfig};
pub use transform::Transform;

use crate::error::SpectralError;
use crate::scratch::Scratch;
use crate::tensor::{Shape, Tensor};
use adm_core::SampleRate;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A map between slices of one length and tensors of one shape.
///
/// It is built once by [`RepresentationConfig::build`] and shared by all threads; each of them brings a [`Scratch`].
pub trait Representation: Send + Sync + std::fmt::Debug {
    /// Its name in settings and manifests, such as `stereo-complex`.
    fn name(&self) -> &'static str;

    /// The shape of every tensor.
    fn shape(&self) -> Shape;

    /// Frames of every slice.
    fn slice_frames(&self) -> usize;

    /// Channels of every slice: 1 or 2, interleaved (left, right).
    fn slice_channels(&self) -> usize;

    /// The transform that it stands on.
    fn transform(&self) -> Transform;

    /// Whether `decode` gives back what `encode` was given, to float precision. Where it does not, the tensor keeps
    /// less than the slice (no phase, fewer frequencies) and `decode` estimates the rest.
    fn is_exact(&self) -> bool;

    /// Turns a slice into its tensor.
    ///
    /// # Shapes
    /// `slice`: `[slice_frames, slice_channels]`, interleaved. `out`: `[channels, bins, frames]` of [`Self::shape`].
    ///
    /// # Errors
    /// Buffers of other lengths; values that are not finite.
    fn encode(&self, slice: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<(), SpectralError>;

    /// Turns an analysed tensor back into its slice.
    ///
    /// # Shapes
    /// As for [`Self::encode`], the other way round.
    ///
    /// # Errors
    /// Buffers of other lengths; values that are not finite.
    fn decode(&self, tensor: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<(), SpectralError>;

    /// Clears what a network cannot know of in a tensor that it generated, in place. Nothing by default.
    fn clean_generated(&self, _tensor: &mut [f32]) {}

    /// Turns a generated tensor into a slice: [`Self::clean_generated`], then [`Self::decode`].
    ///
    /// # Errors
    /// As for [`Self::decode`].
    fn decode_generated(
        &self,
        tensor: &mut [f32],
        out: &mut [f32],
        scratch: &mut Scratch,
    ) -> Result<(), SpectralError> {
        self.clean_generated(tensor);
        self.decode(tensor, out, scratch)
    }
}

impl dyn Representation {
    /// [`Representation::encode`] into a tensor of its own, for when a few allocations do not matter.
    ///
    /// # Errors
    /// As for [`Representation::encode`].
    pub fn tensor_of(&self, slice: &[f32]) -> Result<Tensor, SpectralError> {
        let mut tensor = Tensor::zeros(self.shape());
        self.encode(slice, tensor.data_mut(), &mut Scratch::new())?;
        Ok(tensor)
    }

    /// [`Representation::decode`] into a slice of its own, for when a few allocations do not matter.
    ///
    /// # Errors
    /// A tensor of another shape, and as for [`Representation::decode`].
    pub fn slice_of(&self, tensor: &Tensor) -> Result<Vec<f32>, SpectralError> {
        let (expected, actual) = (self.shape(), tensor.shape());
        if expected != actual {
            return Err(SpectralError::WrongShape { expected, actual });
        }
        let mut slice = vec![0.0; self.slice_frames() * self.slice_channels()];
        self.decode(tensor.data(), &mut slice, &mut Scratch::new())?;
        Ok(slice)
    }
}

/// Which representation, and its settings; `name` tells them apart in TOML and JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RepresentationConfig {
    /// The founding document's: real and imaginary parts of both channels.
    StereoComplex(StereoComplexConfig),
}

impl Default for RepresentationConfig {
    fn default() -> Self {
        Self::StereoComplex(StereoComplexConfig::default())
    }
}

impl RepresentationConfig {
    /// Builds the representation for slices of `slice_frames` frames at `rate` with `channels` channels.
    ///
    /// # Errors
    /// Settings out of range, an empty slice, another number of channels than 1 or 2, or a slice too long to be
    /// inverted with these settings.
    pub fn build(
        &self,
        slice_frames: usize,
        rate: SampleRate,
        channels: usize,
    ) -> Result<Arc<dyn Representation>, SpectralError> {
        match self {
            Self::StereoComplex(config) => Ok(Arc::new(StereoComplex::new(config, slice_frames, rate, channels)?)),
        }
    }
}
