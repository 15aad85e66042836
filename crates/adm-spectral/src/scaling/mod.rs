//! The network map: tensor values into the network's range [-1, 1] and back.

mod reference;

pub use reference::{ReferenceMeter, measure_reference};

use crate::error::SpectralError;
use crate::tensor::Shape;
use serde::{Deserialize, Serialize};

/// What the two complex pairs of a stereo tensor are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coding {
    /// Right, then left, as they come from the representation.
    LeftRight,
    /// Mid, then side: `(left + right)/√2` and `(left - right)/√2`.
    #[default]
    MidSide,
}

/// How a magnitude is brought into range; the phase stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Law {
    /// `|z| / reference`.
    Linear,
    /// `(|z| / reference)^exponent`.
    Power {
        /// 0.1 to 1. A smaller one lifts quiet values nearer to loud ones; 1 is linear.
        exponent: f32,
    },
}

/// The recorded, invertible map between a complex tensor's values and the network's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// What the pairs of a stereo tensor become.
    pub coding: Coding,
    /// How magnitudes are brought into range.
    pub law: Law,
    /// The magnitude that becomes 1; above 0. A larger one gives the network smaller values.
    pub reference: f32,
}

impl Scaling {
    /// Checks the settings' ranges.
    ///
    /// # Errors
    /// A setting out of range.
    pub fn validate(&self) -> Result<(), SpectralError> {
        todo!()
    }

    /// Brings a tensor's values into the network's range, in place. Nothing is clipped.
    ///
    /// # Shapes
    /// `data`: `[channels, bins, frames]` with 2 (mono) or 4 (stereo) channels, a real and an imaginary part each.
    ///
    /// # Errors
    /// Data that do not fill the shape; another number of channels; settings out of range.
    pub fn apply(&self, _data: &mut [f32], _shape: Shape) -> Result<(), SpectralError> {
        todo!()
    }

    /// Undoes [`Self::apply`], in place.
    ///
    /// # Errors
    /// As for [`Self::apply`].
    pub fn invert(&self, _data: &mut [f32], _shape: Shape) -> Result<(), SpectralError> {
        todo!()
    }
}
