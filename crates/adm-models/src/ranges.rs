//! Whether settings are in their ranges.

use crate::ModelError;

/// The error of a setting that is not.
pub(crate) fn refused(key: &'static str, allowed: String, got: impl ToString) -> ModelError {
    ModelError::Setting { key, allowed, got: got.to_string() }
}

/// A configuration has to say which family it is of.
pub(crate) fn named(expected: &'static str, family: &str) -> Result<(), ModelError> {
    if family == expected { Ok(()) } else { Err(refused("family", expected.to_owned(), family)) }
}

/// A number of things.
pub(crate) fn count(key: &'static str, got: usize, low: usize, high: usize) -> Result<(), ModelError> {
    if (low..=high).contains(&got) { Ok(()) } else { Err(refused(key, format!("between {low} and {high}"), got)) }
}

/// A quantity.
pub(crate) fn within(key: &'static str, got: f64, low: f64, high: f64) -> Result<(), ModelError> {
    if (low..=high).contains(&got) { Ok(()) } else { Err(refused(key, format!("between {low} and {high}"), got)) }
}
