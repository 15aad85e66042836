//! Tensors in memory, and the founding document's order of the same values.

use crate::error::{SpectralError, check_length};
use std::fmt;

/// The axes of a tensor, slowest first: `[channels, bins, frames]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Planes of the tensor; for `stereo-complex` right-real, right-imaginary, left-real, left-imaginary.
    pub channels: usize,
    /// Frequencies, lowest first. More bins tell tones apart better and moments worse.
    pub bins: usize,
    /// Moments, earliest first.
    pub frames: usize,
}

impl Shape {
    /// The shape `[channels, bins, frames]`.
    pub fn new(channels: usize, bins: usize, frames: usize) -> Self {
        Self { channels, bins, frames }
    }

    /// Values of one channel: `bins · frames`.
    pub fn plane(self) -> usize {
        self.bins.saturating_mul(self.frames)
    }

    /// Values in all: `channels · bins · frames`.
    pub fn size(self) -> usize {
        self.channels.saturating_mul(self.plane())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} channels × {} bins × {} frames", self.channels, self.bins, self.frames)
    }
}

/// Values with their shape, laid out `[channels, bins, frames]`: channel by channel, in it bin by bin.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    shape: Shape,
    data: Vec<f32>,
}

impl Tensor {
    /// A tensor of zeros.
    pub fn zeros(shape: Shape) -> Self {
        Self { shape, data: vec![0.0; shape.size()] }
    }

    /// A tensor of these values, `[channels, bins, frames]`.
    ///
    /// # Errors
    /// Values that do not fill the shape.
    pub fn new(shape: Shape, data: Vec<f32>) -> Result<Self, SpectralError> {
        check_length("the tensor", shape.size(), data.len())?;
        Ok(Self { shape, data })
    }

    /// A tensor of values in the founding document's order `[bins, frames, channels]` (document 000, section 5.2).
    ///
    /// # Errors
    /// Values that do not fill the shape.
    pub fn from_depth_last(shape: Shape, values: &[f32]) -> Result<Self, SpectralError> {
        check_length("the tensor", shape.size(), values.len())?;
        todo!()
    }

    /// The values in the founding document's order `[bins, frames, channels]` (document 000, section 5.2).
    pub fn to_depth_last(&self) -> Vec<f32> {
        todo!()
    }

    /// Its axes.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Its values, `[channels, bins, frames]`.
    pub fn data(&self) -> &[f32] {
        &self.data
    }

    /// Its values to be changed, `[channels, bins, frames]`.
    pub fn data_mut(&mut self) -> &mut [f32] {
        &mut self.data
    }

    /// Its values alone, `[channels, bins, frames]`.
    pub fn into_data(self) -> Vec<f32> {
        self.data
    }
}
