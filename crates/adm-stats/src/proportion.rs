//! Intervals of a proportion.

use std::fmt;

use crate::{
    Interval, Result, check,
    special::{beta_lower_quantile, normal_quantile},
};

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
    let z = check_and_z(hits, n, level)?;
    let (n, share) = (n as f64, hits as f64 / n as f64);
    let scale = 1.0 + z * z / n;
    let centre = (share + z * z / (2.0 * n)) / scale;
    let half = z / scale * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    Ok(clipped(centre - half, centre + half, level))
}

/// Clopper and Pearson's exact interval (1934): its coverage is never below the level, so it is wider.
///
/// # Errors
/// See [`interval`].
pub fn clopper_pearson(hits: u64, n: u64, level: f64) -> Result<Interval> {
    check_and_z(hits, n, level)?;
    let tail = (1.0 - level) / 2.0;
    let (yes, no) = (hits as f64, (n - hits) as f64);
    // The upper end is 1 less the lower end of the misses: what is computed is always the smaller tail.
    let low = if hits == 0 { 0.0 } else { beta_lower_quantile(tail, yes, no + 1.0) };
    let high = if hits == n { 1.0 } else { 1.0 - beta_lower_quantile(tail, no, yes + 1.0) };
    Ok(clipped(low, high, level))
}

/// Wald's interval p ± z √(p(1−p)/n), clipped to [0, 1]: what most packages print, document 002's tables among them.
/// Its coverage falls far below the level for few answers or proportions near 0 and 1 (Brown, Cai & DasGupta 2001).
///
/// # Errors
/// See [`interval`].
pub fn wald(hits: u64, n: u64, level: f64) -> Result<Interval> {
    let z = check_and_z(hits, n, level)?;
    let share = hits as f64 / n as f64;
    let half = z * (share * (1.0 - share) / n as f64).sqrt();
    Ok(clipped(share - half, share + half, level))
}

fn check_and_z(hits: u64, n: u64, level: f64) -> Result<f64> {
    check::hits(hits, n)?;
    check::open_unit("level", level)?;
    Ok(-normal_quantile((1.0 - level) / 2.0))
}

fn clipped(low: f64, high: f64, level: f64) -> Interval {
    Interval { low: low.max(0.0), high: high.min(1.0), level }
}
