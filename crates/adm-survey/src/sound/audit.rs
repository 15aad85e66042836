//! What would tell truths apart without listening.

use crate::study::Bandwidth;

/// A stimulus to be audited. Copies of one sound should come once, anchors not at all.
#[derive(Debug, Clone, Copy)]
pub struct Audited<'a> {
    /// What it is.
    pub truth: &'a str,
    /// Its WAV file.
    pub wav: &'a [u8],
}

/// Something that tells truths apart without listening.
#[derive(Debug, Clone, PartialEq)]
pub struct Leak {
    /// How bad it is.
    pub severity: Severity,
    /// What was measured, with its unit.
    pub feature: &'static str,
    /// The truths that it tells apart, and the range of each.
    pub ranges: [(String, [f64; 2]); 2],
    /// The probability of a separation like it where truth has nothing to do with it.
    pub p: f64,
    /// What of the study mends it.
    pub mend: String,
}

/// How bad a leak is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Music differs in it; a listener may hear it too.
    Note,
    /// It should be looked at.
    Warning,
    /// The test is not blind.
    Error,
}

/// What would tell truths apart without listening.
pub fn audit(stimuli: &[Audited<'_>], bandwidth: Bandwidth) -> Vec<Leak> {
    let _ = (stimuli, bandwidth);
    todo!()
}
