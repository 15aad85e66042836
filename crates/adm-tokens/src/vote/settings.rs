//! What decides whether two beats are the same.

use crate::error::TokenError;
use crate::measures::{Detail, Measure};
use serde::{Deserialize, Serialize};

/// One number a measure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerMeasure {
    /// For [`Measure::Fft`].
    pub fft: f32,
    /// For [`Measure::Stft`].
    pub stft: f32,
    /// For [`Measure::Fundamentals`].
    pub fundamentals: f32,
    /// For [`Measure::Flatness`].
    pub flatness: f32,
    /// For [`Measure::Tuning`].
    pub tuning: f32,
    /// For [`Measure::Onsets`].
    pub onsets: f32,
    /// For [`Measure::Level`].
    pub level: f32,
}

impl PerMeasure {
    /// The same number for every measure.
    pub fn uniform(value: f32) -> Self {
        Self {
            fft: value,
            stft: value,
            fundamentals: value,
            flatness: value,
            tuning: value,
            onsets: value,
            level: value,
        }
    }

    /// The number for one measure.
    pub fn get(&self, measure: Measure) -> f32 {
        match measure {
            Measure::Fft => self.fft,
            Measure::Stft => self.stft,
            Measure::Fundamentals => self.fundamentals,
            Measure::Flatness => self.flatness,
            Measure::Tuning => self.tuning,
            Measure::Onsets => self.onsets,
            Measure::Level => self.level,
        }
    }

    /// Sets the number for one measure.
    pub fn set(&mut self, measure: Measure, value: f32) {
        *match measure {
            Measure::Fft => &mut self.fft,
            Measure::Stft => &mut self.stft,
            Measure::Fundamentals => &mut self.fundamentals,
            Measure::Flatness => &mut self.flatness,
            Measure::Tuning => &mut self.tuning,
            Measure::Onsets => &mut self.onsets,
            Measure::Level => &mut self.level,
        } = value;
    }
}

/// The largest distances at which slices agree, 0 to 1. Larger ones make fewer tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// For classes.
    pub coarse: PerMeasure,
    /// For tokens.
    pub fine: PerMeasure,
}

impl Thresholds {
    /// The founding work's threshold (document 000, sections 6.6 and 6.7), found there by ear.
    pub const FOUNDING: f32 = 0.3;

    /// The same threshold for everything.
    pub fn uniform(threshold: f32) -> Self {
        Self { coarse: PerMeasure::uniform(threshold), fine: PerMeasure::uniform(threshold) }
    }

    /// Sets the threshold of one measure, coarse and fine.
    pub fn set(&mut self, measure: Measure, threshold: f32) {
        self.coarse.set(measure, threshold);
        self.fine.set(measure, threshold);
    }

    /// The thresholds of one level of detail.
    pub fn of(&self, detail: Detail) -> &PerMeasure {
        match detail {
            Detail::Coarse => &self.coarse,
            Detail::Fine => &self.fine,
        }
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self::uniform(Self::FOUNDING)
    }
}

/// How often beats are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Levels {
    /// Once, by the FFT alone (document 000, section 6.6). Every token is a class of its own.
    One,
    /// Twice, by the full vote (section 6.7): coarsely for the class, finely within the class for the token.
    #[default]
    Two,
}

impl TryFrom<u8> for Levels {
    type Error = String;

    fn try_from(levels: u8) -> Result<Self, String> {
        match levels {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            other => Err(format!("there are 1 or 2 levels, not {other}")),
        }
    }
}

impl From<Levels> for u8 {
    fn from(levels: Levels) -> Self {
        match levels {
            Levels::One => 1,
            Levels::Two => 2,
        }
    }
}

/// What becomes of a beat that is like none before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Unknown {
    /// It is a new token.
    #[default]
    Born,
    /// It takes the token that is nearest; the book stays as it is. Needs a book to start with.
    Nearest,
}

/// How tokens are found.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct VoteSettings {
    /// How often beats are compared.
    pub levels: Levels,
    /// How near they must be.
    pub thresholds: Thresholds,
    /// What becomes of unknown beats.
    pub unknown: Unknown,
}

impl VoteSettings {
    /// Checks what the types alone do not.
    ///
    /// # Errors
    /// A threshold that is not between 0 and 1.
    pub fn validate(&self) -> Result<(), TokenError> {
        for thresholds in [self.thresholds.coarse, self.thresholds.fine] {
            for measure in Measure::ALL {
                let threshold = thresholds.get(measure);
                if !(0.0..=1.0).contains(&threshold) {
                    let (what, expected, hint) = ("a threshold", "between 0 and 1", "--threshold 0.3");
                    return Err(TokenError::BadSetting { what, expected, actual: threshold.to_string(), hint });
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_outside_their_range_are_refused() {
        VoteSettings::default().validate().unwrap();
        for bad in [-0.1, 1.1, f32::NAN, f32::INFINITY] {
            for measure in Measure::ALL {
                let mut settings = VoteSettings::default();
                settings.thresholds.set(measure, bad);
                let error = settings.validate().unwrap_err().to_string();
                assert_eq!(error, format!("a threshold must be between 0 and 1, got {bad}"));
            }
        }
    }

    #[test]
    fn every_measure_has_its_own_number() {
        let mut numbers = PerMeasure::uniform(0.0);
        for (index, measure) in Measure::ALL.into_iter().enumerate() {
            numbers.set(measure, index as f32);
        }
        for (index, measure) in Measure::ALL.into_iter().enumerate() {
            assert_eq!(numbers.get(measure), index as f32);
        }
    }
}
