//! Intervals of a proportion.

use std::fmt;

use crate::{Interval, Result};

/// How an interval of a proportion is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// [`wilson`].
    Wilson,
    /// [`clopper_pearson`].
    ClopperPearson,
    /// [`wald`].
    Wald,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wilson => "Wilson",
            Self::ClopperPearson => "Clopper–Pearson",
            Self::Wald => "Wald",
        })
    }
}

/// The interval of `kind` of the proportion `hits / n` at `level`, in (0, 1).
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] where `hits > n`, `n` is 0 or the level is none.
pub fn interval(kind: Kind, hits: u64, n: u64, level: f64) -> Result<Interval> {
    match kind {
        Kind::Wilson => wilson(hits, n, level),
        Kind::ClopperPearson => clopper_pearson(hits, n, level),
        Kind::Wald => wald(hits, n, level),
    }
}

/// Wilson's score interval (Wilson 1927, without continuity correction): the proportions that a two-sided z test does
/// not reject. Its coverage is near the level on average even for few answers; the one to show by default.
///
/// # Errors
/// See [`interval`].
pub fn wilson(hits: u64, n: u64, level: f64) -> Result<Interval> {
    todo!()
}

/// Clopper and Pearson's exact interval (1934): its coverage is never below the level, so it is wider.
///
/// # Errors
/// See [`interval`].
pub fn clopper_pearson(hits: u64, n: u64, level: f64) -> Result<Interval> {
    todo!()
}

/// Wald's interval p ± z √(p(1−p)/n), clipped to [0, 1]: what most packages print, document 002's tables among them.
/// Its coverage falls far below the level for few answers or proportions near 0 and 1 (Brown, Cai & DasGupta 2001).
///
/// # Errors
/// See [`interval`].
pub fn wald(hits: u64, n: u64, level: f64) -> Result<Interval> {
    todo!()
}
