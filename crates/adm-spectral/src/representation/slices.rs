//! The slices that a representation takes, and the checks of buffers that all representations make.

use crate::error::{SpectralError, check_length, check_range, check_values};
use crate::stft::LARGEST_VALUE;
use crate::tensor::Shape;

/// Length and channels of every slice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slices {
    /// Samples of each channel.
    pub frames: usize,
    /// 1 or 2, interleaved.
    pub channels: usize,
}

impl Slices {
    /// Slices of 1 to 2³⁰ frames and 1 or 2 channels.
    pub fn new(frames: usize, channels: usize) -> Result<Self, SpectralError> {
        check_range("the length of a slice in frames", 1, 1 << 30, frames)?;
        if matches!(channels, 1 | 2) {
            return Ok(Self { frames, channels });
        }
        Err(SpectralError::WrongChannels { expected: "slices of 1 or 2 channels", actual: channels })
    }

    /// One channel of a slice.
    pub fn channel(self, slice: &[f32], channel: usize) -> impl Iterator<Item = f32> + Clone + '_ {
        slice[channel..].iter().step_by(self.channels).copied()
    }

    /// Refuses buffers of other lengths and slices that are not finite.
    pub fn check_encode(self, shape: Shape, slice: &[f32], out: &[f32]) -> Result<(), SpectralError> {
        check_length("the slice", self.frames * self.channels, slice.len())?;
        check_length("the tensor", shape.size(), out.len())?;
        check_values("the slice", LARGEST_VALUE, slice)
    }

    /// Refuses buffers of other lengths and tensors that are not finite.
    pub fn check_decode(self, shape: Shape, tensor: &[f32], out: &[f32]) -> Result<(), SpectralError> {
        check_length("the tensor", shape.size(), tensor.len())?;
        check_length("the slice", self.frames * self.channels, out.len())?;
        check_values("the tensor", LARGEST_VALUE, tensor)
    }
}
