//! The sound of one slot, and what is known of the sound around it.

use crate::RenderError;

/// What a slot is filled with.
///
/// ```text
/// ── before ──▕────────── slice ──────────▏      one recording, without a gap
///             grid point                         the slice's first frame
/// ```
///
/// A generated beat is a slice and nothing else. A recorded one has a neighbour: what sounded before it makes its join
/// inaudible (see [`crossfade`](crate::crossfade)) and sounds only there. What came after it is never heard: that is the next
/// beat's attack. Both parts are interleaved, shape `[frames, channels]`, of any length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Material {
    /// From the grid point on.
    pub slice: Vec<f32>,
    /// What sounded right before the slice. [`LEAD_IN_MS`](crate::crossfade::LEAD_IN_MS) are all that is used (or the
    /// crossfade, where it is longer), and what is shorter than the crossfade is mirrored to its length. Empty where nothing
    /// is known.
    pub before: Vec<f32>,
    /// The class of the slice, from 0: the stem that it sounds in, where stems are written.
    pub class: usize,
}

impl From<Vec<f32>> for Material {
    /// A slice with nothing around it, of class 0.
    fn from(slice: Vec<f32>) -> Self {
        Self { slice, ..Self::default() }
    }
}

impl Material {
    /// Checks that all of it is whole frames of finite numbers; `slot` is its place, from 0, for the error.
    pub(crate) fn check(&self, slot: u64, channels: usize) -> Result<(), RenderError> {
        for part in [&self.slice, &self.before] {
            if !part.len().is_multiple_of(channels) {
                return Err(RenderError::PartialFrame { slice: slot, actual: part.len(), channels });
            }
            if !part.iter().all(|sample| sample.is_finite()) {
                return Err(RenderError::NotFinite { slice: slot });
            }
        }
        Ok(())
    }
}
