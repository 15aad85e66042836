//! The exact binomial test.

use crate::{Effect, EffectKind, Method, Result, Sides, StatsError, Test, check, discrete::Discrete};

/// The largest number of answers, so that a mistyped count cannot ask for all memory.
pub const MAX_TRIALS: u64 = 1_000_000_000;

/// Tests whether `hits` of `n` independent answers fit a probability of `chance`.
///
/// One-sided p-values are tails of the binomial distribution. The two-sided one adds up all outcomes that are no more
/// probable than the observed one, with a tolerance of 1e-7 for equal ones, as R's `binom.test` and
/// `scipy.stats.binomtest` do (the "method of small p-values").
///
/// # Arguments
/// `chance` in (0, 1): .5 for "which of the two". `n` in 1..=[`MAX_TRIALS`], `hits` in 0..=n.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`] for any of them.
pub fn exact(hits: u64, n: u64, chance: f64, sides: Sides) -> Result<Test> {
    check(n, chance)?;
    check::hits(hits, n)?;
    let p = p_value(&Discrete::binomial(n, chance), hits, sides);
    let above = hits as f64 / n as f64 - chance;
    Ok(Test {
        method: Method::ExactBinomial,
        sides,
        statistic: hits as f64,
        freedom: None,
        p,
        n,
        effect: Some(Effect { kind: EffectKind::AboveChance, value: above }),
        notes: Vec::new(),
    })
}

/// The counts at which [`exact`] gives p ≤ alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejection {
    /// Rejects at this many hits and fewer; `None` where no count is few enough.
    pub at_most: Option<u64>,
    /// Rejects at this many hits and more; `None` where no count is enough.
    pub at_least: Option<u64>,
}

/// The counts of hits among `n` answers at which [`exact`] rejects `chance` at level `alpha`, in (0, 1).
///
/// # Errors
/// [`crate::StatsError::OutOfRange`].
pub fn rejection(n: u64, chance: f64, alpha: f64, sides: Sides) -> Result<Rejection> {
    check(n, chance)?;
    check::open_unit("alpha", alpha)?;
    Ok(rejection_of(&Discrete::binomial(n, chance), n, alpha, sides))
}

/// The fewest hits among `n` that are significantly more than chance; `None` where even `n` hits are not.
///
/// # Errors
/// [`crate::StatsError::OutOfRange`].
pub fn hits_needed(n: u64, chance: f64, alpha: f64, sides: Sides) -> Result<Option<u64>> {
    Ok(rejection(n, chance, alpha, sides)?.at_least)
}

/// The rejection region for answers that follow `null` under the null hypothesis.
pub(crate) fn rejection_of(null: &Discrete, n: u64, alpha: f64, sides: Sides) -> Rejection {
    let p = |k| p_value(null, k, sides);
    Rejection {
        at_most: if sides == Sides::Greater { None } else { null.last_below(alpha, p) },
        at_least: if sides == Sides::Less { None } else { null.first_above(n, alpha, p) },
    }
}

fn p_value(null: &Discrete, hits: u64, sides: Sides) -> f64 {
    match sides {
        Sides::Greater => null.at_least(hits),
        Sides::Less => null.at_most(hits),
        Sides::Two => null.as_rare_as(hits),
    }
}

fn check(n: u64, chance: f64) -> Result<()> {
    check::open_unit("chance", chance)?;
    check::at_least("answers", 1, n)?;
    if n > MAX_TRIALS {
        return Err(StatsError::OutOfRange { what: "answers", value: n as f64, range: "at most 1,000,000,000" });
    }
    Ok(())
}
