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
        let mut data = Vec::with_capacity(values.len());
        for channel in 0..shape.channels {
            data.extend(values.iter().skip(channel).step_by(shape.channels));
        }
        Ok(Self { shape, data })
    }

    /// The values in the founding document's order `[bins, frames, channels]` (document 000, section 5.2).
    pub fn to_depth_last(&self) -> Vec<f32> {
        let mut values = Vec::with_capacity(self.data.len());
        for point in 0..self.shape.plane() {
            values.extend(self.data.iter().skip(point).step_by(self.shape.plane()));
        }
        values
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_last_holds_the_channels_of_a_point_side_by_side() {
        let shape = Shape::new(4, 3, 2);
        let tensor = Tensor::new(shape, (0..24).map(|value| value as f32).collect()).unwrap();
        let values = tensor.to_depth_last();
        for (channel, bin, frame) in (0..4).flat_map(|c| (0..3).flat_map(move |b| (0..2).map(move |f| (c, b, f)))) {
            assert_eq!(values[(bin * 2 + frame) * 4 + channel], tensor.data()[(channel * 3 + bin) * 2 + frame]);
        }
        assert_eq!(Tensor::from_depth_last(shape, &values).unwrap(), tensor);
    }

    #[test]
    fn values_must_fill_the_shape() {
        let shape = Shape::new(4, 3, 2);
        let error = Tensor::new(shape, vec![0.0; 23]).unwrap_err();
        assert_eq!(error.to_string(), "the tensor must hold 24 values, got 23");
        assert!(Tensor::from_depth_last(shape, &[0.0; 25]).is_err());
        assert_eq!(Tensor::zeros(Shape::new(0, 3, 2)).to_depth_last(), Vec::<f32>::new());
        assert_eq!(shape.to_string(), "4 channels × 3 bins × 2 frames");
    }
}
