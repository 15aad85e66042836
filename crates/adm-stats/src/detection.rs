//! Signal detection: how far apart two kinds of sound are to a listener, freed of the listener's leaning.

use std::fmt;

use crate::Result;

/// How rates of 0 and 1, which have no finite z, are kept away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Correction {
    /// Half a hit and half a miss are added to every rate, whether extreme or not (Hautus 1995).
    LogLinear,
}

impl fmt::Display for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("log-linear correction (Hautus 1995)")
    }
}

/// Answers to "is this generated?", counted by truth and answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Generated, and called so.
    pub hits: u64,
    /// Generated, but called human.
    pub misses: u64,
    /// Human, but called generated.
    pub false_alarms: u64,
    /// Human, and called so.
    pub correct_rejections: u64,
}

/// Sensitivity and leaning of [`yes_no`] answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YesNo {
    /// d′: 0 is no discrimination, 1 about 69 % correct without leaning, above 4 near perfect.
    pub d_prime: f64,
    /// The standard error of d′ (Gourevitch & Galanter 1967).
    pub standard_error: f64,
    /// c: 0 is no leaning; positive leans to "human", negative to "generated".
    pub criterion: f64,
    /// The corrected rate of hits.
    pub hit_rate: f64,
    /// The corrected rate of false alarms.
    pub false_alarm_rate: f64,
    /// The correction, to be named beside the figures.
    pub correction: Correction,
    /// Answers.
    pub n: u64,
}

/// d′ and criterion of yes/no answers: d′ = z(H) − z(F), c = −(z(H) + z(F)) / 2 with H = (hits + ½) / (signals + 1) and
/// F likewise (Macmillan & Creelman 2005, eqs. 1.5 and 2.1; Hautus 1995).
///
/// # Errors
/// [`crate::StatsError::TooFew`] without any generated or any human sound.
pub fn yes_no(counts: Counts) -> Result<YesNo> {
    todo!()
}

/// Sensitivity of answers in a forced choice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// d′, in the same unit as that of [`yes_no`].
    pub d_prime: f64,
    /// The corrected proportion of correct answers that it stands for.
    pub proportion: f64,
    /// The correction.
    pub correction: Correction,
    /// Answers.
    pub n: u64,
}

/// d′ of two-alternative forced choice: √2 z(p), p = (correct + ½) / (n + 1) (Macmillan & Creelman 2005, eq. 7.2).
/// Negative below half.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] where `n` is 0 or `correct > n`.
pub fn two_alternative(correct: u64, n: u64) -> Result<Choice> {
    todo!()
}

/// d′ of ABX by the independent-observation rule: p = Φ(d′/√2) Φ(d′/2) + Φ(−d′/√2) Φ(−d′/2) (Macmillan & Creelman 2005,
/// eq. 9.9), solved for d′ with p = (correct + ½) / (n + 1). The rule has no solution below half: d′ is 0 there.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] where `n` is 0 or `correct > n`.
pub fn abx(correct: u64, n: u64) -> Result<Choice> {
    todo!()
}
