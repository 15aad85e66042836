//! Measuring the magnitude that becomes 1.

use super::Coding;
use crate::error::SpectralError;
use crate::tensor::{Shape, Tensor};

/// Counts magnitudes in memory that does not grow, for any quantile of them.
///
/// Counts are whole numbers, so the order of tensors and the split over meters (see [`Self::merge`]) change nothing.
#[derive(Debug, Clone)]
pub struct ReferenceMeter {
    _coding: Coding,
}

impl ReferenceMeter {
    /// A meter of magnitudes as they are after `coding`.
    pub fn new(coding: Coding) -> Self {
        Self { _coding: coding }
    }

    /// Counts the magnitudes of one tensor as it comes from a representation.
    ///
    /// # Shapes
    /// `data`: `[channels, bins, frames]` with 2 (mono) or 4 (stereo) channels.
    ///
    /// # Errors
    /// Data that do not fill the shape; another number of channels; values that are not finite.
    pub fn add(&mut self, _data: &[f32], _shape: Shape) -> Result<(), SpectralError> {
        todo!()
    }

    /// Adds what another meter counted.
    pub fn merge(&mut self, _other: &Self) {
        todo!()
    }

    /// The magnitude that the share `quantile` (0 to 1) of all magnitudes does not exceed; 1 gives the peak exactly.
    ///
    /// # Errors
    /// A quantile out of range; nothing counted but zeros.
    pub fn quantile(&self, _quantile: f64) -> Result<f32, SpectralError> {
        todo!()
    }
}

/// The reference that puts the `quantile` (0 to 1; 1 is the peak) of all magnitudes at 1.
///
/// # Errors
/// As for [`ReferenceMeter::add`] and [`ReferenceMeter::quantile`].
pub fn measure_reference<'a>(
    tensors: impl IntoIterator<Item = &'a Tensor>,
    coding: Coding,
    quantile: f64,
) -> Result<f32, SpectralError> {
    let mut meter = ReferenceMeter::new(coding);
    for tensor in tensors {
        meter.add(tensor.data(), tensor.shape())?;
    }
    meter.quantile(quantile)
}
