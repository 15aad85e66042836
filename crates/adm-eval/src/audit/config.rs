//! Where the audit draws its lines.

use serde::{Deserialize, Serialize};

/// The audit's thresholds. The defaults were set on the material of the table in [`super`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditConfig {
    /// Share of held-out beats that may lie above the threshold of a flagged beat, 0 to 0.5. A larger share flags more
    /// beats, more of them wrongly; below one in the number of held-out beats the threshold is the nearest of them all.
    pub expected_share: f64,
    /// Probability of a false alarm by each test, 0 to 1. Neighbouring beats of a set are alike, which makes false alarms
    /// somewhat more frequent than this, hence a strict default.
    pub alpha: f64,
    /// Share of flagged beats beyond the expected one from which the verdict is [`super::Verdict::Copies`], 0 to 1;
    /// with fewer it is [`super::Verdict::Suspicious`].
    pub fail_share: f64,
    /// Similarity from which two beats are taken for one recording played twice. A copy with another gain or shift
    /// reaches 0.998, one under noise 20 dB below it about 0.98.
    pub same: f64,
    /// Share of held-out beats that are the same as a training beat from which the set is too repetitive to tell a copied
    /// beat from a repeated one, 0 to 1.
    pub repeats: f64,
    /// Similarity under which no beat is flagged, however far from the training set held-out beats are, 0 to 1: where these are of
    /// another style, beats of the same style are nearer without being copies.
    pub least: f64,
    /// Similarity from which a generated beat is near a recorded one even where held-out beats are nearer still, 0 to 1. A lower
    /// value finds more distorted copies and asks less of what it calls one.
    pub near: f64,
    /// Excess of generated beats whose nearest recorded beat was trained on, relative to the largest possible excess,
    /// from which they lean to the training set, 0 to 1.
    pub leaning: f64,
}

impl Default for AuditConfig {
    fn default() -> Self {
        Self {
            expected_share: 0.01,
            alpha: 0.001,
            fail_share: 0.05,
            same: 0.995,
            repeats: 0.1,
            least: 0.9,
            near: 0.85,
            leaning: 0.5,
        }
    }
}
