//! How magnitudes become a tensor's values.

use crate::error::{SpectralError, check_setting};
use crate::representation::Values;
use serde::{Deserialize, Serialize};

/// How a value grows with the magnitude.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MagnitudeScale {
    /// As the magnitude does.
    Linear,
    /// With its logarithm, in dB below full scale, down to a floor.
    #[default]
    Log,
}

/// The range that values are brought into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueRange {
    /// Magnitudes as the transform has them, or dB.
    Raw,
    /// -1 (nothing, or the floor) to 1 (the most that a signal within ±1 can have).
    #[default]
    Unit,
}

/// The loudest level that a generated value may stand for, in dB above full scale.
pub const LOUDEST: f32 = 40.0;

/// The map between magnitudes and values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    scale: MagnitudeScale,
    range: ValueRange,
    floor: f32,
    peak: f32,
    /// dB of a factor of ten: 20 for magnitudes, 10 for their squares.
    decade: f32,
}

impl Level {
    /// With a floor in dB below full scale, -200 to -10, which is the magnitude `peak`.
    pub fn new(scale: MagnitudeScale, range: ValueRange, floor: f32, peak: f64) -> Result<Self, SpectralError> {
        // Ranges are low to high, and tolerances multiply: the check is made on the floor's depth.
        check_setting("the representation's floor in dB below full scale", 10.0, 200.0, (-floor).into())?;
        Ok(Self { scale, range, floor, peak: peak as f32, decade: 20.0 })
    }

    /// The same for squares of magnitudes.
    pub fn of_squares(self) -> Self {
        Self { decade: 10.0, ..self }
    }

    /// Whether values are dB.
    pub fn is_log(&self) -> bool {
        self.scale == MagnitudeScale::Log
    }

    /// The range of values.
    pub fn values(&self) -> Values {
        match self.range {
            ValueRange::Raw => Values::Raw,
            ValueRange::Unit => Values::Unit { per_decibel: self.is_log().then(|| -2.0 / self.floor) },
        }
    }

    /// The value of a magnitude, 0 or more.
    pub fn value(&self, magnitude: f32) -> f32 {
        let ratio = magnitude / self.peak;
        match (self.scale, self.range) {
            (MagnitudeScale::Linear, ValueRange::Raw) => magnitude,
            (MagnitudeScale::Linear, ValueRange::Unit) => 2.0 * ratio - 1.0,
            (MagnitudeScale::Log, ValueRange::Raw) => self.decibels(ratio),
            (MagnitudeScale::Log, ValueRange::Unit) => 1.0 - 2.0 * self.decibels(ratio) / self.floor,
        }
    }

    /// The magnitude of any value; nothing below the lowest one, and no more than the loudest level.
    pub fn magnitude(&self, value: f32) -> f32 {
        let most = self.peak * 10f32.powf(LOUDEST / self.decade);
        match (self.scale, self.range) {
            (MagnitudeScale::Linear, ValueRange::Raw) => value.clamp(0.0, most),
            (MagnitudeScale::Linear, ValueRange::Unit) => (0.5 * (value + 1.0) * self.peak).clamp(0.0, most),
            (MagnitudeScale::Log, ValueRange::Raw) => self.of_decibels(value),
            (MagnitudeScale::Log, ValueRange::Unit) => self.of_decibels(0.5 * (1.0 - value) * self.floor),
        }
    }

    /// A ratio in dB, at least the floor.
    fn decibels(&self, ratio: f32) -> f32 {
        (self.decade * ratio.max(f32::MIN_POSITIVE).log10()).max(self.floor)
    }

    fn of_decibels(&self, level: f32) -> f32 {
        if level <= self.floor { 0.0 } else { self.peak * 10f32.powf(level.min(LOUDEST) / self.decade) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels() -> Vec<Level> {
        let scales = [MagnitudeScale::Linear, MagnitudeScale::Log];
        let pairs =
            scales.into_iter().flat_map(|scale| [ValueRange::Raw, ValueRange::Unit].map(|range| (scale, range)));
        let level = |(scale, range)| Level::new(scale, range, -80.0, 64.0).unwrap();
        pairs.map(level).flat_map(|level| [level, level.of_squares()]).collect()
    }

    #[test]
    fn magnitudes_come_back() {
        for level in levels() {
            for magnitude in [0.0f32, 0.01, 0.5, 1.0, 64.0, 100.0] {
                let back = level.magnitude(level.value(magnitude));
                // Half a unit of the last place of a value around 1 is 4e-6 of the peak where it is linear.
                assert!((back - magnitude).abs() <= 1e-5 * magnitude + 1e-5, "{level:?}: {magnitude} became {back}");
            }
        }
    }

    #[test]
    fn the_ends_of_the_range_are_silence_and_full_scale() {
        for level in levels().into_iter().filter(|level| level.range == ValueRange::Unit) {
            assert!((level.value(0.0) + 1.0).abs() < 1e-6 && (level.value(64.0) - 1.0).abs() < 1e-6, "{level:?}");
            assert!([-1.0, -5.0, -1e25].into_iter().all(|value| level.magnitude(value) == 0.0), "{level:?}");
        }
    }

    #[test]
    fn any_value_is_a_magnitude() {
        for level in levels() {
            for value in [0.0, 1.0, -1.0, 1e25, -1e25, f32::MIN_POSITIVE, f32::MAX, f32::MIN] {
                let magnitude = level.magnitude(value);
                assert!((0.0..=640_001.0).contains(&magnitude), "{level:?}: {value} became {magnitude}");
            }
        }
    }
}
