//! Measuring the magnitude that becomes 1.

use super::{Coding, check_complex};
use crate::error::{SpectralError, check_setting, check_values};
use crate::stft::LARGEST_VALUE;
use crate::tensor::{Shape, Tensor};
use std::f32::consts::FRAC_1_SQRT_2;

/// A bucket is the upper half of a positive float's bits: its exponent and 8 bits of its mantissa, 0.4 % wide.
const BUCKET_SHIFT: u32 = 15;

/// Counts magnitudes in memory that does not grow (half a megabyte), for any quantile of them.
///
/// Counts are whole numbers, so the order of tensors and the split over meters (see [`Self::merge`]) change nothing.
#[derive(Debug, Clone)]
pub struct ReferenceMeter {
    coding: Coding,
    buckets: Vec<u64>,
    peak: f32,
}

impl ReferenceMeter {
    /// A meter of magnitudes as they are after `coding`.
    pub fn new(coding: Coding) -> Self {
        Self { coding, buckets: vec![0; 1 << (32 - BUCKET_SHIFT - 1)], peak: 0.0 }
    }

    /// Counts the magnitudes of one tensor as it comes from a representation: of each point one, of the first bin DC's
    /// and Nyquist's.
    ///
    /// # Shapes
    /// `data`: `[channels, bins, frames]` with 2 (mono) or 4 (stereo) channels.
    ///
    /// # Errors
    /// Data that do not fill the shape; another number of channels; values that are not finite.
    pub fn add(&mut self, data: &[f32], shape: Shape) -> Result<(), SpectralError> {
        check_complex(data, shape)?;
        check_values("the tensor", LARGEST_VALUE, data)?;
        let (first, second) = data.split_at(2 * shape.plane());
        let turned = |sign: f32| move |(right, left): (&f32, &f32)| (left + sign * right) * FRAC_1_SQRT_2;
        match self.coding {
            Coding::MidSide if shape.channels == 4 => {
                self.count(shape, |at| turned(1.0)((&first[at], &second[at])));
                self.count(shape, |at| turned(-1.0)((&first[at], &second[at])));
            }
            _ => data.chunks_exact(2 * shape.plane()).for_each(|pair| self.count(shape, |at| pair[at])),
        }
        Ok(())
    }

    /// Counts one complex pair, whose values `at` gives by their position in it.
    fn count(&mut self, shape: Shape, at: impl Fn(usize) -> f32) {
        for point in 0..shape.plane() {
            let (real, imaginary) = (at(point), at(shape.plane() + point));
            let square = |value: f32| f64::from(value) * f64::from(value);
            if point < shape.frames {
                self.count_magnitude(real.abs());
                self.count_magnitude(imaginary.abs());
            } else {
                self.count_magnitude((square(real) + square(imaginary)).sqrt() as f32);
            }
        }
    }

    fn count_magnitude(&mut self, magnitude: f32) {
        self.buckets[(magnitude.to_bits() >> BUCKET_SHIFT) as usize] += 1;
        self.peak = self.peak.max(magnitude);
    }

    /// Adds what another meter counted.
    pub fn merge(&mut self, other: &Self) {
        self.buckets.iter_mut().zip(&other.buckets).for_each(|(sum, count)| *sum += count);
        self.peak = self.peak.max(other.peak);
    }

    /// The magnitude that the share `quantile` (0 to 1) of all magnitudes does not exceed, up to 0.4 % too large; 1
    /// gives the peak exactly. A smaller quantile gives a smaller reference, and more values above 1.
    ///
    /// # Errors
    /// A quantile out of range; nothing but zeros up to that quantile.
    pub fn quantile(&self, quantile: f64) -> Result<f32, SpectralError> {
        check_setting("the quantile of magnitudes", 0.0, 1.0, quantile)?;
        let wanted = (quantile * self.buckets.iter().sum::<u64>() as f64).ceil() as u64;
        let mut below = 0;
        let reached = |&count: &u64| {
            below += count;
            below >= wanted
        };
        let bucket = self.buckets.iter().position(reached).unwrap_or(self.buckets.len() - 1);
        let upper = f32::from_bits((bucket as u32 + 1) << BUCKET_SHIFT).min(self.peak);
        if bucket == 0 || upper == 0.0 { Err(SpectralError::Silent { quantile }) } else { Ok(upper) }
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
