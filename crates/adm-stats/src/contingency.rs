//! Cross-tabulations: does one answer depend on another?
//!
//! A table is a slice of rows of counts, all of one length.

use adm_core::Seeds;

use crate::{Result, Sides, Test};

/// Tables that [`independence`] draws where it draws any.
pub const RESAMPLES: u32 = 10_000;

/// A test of independence with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Independence {
    /// The test; its effect is Cramér's V.
    pub test: Test,
    /// Cramér's V, in [0, 1]; overestimates in small tables.
    pub cramers_v: f64,
    /// Cramér's V with Bergsma's correction (2013), in [0, 1].
    pub cramers_v_corrected: f64,
    /// The smallest expected count, in answers.
    pub smallest_expected: f64,
}

/// Tests independence by the method that the counts allow: Pearson's χ² where Cochran's rule holds (1954: no expected
/// count below 1 and at most a fifth below 5), else Fisher's exact test for 2 × 2, else Monte Carlo with fixed margins.
/// A 2 × 2 table must have all expected counts ≥ 5 for χ². Empty rows and columns are left out, and a note says so.
///
/// # Errors
/// [`crate::StatsError::NoVariation`] where fewer than two rows or columns hold a count; see [`pearson`].
pub fn independence<R: AsRef<[u64]>>(table: &[R], seeds: Seeds) -> Result<Independence> {
    todo!()
}

/// Pearson's χ² test without continuity correction.
///
/// # Errors
/// [`crate::StatsError::WrongShape`] for rows of unequal length, [`crate::StatsError::TooFew`] below 2 × 2,
/// [`crate::StatsError::NoVariation`] for an empty row or column.
pub fn pearson<R: AsRef<[u64]>>(table: &[R]) -> Result<Test> {
    todo!()
}

/// Fisher's exact test of a 2 × 2 table. Two-sided: all tables with these margins that are no more probable, as R's
/// `fisher.test`. The statistic is the sample's odds ratio ad / bc, infinite where bc is 0.
///
/// # Errors
/// [`crate::StatsError::NoVariation`] for an empty row or column.
pub fn fisher(table: [[u64; 2]; 2], sides: Sides) -> Result<Test> {
    todo!()
}

/// The χ² test with its p-value from `resamples` tables drawn with both margins fixed: (b + 1) / (B + 1), where b tables
/// of B have as large a χ² (Hope 1968; as R's `chisq.test(simulate.p.value = TRUE)`). Draws from the streams
/// "contingency", one a table.
///
/// # Errors
/// See [`pearson`]; [`crate::StatsError::OutOfRange`] without resamples.
pub fn monte_carlo<R: AsRef<[u64]>>(table: &[R], resamples: u32, seeds: Seeds) -> Result<Test> {
    todo!()
}

/// Cramér's V: √(χ² / (n (min(r, c) − 1))).
///
/// # Errors
/// See [`pearson`].
pub fn cramers_v<R: AsRef<[u64]>>(table: &[R]) -> Result<f64> {
    todo!()
}

/// Cramér's V with Bergsma's bias correction (2013, J. Korean Stat. Soc. 42).
///
/// # Errors
/// See [`pearson`].
pub fn cramers_v_corrected<R: AsRef<[u64]>>(table: &[R]) -> Result<f64> {
    todo!()
}
