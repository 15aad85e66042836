//! How far a walk goes.

use super::Pattern;
use crate::RenderError;
use crate::error::within;

/// How a [`Walk`](super::Walk) moves. Fractions are those of the angle between two independent latents, a right angle
/// in a space of many axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WalkSettings {
    /// Which beats of a bar are alike.
    pub pattern: Pattern,
    /// Bars from one phrase's anchor to the next one's, 1 to 1,024; usually 4 or 8. More move more slowly.
    pub phrase_bars: u64,
    /// How unlike the letters of a bar are, 0 to 1: 0 plays one beat throughout, 1 shares nothing between letters.
    pub contrast: f64,
    /// How far phrases wander from home, 0 to 1: 0 repeats one bar for ever, 1 forgets the piece with every phrase.
    pub drift: f64,
    /// How unlike repetitions of the same beat are, 0 to 1. More sounds livelier, then restless.
    pub variation: f64,
    /// How far the last beats of a phrase leave the pattern, 0 to 1; 0 plays no fills.
    pub fill: f64,
    /// Truncation ψ, 0.01 to 1: every number drawn has the standard deviation ψ, because a normal number is drawn again
    /// until it lies within the cut that leaves just that spread (the truncation trick of Brock et al., "Large Scale GAN
    /// Training", 2019, section 3.1). 1 draws from the generator's own prior; less stays nearer to its average beat:
    /// fewer bad beats, less variety.
    pub truncation: f64,
}

impl Default for WalkSettings {
    fn default() -> Self {
        Self {
            pattern: Pattern::default(),
            phrase_bars: 8,
            contrast: 0.5,
            drift: 0.4,
            variation: 0.06,
            fill: 0.5,
            truncation: 1.0,
        }
    }
}

impl WalkSettings {
    /// Checks every setting against its range.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] for the first that is outside.
    pub fn validate(&self) -> Result<(), RenderError> {
        within(("the bars of a phrase", None), 1.0..=1_024.0, "from 1 to 1024", self.phrase_bars as f64)?;
        for (what, value) in [
            (("the contrast within a bar", None), self.contrast),
            (("the drift between phrases", None), self.drift),
            (("the variation of a beat", None), self.variation),
            (("the strength of fills", None), self.fill),
        ] {
            within(what, 0.0..=1.0, "from 0 to 1", value)?;
        }
        within(("the truncation", Some("--truncation")), 0.01..=1.0, "from 0.01 to 1", self.truncation).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Hint;

    #[test]
    fn settings_outside_their_ranges_are_refused_with_the_flag() {
        assert!(WalkSettings::default().validate().is_ok());
        let refused = |settings: WalkSettings| settings.validate().unwrap_err();
        for truncation in [0.0, -0.5, 1.5, f64::NAN] {
            let error = refused(WalkSettings { truncation, ..WalkSettings::default() });
            assert_eq!(error.to_string(), format!("the truncation must be from 0.01 to 1, got {truncation}"));
            assert_eq!(error.hint().unwrap(), "give --truncation a value that is from 0.01 to 1");
        }
        refused(WalkSettings { phrase_bars: 0, ..WalkSettings::default() });
        refused(WalkSettings { drift: 2.0, ..WalkSettings::default() });
    }
}
