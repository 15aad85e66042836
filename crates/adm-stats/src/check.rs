//! What inputs must fulfil.

use crate::{Result, StatsError};

/// `value` strictly between `low` and `high`, which `range` says in words.
pub(crate) fn between(what: &'static str, value: f64, low: f64, high: f64, range: &'static str) -> Result<()> {
    if value > low && value < high { Ok(()) } else { Err(StatsError::OutOfRange { what, value, range }) }
}

/// A probability that is neither 0 nor 1.
pub(crate) fn open_unit(what: &'static str, value: f64) -> Result<()> {
    between(what, value, 0.0, 1.0, "between 0 and 1")
}

/// A probability.
pub(crate) fn unit(what: &'static str, value: f64) -> Result<()> {
    if (0.0..=1.0).contains(&value) { Ok(()) } else { Err(StatsError::OutOfRange { what, value, range: "in 0..=1" }) }
}

/// At least `expected` of something.
pub(crate) fn at_least(what: &'static str, expected: u64, actual: u64) -> Result<()> {
    if actual >= expected { Ok(()) } else { Err(StatsError::TooFew { what, expected, actual }) }
}

/// A size that must be `expected`.
pub(crate) fn shape(what: &'static str, expected: usize, actual: usize) -> Result<()> {
    if actual == expected {
        Ok(())
    } else {
        Err(StatsError::WrongShape { what, expected: expected as u64, actual: actual as u64 })
    }
}

/// Values without NaN and infinities.
pub(crate) fn finite(what: &'static str, values: &[f64]) -> Result<()> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(index) => Err(StatsError::NotFinite { what, index }),
    }
}

/// Hits among at least one answer.
pub(crate) fn hits(hits: u64, n: u64) -> Result<()> {
    if n == 0 {
        Err(StatsError::TooFew { what: "answers", expected: 1, actual: 0 })
    } else if hits > n {
        Err(StatsError::OutOfRange { what: "hits", value: hits as f64, range: "at most the number of answers" })
    } else {
        Ok(())
    }
}

/// A finite outcome: sums of huge values may overflow although each value is finite.
pub(crate) fn sound(what: &'static str, value: f64) -> Result<f64> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(StatsError::OutOfRange { what, value, range: "small enough to be added up" })
    }
}
