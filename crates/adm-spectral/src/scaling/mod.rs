//! The network map: a complex tensor's values into the network's range [-1, 1] and back.
//!
//! Three choices, all recorded and all undone exactly: what the two complex pairs of a stereo tensor are (`coding`), how
//! a magnitude grows with the sound's (`law`), and which magnitude becomes 1 (`reference`). Spectra of music span many
//! orders of magnitude, of which a linear map leaves a network only the loudest; a power below 1 lifts the rest.
//!
//! All of that holds for tensors of complex numbers alone ([`Scaling::is_for`]). Representations of
//! magnitudes and levels bring their values into -1 to 1 themselves.
//!
//! The phase of a point stays as it is: both of its parts are multiplied by the same factor. The first bin is no complex
//! number but two real ones, DC and Nyquist (see [`crate::stft`]); each of them is scaled on its own, so that what a
//! network puts into one of them cannot make the other louder.

mod power;
mod reference;

pub use reference::{ReferenceMeter, measure_reference};

use crate::error::{SpectralError, check_length, check_range, check_setting, check_values};
use crate::representation::{Representation, Values};
use crate::tensor::Shape;
use power::power;
use serde::{Deserialize, Serialize};
use std::f32::consts::FRAC_1_SQRT_2;

/// What the two complex pairs of a stereo tensor are. Mono has one pair, and no coding changes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coding {
    /// Right, then left, as they come from the representation.
    LeftRight,
    /// Mid, then side: `(left + right)/√2` and `(left - right)/√2`. Keeps the stereo image together.
    #[default]
    MidSide,
}

/// How a magnitude is brought into range; the phase stays as it is.
///
/// In files `{ name = "linear" }` or `{ name = "power", exponent = 0.5 }`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case", try_from = "LawTable")]
pub enum Law {
    /// `|z| / reference`.
    Linear,
    /// `(|z| / reference)^exponent`.
    Power {
        /// 0.1 to 1. A smaller one lifts quiet values nearer to loud ones; 1 is linear.
        exponent: f32,
    },
}

/// A law as it is read: serde lets a tagged variant without fields pass over unknown ones.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LawTable {
    name: LawName,
    exponent: Option<f32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LawName {
    Linear,
    Power,
}

impl TryFrom<LawTable> for Law {
    type Error = &'static str;
    fn try_from(table: LawTable) -> Result<Self, Self::Error> {
        match (table.name, table.exponent) {
            (LawName::Linear, None) => Ok(Self::Linear),
            (LawName::Power, Some(exponent)) => Ok(Self::Power { exponent }),
            (LawName::Linear, Some(_)) => Err("the linear law takes no exponent"),
            (LawName::Power, None) => Err("the power law needs an exponent"),
        }
    }
}

impl Law {
    fn exponent(self) -> f32 {
        match self {
            Self::Linear => 1.0,
            Self::Power { exponent } => exponent,
        }
    }
}

/// The recorded, invertible map between a complex tensor's values and a network's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// What the pairs of a stereo tensor become.
    pub coding: Coding,
    /// How magnitudes are brought into range.
    pub law: Law,
    /// The magnitude that becomes 1, 1e-6 to 1e6. A larger one gives the network smaller values. See
    /// [`measure_reference`].
    pub reference: f32,
}

/// Largest and smallest magnitude over the reference that squares can hold. Smaller ones become 0.
const LARGEST_RATIO: f32 = 1e18;

impl Scaling {
    /// Checks the settings' ranges.
    ///
    /// # Errors
    /// A setting out of range.
    pub fn validate(&self) -> Result<(), SpectralError> {
        check_setting("the scaling's exponent", 0.1, 1.0, self.law.exponent().into())?;
        check_setting("the scaling's reference", 1e-6, 1e6, self.reference.into())
    }

    /// Whether a representation's tensors are to be scaled: complex ones are. Any others this map would take for one number's
    /// parts where they have nothing to do with each other.
    ///
    /// # Errors
    /// Neither complex nor in -1 to 1 already: a network could not make such values.
    pub fn is_for(representation: &dyn Representation) -> Result<bool, SpectralError> {
        let name = representation.name();
        match representation.values() {
            Values::Unit { .. } => Ok(false),
            Values::Raw if representation.is_complex() => Ok(true),
            Values::Raw => Err(SpectralError::RawValues { name }),
        }
    }

    /// Brings a tensor's values into the network's range, in place. Nothing is clipped: magnitudes above the reference
    /// come out above 1.
    ///
    /// # Shapes
    /// `data`: `[channels, bins, frames]` with 2 (mono) or 4 (stereo) channels, a real and an imaginary part each.
    ///
    /// # Errors
    /// Data that do not fill the shape; another number of channels; settings out of range; values that are not finite or
    /// above 10¹⁸ times the reference.
    pub fn apply(&self, data: &mut [f32], shape: Shape) -> Result<(), SpectralError> {
        self.validate()?;
        check_complex(data, shape)?;
        check_values("the tensor", LARGEST_RATIO * self.reference, data)?;
        if self.rotates(shape) {
            rotate(data, shape.plane(), |right, left| (left + right, left - right));
        }
        self.scale(data, shape, 1.0 / self.reference, self.law.exponent(), 1.0);
        Ok(())
    }

    /// Undoes [`Self::apply`], in place.
    ///
    /// # Shapes
    /// As for [`Self::apply`].
    ///
    /// # Errors
    /// As for [`Self::apply`].
    pub fn invert(&self, data: &mut [f32], shape: Shape) -> Result<(), SpectralError> {
        self.validate()?;
        check_complex(data, shape)?;
        check_values("the network's tensor", LARGEST_RATIO.powf(self.law.exponent()), data)?;
        self.scale(data, shape, 1.0, 1.0 / self.law.exponent(), self.reference);
        if self.rotates(shape) {
            rotate(data, shape.plane(), |mid, side| (mid - side, mid + side));
        }
        Ok(())
    }

    fn rotates(&self, shape: Shape) -> bool {
        self.coding == Coding::MidSide && shape.channels == 4
    }

    /// Multiplies by `before`, raises magnitudes to `exponent`, multiplies by `after`.
    fn scale(&self, data: &mut [f32], shape: Shape, before: f32, exponent: f32, after: f32) {
        // |z|^exponent = |z|·(|z|²)^((exponent - 1)/2): nothing but the square is ever needed of a magnitude. The root
        // and its inverse have instructions of their own.
        if exponent == 1.0 {
            data.iter_mut().for_each(|value| *value *= before * after);
        } else if exponent == 0.5 {
            scale_by(data, shape, before, |square| after / square.sqrt().sqrt());
        } else if exponent == 2.0 {
            scale_by(data, shape, before, |square| after * square.sqrt());
        } else {
            scale_by(data, shape, before, |square| after * power(square, 0.5 * (exponent - 1.0)));
        }
    }
}

/// Multiplies by `before` and then every number, whose squared magnitude is now `s`, by `factor(s)`.
fn scale_by(data: &mut [f32], shape: Shape, before: f32, factor: impl Fn(f32) -> f32) {
    let factor = |square: f32| if square < f32::MIN_POSITIVE { 0.0 } else { factor(square.max(f32::MIN_POSITIVE)) };
    for pair in data.chunks_exact_mut(2 * shape.plane()) {
        let (real, imaginary) = pair.split_at_mut(shape.plane());
        let (dc, real) = real.split_at_mut(shape.frames);
        let (nyquist, imaginary) = imaginary.split_at_mut(shape.frames);
        for value in dc.iter_mut().chain(nyquist) {
            let ratio = *value * before;
            *value = ratio * factor(ratio * ratio);
        }
        for (re, im) in real.iter_mut().zip(imaginary) {
            let (x, y) = (*re * before, *im * before);
            let factor = factor(x * x + y * y);
            (*re, *im) = (x * factor, y * factor);
        }
    }
}

/// Replaces both pairs of a stereo tensor by a rotation of them.
fn rotate(data: &mut [f32], plane: usize, turn: impl Fn(f32, f32) -> (f32, f32)) {
    let (first, second) = data.split_at_mut(2 * plane);
    for (a, b) in first.iter_mut().zip(second) {
        let (x, y) = turn(*a, *b);
        (*a, *b) = (x * FRAC_1_SQRT_2, y * FRAC_1_SQRT_2);
    }
}

/// Refuses anything but a tensor of one or two complex pairs.
fn check_complex(data: &[f32], shape: Shape) -> Result<(), SpectralError> {
    if !matches!(shape.channels, 2 | 4) {
        let expected = "tensors of 2 (mono) or 4 (stereo) channels";
        return Err(SpectralError::WrongChannels { expected, actual: shape.channels });
    }
    check_range("the tensor's bins times frames", 1, usize::MAX / 4, shape.plane())?;
    check_length("the tensor", shape.size(), data.len())
}

#[cfg(test)]
mod tests;
