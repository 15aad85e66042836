//! Signal detection: how far apart two kinds of sound are to a listener, freed of the listener's leaning.

use std::{f64::consts::SQRT_2, fmt};

use crate::{
    Result, check,
    special::{bisect, normal_density, normal_lower, normal_quantile},
};

/// Where the search for d′ of ABX ends: above it a miss is less likely than 1e-15.
const ABX_LIMIT: f64 = 20.0;

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
    let signals = counts.hits.saturating_add(counts.misses);
    let noises = counts.false_alarms.saturating_add(counts.correct_rejections);
    check::at_least("generated sounds", 1, signals)?;
    check::at_least("human sounds", 1, noises)?;
    let (hit, alarm) = (corrected(counts.hits, signals), corrected(counts.false_alarms, noises));
    let (z_hit, z_alarm) = (normal_quantile(hit), normal_quantile(alarm));
    Ok(YesNo {
        d_prime: z_hit - z_alarm,
        standard_error: (z_variance(hit, signals) + z_variance(alarm, noises)).sqrt(),
        criterion: -(z_hit + z_alarm) / 2.0,
        hit_rate: hit,
        false_alarm_rate: alarm,
        correction: Correction::LogLinear,
        n: signals.saturating_add(noises),
    })
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
    choice(correct, n, |p| SQRT_2 * normal_quantile(p))
}

/// d′ of ABX by the independent-observation rule: p = Φ(d′/√2) Φ(d′/2) + Φ(−d′/√2) Φ(−d′/2) (Macmillan & Creelman 2005,
/// eq. 9.9), solved for d′ with p = (correct + ½) / (n + 1). The rule has no solution below half: d′ is 0 there.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] where `n` is 0 or `correct > n`.
pub fn abx(correct: u64, n: u64) -> Result<Choice> {
    choice(correct, n, |p| if p <= 0.5 { 0.0 } else { bisect(0.0, ABX_LIMIT, |d| abx_proportion(d) - p) })
}

fn choice(correct: u64, n: u64, d_prime: impl Fn(f64) -> f64) -> Result<Choice> {
    check::hits(correct, n)?;
    let proportion = corrected(correct, n);
    Ok(Choice { d_prime: d_prime(proportion), proportion, correction: Correction::LogLinear, n })
}

/// The proportion of correct ABX answers at `d_prime`.
fn abx_proportion(d_prime: f64) -> f64 {
    let (apart, same) = (d_prime / SQRT_2, d_prime / 2.0);
    normal_lower(apart) * normal_lower(same) + normal_lower(-apart) * normal_lower(-same)
}

fn corrected(count: u64, n: u64) -> f64 {
    (count as f64 + 0.5) / (n as f64 + 1.0)
}

/// The variance of z of a rate by the delta method.
fn z_variance(rate: f64, n: u64) -> f64 {
    rate * (1.0 - rate) / (n as f64 * normal_density(normal_quantile(rate)).powi(2))
}
