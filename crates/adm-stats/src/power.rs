//! Planning: how many answers a study needs.
//!
//! The power of an exact test is a sawtooth, so "the sample for 80 %" has two readings, and tables in print use either.
//! [`Size`] gives both. For α = .05, one-sided, and a truth of .55, .6, .65 or .7 power stays from 654, 169, 76 or 42
//! answers on, and is first reached at 620, 158, 69 or 37. For equivalence with a half within ± .05, .1 or .15 it stays
//! from 888, 227 or 100 on, and is first reached at 861, 214 or 96.

use rayon::prelude::*;

use crate::{Result, Sides, StatsError, binomial::rejection_of, check, discrete::Discrete};

/// The largest sample that a search considers.
pub const LIMIT: u64 = 1_000_000;

/// A test to be planned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Design {
    /// The probability of a hit by guessing, in (0, 1).
    pub chance: f64,
    /// The level of the test, in (0, 1).
    pub alpha: f64,
    /// Its sides.
    pub sides: Sides,
    /// The wanted probability of detecting the truth, in (0, 1); more needs more answers.
    pub power: f64,
}

impl Default for Design {
    /// Better than one of two, one-sided, alpha .05, power .8.
    fn default() -> Self {
        Self { chance: 0.5, alpha: 0.05, sides: Sides::Greater, power: 0.8 }
    }
}

impl Design {
    fn check(&self) -> Result<()> {
        check::open_unit("chance", self.chance)?;
        check::open_unit("alpha", self.alpha)?;
        check::open_unit("power", self.power)
    }

    fn bounds(&self, truth: f64, margin: f64) -> Result<(f64, f64)> {
        self.check()?;
        check::between("alpha", self.alpha, 0.0, 0.5, "between 0 and .5")?;
        check::between("margin", margin, 0.0, 1.0, "between 0 and 1")?;
        let (low, high) = (self.chance - margin, self.chance + margin);
        check::open_unit("the lower bound", low)?;
        check::open_unit("the upper bound", high)?;
        check::between("truth", truth, low, high, "inside the margin")?;
        Ok((low, high))
    }
}

/// A planned sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Answers, all independent: from here on the power stays at or above the wanted one.
    pub n: u64,
    /// The power at exactly that many.
    pub power: f64,
    /// The fewest answers that reach it. The power of an exact test is a sawtooth: a few more answers than this may have
    /// less, as the hits needed rise by one.
    pub fewest: u64,
}

/// The sample for the exact binomial test to detect a probability of `truth`, in [0, 1].
///
/// # Errors
/// [`crate::StatsError::OutOfRange`], [`crate::StatsError::Unreachable`].
pub fn sample_size(truth: f64, design: &Design) -> Result<Size> {
    check::unit("truth", truth)?;
    design.check()?;
    search(design, |n| tested(n, truth, design))
}

/// The power of the exact binomial test with `n` answers when the probability is `truth`. `design.power` is not used.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`].
pub fn power_at(n: u64, truth: f64, design: &Design) -> Result<f64> {
    check::unit("truth", truth)?;
    design.check()?;
    check_answers(n)?;
    Ok(tested(n, truth, design))
}

/// The sample for [`crate::equivalence::proportion`] to show equivalence within ± `margin` of `design.chance` when the
/// probability is `truth` (usually the chance itself). `design.sides` is not used.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] where the bounds leave (0, 1) or the truth lies outside them,
/// [`crate::StatsError::Unreachable`].
pub fn equivalence_size(truth: f64, margin: f64, design: &Design) -> Result<Size> {
    let bounds = design.bounds(truth, margin)?;
    search(design, |n| equivalent(n, truth, bounds, design.alpha))
}

/// A sample of persons who answer several times each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clustered {
    /// Persons.
    pub persons: u64,
    /// Their answers.
    pub answers: u64,
    /// By how much clustering inflates the number of answers.
    pub design_effect: f64,
}

/// The persons that give as much information as `n` independent answers, if each gives `per_person` answers (≥ 1) with
/// an intraclass correlation of `icc`, in [0, 1]: n · (1 + (m − 1) · ICC), rounded up to whole persons (Kish 1965).
///
/// # Errors
/// [`crate::StatsError::OutOfRange`].
pub fn with_clusters(n: u64, per_person: u64, icc: f64) -> Result<Clustered> {
    let design_effect = check_clusters(per_person, icc)?;
    check_answers(n)?;
    // Rounding must not ask for one person more.
    let persons = (n as f64 * design_effect / per_person as f64 - 1e-9).ceil() as u64;
    Ok(Clustered { persons, answers: persons.saturating_mul(per_person), design_effect })
}

/// The independent answers that `answers` of persons with `per_person` each are worth.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`].
pub fn effective_n(answers: u64, per_person: u64, icc: f64) -> Result<f64> {
    Ok(answers as f64 / check_clusters(per_person, icc)?)
}

/// Outcomes rarer than this, relative to the most probable, change no power that anyone reads.
const NEGLIGIBLE: f64 = 1e-25;

fn check_answers(n: u64) -> Result<()> {
    check::at_least("answers", 1, n)?;
    if n > LIMIT {
        return Err(StatsError::OutOfRange { what: "answers", value: n as f64, range: "at most 1,000,000" });
    }
    Ok(())
}

fn check_clusters(per_person: u64, icc: f64) -> Result<f64> {
    check::at_least("answers a person", 1, per_person)?;
    check::unit("icc", icc)?;
    Ok(1.0 + (per_person as f64 - 1.0) * icc)
}

fn outcomes(n: u64, p: f64) -> Discrete {
    Discrete::binomial_down_to(n, p, NEGLIGIBLE)
}

/// The probability that `n` answers reject chance.
fn tested(n: u64, truth: f64, design: &Design) -> f64 {
    let region = rejection_of(&outcomes(n, design.chance), n, design.alpha, design.sides);
    let truth = outcomes(n, truth);
    region.at_most.map_or(0.0, |k| truth.at_most(k)) + region.at_least.map_or(0.0, |k| truth.at_least(k))
}

/// The probability that `n` answers reject both bounds.
fn equivalent(n: u64, truth: f64, (low, high): (f64, f64), alpha: f64) -> f64 {
    let from = rejection_of(&outcomes(n, low), n, alpha, Sides::Greater).at_least;
    let to = rejection_of(&outcomes(n, high), n, alpha, Sides::Less).at_most;
    let truth = outcomes(n, truth);
    match (from, to) {
        (Some(from), Some(to)) if from <= to => {
            let outside = from.checked_sub(1).map_or(0.0, |k| truth.at_most(k)) + truth.at_least(to + 1);
            (1.0 - outside).max(0.0)
        }
        _ => 0.0,
    }
}

/// Where a power that rises as a sawtooth first reaches, and from where on it keeps, the wanted one. Doubling and
/// halving find one crossing; all others lie around it, in a window that is widened until its ends are clear.
fn search(design: &Design, power: impl Fn(u64) -> f64 + Sync) -> Result<Size> {
    let enough = |n: u64| power(n) >= design.power;
    let middle = crossing(design, enough)?;
    let teeth = 3.0 / design.chance.min(1.0 - design.chance);
    let mut reach = (200.0 + 12.0 * (middle as f64).sqrt() + teeth) as u64;
    loop {
        let from = middle.saturating_sub(reach).max(1);
        let window: Vec<bool> = (from..=middle + reach).into_par_iter().map(enough).collect();
        let first = window.iter().position(|enough| *enough).unwrap_or(0);
        let last = window.iter().rposition(|enough| !enough).map_or(0, |last| last + 1);
        let clear_low = from == 1 || first > window.len() / 8;
        if clear_low && last < window.len() - window.len() / 8 {
            let n = from + last as u64;
            return Ok(Size { n, power: power(n), fewest: from + first as u64 });
        }
        if middle + reach > LIMIT {
            return Err(StatsError::Unreachable { power: design.power, limit: LIMIT });
        }
        reach *= 2;
    }
}

/// Some number of answers that has the power while one fewer has not, or 1.
fn crossing(design: &Design, enough: impl Fn(u64) -> bool) -> Result<u64> {
    let mut high = 1;
    while !enough(high) {
        if high >= LIMIT {
            return Err(StatsError::Unreachable { power: design.power, limit: LIMIT });
        }
        high = (high * 2).min(LIMIT);
    }
    let mut low = high / 2;
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(high)
}
