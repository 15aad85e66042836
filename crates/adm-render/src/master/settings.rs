//! What a master aims at, and what it reached.

use crate::RenderError;
use crate::error::within;

/// What the finished sound should measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MasterSettings {
    /// Integrated loudness in LUFS (EBU R 128), -40 to -5. Higher is louder and needs more limiting. The default of -14
    /// is what streaming services play at.
    pub loudness: f64,
    /// Ceiling of the true peak in dBTP, -20 to 0. The default of -1 leaves room for lossy codecs.
    pub ceiling: f64,
    /// Most that the limiter may take from a peak, in dB, 0 to 24. Where the loudness would need more, the result stays
    /// quieter and the report says so. More gets peaky material louder and flattens its attacks; the default of 8 dB
    /// leaves 0.4 of the highest peak at worst.
    pub most_limiting: f64,
}

impl Default for MasterSettings {
    fn default() -> Self {
        Self { loudness: -14.0, ceiling: -1.0, most_limiting: 8.0 }
    }
}

impl MasterSettings {
    /// Checks every setting against its range.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] for the first that is outside.
    pub fn validate(&self) -> Result<(), RenderError> {
        within(("the loudness in LUFS", None), -40.0..=-5.0, "from -40 to -5", self.loudness)?;
        within(("the ceiling in dBTP", None), -20.0..=0.0, "from -20 to 0", self.ceiling)?;
        within(("the limiting in dB", None), 0.0..=24.0, "from 0 to 24", self.most_limiting).map(|_| ())
    }
}

/// How loud something is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Integrated loudness in LUFS; −∞ where nothing is above the gate of -70 LUFS.
    pub integrated_lufs: f64,
    /// Highest peak between the samples of any channel, in dBTP; −∞ for digital silence.
    pub true_peak_dbtp: f64,
}

/// What a master did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MasterReport {
    /// The sound as it came, without its DC.
    pub before: Level,
    /// The sound as it left.
    pub after: Level,
    /// Gain over the whole, in dB.
    pub gain_db: f64,
    /// Most that the limiter took from a peak, in dB; 0 where it had nothing to do.
    pub limited_db: f64,
    /// Whether the loudness is within 0.2 LU of what was asked for. Silence and too peaky sounds are not.
    pub on_target: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_outside_their_ranges_are_refused_by_name() {
        assert!(MasterSettings::default().validate().is_ok());
        let error = MasterSettings { ceiling: 1.0, ..MasterSettings::default() }.validate().unwrap_err();
        assert_eq!(error.to_string(), "the ceiling in dBTP must be from -20 to 0, got 1");
        assert!(MasterSettings { loudness: f64::NAN, ..MasterSettings::default() }.validate().is_err());
        assert!(MasterSettings { most_limiting: -1.0, ..MasterSettings::default() }.validate().is_err());
    }
}
