//! Two one-sided tests: evidence that listeners can *not* tell, against a margin fixed beforehand.
//!
//! A test that finds no difference says nothing of the kind. Only an interval inside the margin does (Schuirmann 1987).

use std::fmt;

use adm_core::Seeds;

use crate::{
    Interval, Result, Sides, binomial,
    bootstrap::{Plan, Record},
    check,
    proportion::{self, clopper_pearson},
};

/// What the two one-sided tests and the test of difference say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Inside the margin, and no difference found.
    Equivalent,
    /// A difference found, though one inside the margin.
    DifferentWithinMargin,
    /// A difference found, and not shown to lie inside the margin.
    Different,
    /// Neither shown.
    Inconclusive,
}

impl Verdict {
    fn of(equivalent: bool, different: bool) -> Self {
        match (equivalent, different) {
            (true, false) => Self::Equivalent,
            (true, true) => Self::DifferentWithinMargin,
            (false, true) => Self::Different,
            (false, false) => Self::Inconclusive,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equivalent => "equivalent within the margin",
            Self::DifferentWithinMargin => "different, by less than the margin",
            Self::Different => "different",
            Self::Inconclusive => "inconclusive: neither a difference nor equivalence is shown",
        })
    }
}

/// How equivalence was tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// [`proportion()`].
    ExactBinomial,
    /// [`clustered`].
    Clustered(proportion::Basis),
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExactBinomial => f.write_str("two one-sided exact binomial tests"),
            Self::Clustered(basis) => write!(f, "{basis}"),
        }
    }
}

/// What is compared with what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// The value that stands for "no difference": .5 for a choice of two.
    pub centre: f64,
    /// The largest deviation that counts as none, above 0. A larger one makes equivalence easier to show, and worth less.
    pub half_width: f64,
    /// The level of each one-sided test, in (0, .5).
    pub alpha: f64,
}

impl Margin {
    /// Both bounds, checked.
    fn bounds(&self) -> Result<(f64, f64)> {
        check::finite("the margin's centre", &[self.centre])?;
        check::between("the margin", self.half_width, 0.0, f64::INFINITY, "above 0")?;
        check::between("alpha", self.alpha, 0.0, 0.5, "between 0 and .5")?;
        Ok((self.centre - self.half_width, self.centre + self.half_width))
    }

    fn decided(self, estimate: f64, interval: Interval, outside: f64, equal: f64, basis: Basis, n: u64) -> Equivalence {
        let verdict = Verdict::of(outside <= self.alpha, equal <= self.alpha);
        let (p_equivalence, p_difference) = (Some(outside), Some(equal));
        Equivalence { verdict, estimate, interval, p_equivalence, p_difference, margin: self, basis, n }
    }
}

/// The outcome of a test of equivalence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equivalence {
    /// The verdict at the margin's alpha.
    pub verdict: Verdict,
    /// The proportion.
    pub estimate: f64,
    /// Its interval at 1 − 2 alpha: the one to compare with the margin.
    pub interval: Interval,
    /// The larger p-value of both one-sided tests; `None` for clustered records, where the interval decides.
    pub p_equivalence: Option<f64>,
    /// The two-sided p-value of a difference from the centre; `None` for clustered records.
    pub p_difference: Option<f64>,
    /// What it was compared with.
    pub margin: Margin,
    /// How.
    pub basis: Basis,
    /// Answers.
    pub n: u64,
}

/// Equivalence of a proportion with the margin's centre, by exact binomial tests at both bounds. The interval is
/// Clopper and Pearson's, which lies within the bounds exactly where both tests reject.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] where the bounds leave (0, 1), and as [`crate::binomial::exact`].
pub fn proportion(hits: u64, n: u64, margin: Margin) -> Result<Equivalence> {
    let (low, high) = margin.bounds()?;
    check::open_unit("the lower bound", low)?;
    check::open_unit("the upper bound", high)?;
    let above = binomial::exact(hits, n, low, Sides::Greater)?.p;
    let below = binomial::exact(hits, n, high, Sides::Less)?.p;
    let different = binomial::exact(hits, n, margin.centre, Sides::Two)?.p;
    let interval = clopper_pearson(hits, n, 1.0 - 2.0 * margin.alpha)?;
    Ok(margin.decided(hits as f64 / n as f64, interval, above.max(below), different, Basis::ExactBinomial, n))
}

/// Equivalence of the share of hits of clustered records: equivalent where the 1 − 2 alpha interval of
/// [`crate::proportion::clustered`] lies within the margin, different where the 1 − alpha interval misses the centre.
/// `plan.level` is not used.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] for the margin, and as [`crate::proportion::clustered`].
pub fn clustered(
    records: &[Record],
    kinds: &[usize],
    margin: Margin,
    plan: &Plan,
    seeds: Seeds,
) -> Result<Equivalence> {
    let (low, high) = margin.bounds()?;
    let at = |level| proportion::clustered(records, kinds, &Plan { level, ..*plan }, seeds);
    let narrow = at(1.0 - 2.0 * margin.alpha)?;
    let different = !at(1.0 - margin.alpha)?.interval.contains(margin.centre);
    Ok(Equivalence {
        verdict: Verdict::of(narrow.interval.lies_within(low, high), different),
        estimate: narrow.value,
        interval: narrow.interval,
        p_equivalence: None,
        p_difference: None,
        margin,
        basis: Basis::Clustered(narrow.basis),
        n: narrow.n,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARGIN: Margin = Margin { centre: 0.5, half_width: 0.1, alpha: 0.05 };

    #[test]
    fn each_verdict_has_its_case() {
        let verdict = |hits, n| proportion(hits, n, MARGIN).unwrap().verdict;
        assert_eq!(verdict(500, 1_000), Verdict::Equivalent);
        assert_eq!(verdict(5_300, 10_000), Verdict::DifferentWithinMargin);
        assert_eq!(verdict(700, 1_000), Verdict::Different);
        assert_eq!(verdict(10, 20), Verdict::Inconclusive);
    }

    /// Exactly half of 20 shows nothing, and the words must not say otherwise.
    #[test]
    fn nothing_found_is_not_called_equal() {
        let found = proportion(10, 20, MARGIN).unwrap();
        assert!(found.p_difference > Some(0.9) && found.p_equivalence > Some(0.2));
        let words = found.verdict.to_string();
        assert!(words.starts_with("inconclusive") && !words.contains("equal"), "{words}");
    }

    /// The Clopper–Pearson interval at 1 − 2 alpha lies within the bounds exactly where both tests reject.
    #[test]
    fn interval_and_tests_agree() {
        for n in [20, 96, 214, 700] {
            for hits in 0..=n {
                let found = proportion(hits, n, MARGIN).unwrap();
                let inside = found.interval.lies_within(0.4, 0.6);
                assert_eq!(inside, found.p_equivalence <= Some(0.05), "{hits} of {n}");
            }
        }
    }
}
