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
    /// 0 (nothing, or the floor) to 1 (the most that a signal within ±1 can have).
    FullScale,
    /// As `full-scale`, and then stretched so that each tensor's lowest value is 0 and its highest 1 (document 002, section 4.1.1).
    /// How loud a slice is, is gone: on the way back 1 is the magnitude of a sine at half of full scale.
    MinMax,
}

/// What the highest value of a stretched tensor stands for, of the most that a signal within ±1 can have: a sine at half of full
/// scale, whose window sums to half of a steady value's. The loud windows of a recorded set lie there, too.
const STRETCHED: f32 = 0.25;

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
            ValueRange::FullScale => Values::Unit { per_decibel: self.is_log().then(|| -1.0 / self.floor) },
            // Louder is the same.
            ValueRange::MinMax => Values::Unit { per_decibel: None },
        }
    }

    /// The value of a magnitude, 0 or more; before it is [stretched](Self::stretch).
    pub fn value(&self, magnitude: f32) -> f32 {
        let ratio = magnitude / self.peak;
        match (self.scale, self.range) {
            (MagnitudeScale::Linear, ValueRange::Raw) => magnitude,
            (MagnitudeScale::Linear, ValueRange::Unit) => 2.0 * ratio - 1.0,
            (MagnitudeScale::Linear, ValueRange::FullScale | ValueRange::MinMax) => ratio,
            (MagnitudeScale::Log, ValueRange::Raw) => self.decibels(ratio),
            (MagnitudeScale::Log, ValueRange::Unit) => 1.0 - 2.0 * self.decibels(ratio) / self.floor,
            (MagnitudeScale::Log, ValueRange::FullScale | ValueRange::MinMax) => {
                1.0 - self.decibels(ratio) / self.floor
            }
        }
    }

    /// The magnitude of any value; nothing below the lowest one, and no more than the loudest level.
    pub fn magnitude(&self, value: f32) -> f32 {
        let most = self.peak * 10f32.powf(LOUDEST / self.decade);
        match (self.scale, self.range) {
            (MagnitudeScale::Linear, ValueRange::Raw) => value.clamp(0.0, most),
            (MagnitudeScale::Linear, ValueRange::Unit) => (0.5 * (value + 1.0) * self.peak).clamp(0.0, most),
            (MagnitudeScale::Linear, ValueRange::FullScale) => (value * self.peak).clamp(0.0, most),
            (MagnitudeScale::Linear, ValueRange::MinMax) => (value * self.stretched()).clamp(0.0, most),
            (MagnitudeScale::Log, ValueRange::Raw) => self.of_decibels(value),
            (MagnitudeScale::Log, ValueRange::Unit) => self.of_decibels(0.5 * (1.0 - value) * self.floor),
            (MagnitudeScale::Log, ValueRange::FullScale) => self.of_decibels((1.0 - value) * self.floor),
            (MagnitudeScale::Log, ValueRange::MinMax) => {
                self.of_decibels((1.0 - value) * self.floor) * (self.stretched() / self.peak)
            }
        }
    }

    /// The magnitude of the highest value of a stretched tensor, on the way back.
    fn stretched(&self) -> f32 {
        // As many decibels of a magnitude as of a square.
        self.peak * STRETCHED.powf(20.0 / self.decade)
    }

    /// Stretches all values of a tensor so that the lowest becomes 0 and the highest 1, where the range asks for it; where all are
    /// the same they become 0.
    pub fn stretch(&self, values: &mut [f32]) {
        if self.range != ValueRange::MinMax {
            return;
        }
        let least = values.iter().copied().fold(f32::INFINITY, f32::min);
        let reach = values.iter().copied().fold(f32::NEG_INFINITY, f32::max) - least;
        // Not times its inverse, so that the highest is exactly 1.
        values.iter_mut().for_each(|value| *value = if reach > 0.0 { (*value - least) / reach } else { 0.0 });
    }

    /// Gives a generated tensor the range of an analysed one, where that is stretched: what is below 0 is nothing, and what is
    /// loudest is 1. A network's smallest values are no floor to take off all others.
    pub fn stretch_generated(&self, values: &mut [f32]) {
        if self.range == ValueRange::MinMax {
            values.iter_mut().for_each(|value| *value = value.max(0.0));
            self.stretch(values);
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
        [ValueRange::Raw, ValueRange::Unit, ValueRange::FullScale].into_iter().flat_map(of_range).collect()
    }

    fn of_range(range: ValueRange) -> Vec<Level> {
        let scales = [MagnitudeScale::Linear, MagnitudeScale::Log];
        let levels = scales.map(|scale| Level::new(scale, range, -80.0, 64.0).unwrap());
        levels.into_iter().flat_map(|level| [level, level.of_squares()]).collect()
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
    fn full_scale_is_the_unit_range_without_its_negative_half() {
        for (half, whole) in of_range(ValueRange::FullScale).into_iter().zip(of_range(ValueRange::Unit)) {
            for magnitude in [0.0f32, 0.01, 0.5, 1.0, 64.0] {
                assert!((half.value(magnitude) - 0.5 * (whole.value(magnitude) + 1.0)).abs() < 1e-6, "{half:?}");
            }
        }
    }

    #[test]
    fn stretching_is_min_max_scaling_and_nothing_elsewhere() {
        let values: Vec<f32> = (0..500).map(|n| 0.3 + 0.2 * (n as f32 * 0.7).sin()).collect();
        let mut scaled = values.clone();
        of_range(ValueRange::MinMax)[0].stretch(&mut scaled);
        // Document 002's formula, with a feature range of 0 to 1.
        let wide: Vec<f64> = values.iter().map(|&value| f64::from(value)).collect();
        let least = wide.iter().copied().fold(f64::MAX, f64::min);
        let most = wide.iter().copied().fold(f64::MIN, f64::max);
        for (value, scaled) in wide.iter().zip(&scaled) {
            let expected = (value - least) / (most - least) * (1.0 - 0.0) + 0.0;
            assert!((f64::from(*scaled) - expected).abs() < 1e-6, "{value} became {scaled}");
        }
        assert!(scaled.contains(&0.0) && scaled.contains(&1.0));
        assert!(scaled.iter().all(|value| (0.0..=1.0).contains(value)));
        for level in levels() {
            let mut untouched = values.clone();
            level.stretch(&mut untouched);
            level.stretch_generated(&mut untouched);
            assert_eq!(untouched, values, "{level:?}");
        }
    }

    #[test]
    fn constant_tensors_and_silence_are_stretched_to_nothing() {
        let level = of_range(ValueRange::MinMax)[0];
        for constant in [0.0f32, 0.5, 1.0, f32::MIN_POSITIVE, f32::from_bits(1)] {
            let mut values = [constant; 6];
            level.stretch(&mut values);
            assert_eq!(values, [0.0; 6], "{constant}");
        }
        let mut least = [0.0, f32::from_bits(1)];
        level.stretch(&mut least);
        assert_eq!(least, [0.0, 1.0], "the smallest difference there is");
        level.stretch(&mut []);
    }

    #[test]
    fn a_stretched_tensor_s_highest_value_is_a_sine_at_half_of_full_scale_and_its_lowest_nothing() {
        for level in of_range(ValueRange::MinMax) {
            let decibels = level.decade * (level.magnitude(1.0) / 64.0).log10();
            assert!((decibels + 12.04).abs() < 0.01, "{level:?}: {decibels}");
            assert!([0.0, -1.0, -1e25].into_iter().all(|value| level.magnitude(value) == 0.0), "{level:?}");
        }
    }

    #[test]
    fn generated_tensors_are_stretched_from_nothing_and_analysed_ones_stay() {
        let level = of_range(ValueRange::MinMax)[0];
        let mut generated = [-0.3, 0.1, 0.4];
        level.stretch_generated(&mut generated);
        assert_eq!(generated, [0.0, 0.25, 1.0]);
        level.stretch_generated(&mut generated);
        assert_eq!(generated, [0.0, 0.25, 1.0], "once more changes nothing");
        let mut above = [0.2, 0.6];
        level.stretch_generated(&mut above);
        assert_eq!(above, [0.0, 1.0]);
    }

    #[test]
    fn any_value_is_a_magnitude() {
        for level in levels().into_iter().chain(of_range(ValueRange::MinMax)) {
            for value in [0.0, 1.0, -1.0, 1e25, -1e25, f32::MIN_POSITIVE, f32::MAX, f32::MIN] {
                let magnitude = level.magnitude(value);
                assert!((0.0..=640_001.0).contains(&magnitude), "{level:?}: {value} became {magnitude}");
            }
        }
    }
}
