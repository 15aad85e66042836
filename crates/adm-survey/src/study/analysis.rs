//! How answers are analysed: fixed before they are seen.

use serde::{Deserialize, Serialize};

/// How answers are analysed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Analysis {
    /// Probability of seeing an effect where there is none that is put up with, 0.0001 to 0.2; 0.05 where none is said. Intervals
    /// have the level `1 − alpha`; more finds more, and errs more often.
    pub alpha: f64,
    /// Shares of right answers up to this far from chance count as indistinguishable, 0.001 to 0.45. Without it nothing is called
    /// that; more is shown by fewer answers, and says less.
    pub margin: Option<f64>,
    /// Resamples of the bootstrap, 100 to 1,000,000; 10,000 where none are said. More make its intervals steadier and take longer
    /// in proportion.
    pub resamples: usize,
    /// Who is left out of the screened analysis.
    pub screening: Screening,
}

impl Default for Analysis {
    fn default() -> Self {
        Self { alpha: 0.05, margin: None, resamples: 10_000, screening: Screening::default() }
    }
}

/// Who is left out of the screened analysis.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Screening {
    /// Least share of attention items that must be answered as they ask, 0 to 1; 1 where none is said. More leaves out more.
    pub attention: f64,
    /// Least agreement with oneself on repeated trials, 0 to 1; 0, where none is said, asks for none. More leaves out more.
    pub repeats: f64,
    /// MUSHRA: a hidden reference below this, or a mid anchor above it, is a miss (BS.1534-3, section 4.1.2), 0 to 100; 90 where
    /// none is said. More misses more references, and fewer anchors.
    pub reference_score: f64,
    /// MUSHRA: the largest share of trials in which the reference may be missed, and of those in which the anchor may, 0 to 1; 0.15
    /// where none is said. More leaves out fewer.
    pub missed: f64,
}

impl Default for Screening {
    fn default() -> Self {
        Self { attention: 1.0, repeats: 0.0, reference_score: 90.0, missed: 0.15 }
    }
}
