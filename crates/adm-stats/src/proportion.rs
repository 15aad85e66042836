//! Intervals of a proportion.

use std::fmt;

use adm_core::Seeds;

use crate::{
    Interval, Result, StatsError,
    bootstrap::{self, Answers, Draw, Plan, Record},
    check,
    special::{beta_lower_quantile, normal_quantile, t_quantile},
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
    Ok(beta_interval(hits as f64, n as f64, level))
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

/// The share of right answers of clustered records, all kinds alike, with an interval for other persons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clustered {
    /// The mean of the kinds' shares.
    pub value: f64,
    /// Its interval, within 0 and 1.
    pub interval: Interval,
    /// How it was computed.
    pub basis: Basis,
    /// Answers.
    pub n: u64,
    /// Persons.
    pub persons: u64,
}

/// How [`clustered`] found its interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// [`bootstrap::balanced`], of persons.
    Bootstrap {
        /// Resamples that entered.
        resamples: u32,
    },
    /// Clopper and Pearson's interval of the effective number of answers (Korn & Graubard 1998): the bootstrap has no end.
    EffectiveSample,
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bootstrap { resamples } => write!(f, "studentised bootstrap of persons, {resamples} resamples"),
            Self::EffectiveSample => f.write_str("Clopper–Pearson of the effective number of answers"),
        }
    }
}

/// The share of hits (records of 1 and 0) with an interval at `plan.level` for other persons: the studentised bootstrap of
/// persons, and where that has no end, because all or nearly all persons answer alike, an interval of the effective number of answers
/// ([`Basis::EffectiveSample`]).
///
/// 95 % intervals of 20 answers a person miss the truth in so many percent of 1,000 studies (± .7; `examples/ceiling.rs`):
///
/// | persons | ICC | .5 right | .7 | .9 | .95 | .99 | .999 |
/// |---|---|---|---|---|---|---|---|
/// | 3 | 0 | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 |
/// | 6 | 0 | 5.0 | 4.5 | 3.9 | 5.8 | 0.2 | 0.0 |
/// | 10 | 0 | 5.1 | 4.6 | 4.8 | 5.7 | 0.3 | 0.1 |
/// | 20 | 0 | 5.0 | 4.6 | 4.6 | 5.2 | 1.1 | 1.1 |
/// | 60 | 0 | 6.4 | 5.2 | 5.8 | 4.6 | 3.4 | 1.1 |
/// | 3 | .05 | 0.0 | 0.0 | 0.1 | 0.0 | 0.0 | 0.0 |
/// | 6 | .05 | 4.4 | 5.7 | 4.3 | 4.4 | 0.0 | 0.1 |
/// | 10 | .05 | 3.6 | 6.1 | 3.8 | 5.8 | 0.4 | 0.5 |
/// | 20 | .05 | 4.8 | 4.8 | 4.9 | 5.6 | 1.1 | 1.0 |
/// | 60 | .05 | 5.0 | 6.1 | 5.4 | 6.2 | 5.1 | 1.1 |
/// | 3 | .2 | 1.4 | 0.4 | 0.2 | 0.0 | 0.0 | 0.0 |
/// | 6 | .2 | 3.9 | 4.9 | 6.4 | 1.6 | 0.1 | 0.2 |
/// | 10 | .2 | 2.9 | 4.3 | 5.7 | 9.0 | 0.1 | 0.2 |
/// | 20 | .2 | 3.3 | 4.3 | 5.0 | 6.6 | 0.4 | 0.8 |
/// | 60 | .2 | 5.1 | 5.2 | 5.4 | 4.8 | 11.8 | 0.7 |
///
/// # Arguments
/// `kinds` as in [`bootstrap::balanced`]; `plan.draw` and `plan.ends` are not used.
///
/// # Errors
/// As [`bootstrap::balanced`], less [`StatsError::NoVariation`] and [`StatsError::Unsteady`];
/// [`StatsError::OutOfRange`] for a value other than 0 and 1.
pub fn clustered(records: &[Record], kinds: &[usize], plan: &Plan, seeds: Seeds) -> Result<Clustered> {
    if let Some(odd) = records.iter().find(|record| record.value != 0.0 && record.value != 1.0) {
        return Err(StatsError::OutOfRange { what: "an answer", value: odd.value, range: "1 or 0" });
    }
    let plan = Plan { draw: Draw::Persons, ends: bootstrap::Ends::Studentised, ..*plan };
    let answers = Answers::of_kinds(records, kinds)?;
    let (interval, basis) = match bootstrap::balanced(records, kinds, &plan, seeds) {
        Ok(found) => {
            let Interval { low, high, level } = found.interval;
            (clipped(low, high, level), Basis::Bootstrap { resamples: found.resamples })
        }
        Err(StatsError::NoVariation { .. } | StatsError::Unsteady { .. }) => {
            (effective(&answers, plan.level)?, Basis::EffectiveSample)
        }
        Err(error) => return Err(error),
    };
    Ok(Clustered { value: answers.mean, interval, basis, n: records.len() as u64, persons: answers.persons as u64 })
}

/// [`Basis::EffectiveSample`] (Korn & Graubard 1998, "Confidence intervals for proportions with small expected number of
/// positive counts estimated from survey data"). The effective number of answers is p (1 − p) / the variance by
/// persons, times (z / t)² for the few persons that it is estimated from, at most the answers that there are. Where all answers
/// are right, or all wrong, nothing can be estimated, and each person counts as one answer.
fn effective(answers: &Answers, level: f64) -> Result<Interval> {
    let (share, persons) = (answers.mean.clamp(0.0, 1.0), answers.persons as f64);
    if share <= answers.rounding() || share >= 1.0 - answers.rounding() {
        return Ok(beta_interval(share.round() * persons, persons, level));
    }
    let n = answers.len() as f64;
    let error = bootstrap::error_by_persons(answers);
    let worth = if error <= answers.rounding() { n } else { (share * (1.0 - share) / error.powi(2)).min(n) };
    let tail = (1.0 - level) / 2.0;
    let worth = worth * (normal_quantile(tail) / t_quantile(tail, persons - 1.0)).powi(2);
    Ok(beta_interval(share * worth, worth, level))
}

/// Clopper and Pearson's interval of numbers that need not be whole.
fn beta_interval(yes: f64, n: f64, level: f64) -> Interval {
    let (tail, no) = ((1.0 - level) / 2.0, n - yes);
    // The upper end is 1 less the lower end of the misses: what is computed is always the smaller tail.
    let low = if yes <= 0.0 { 0.0 } else { beta_lower_quantile(tail, yes, no + 1.0) };
    let high = if no <= 0.0 { 1.0 } else { 1.0 - beta_lower_quantile(tail, no, yes + 1.0) };
    clipped(low, high, level)
}

/// The fewest persons whose answers, all right, lie above `chance` by [`clustered`] at `level`; for those that are all wrong, give
/// 1 − chance. With fewer there is no telling.
///
/// # Errors
/// [`StatsError::OutOfRange`] for either.
pub fn persons_needed(chance: f64, level: f64) -> Result<u64> {
    check::open_unit("chance", chance)?;
    check::open_unit("level", level)?;
    Ok((((1.0 - level) / 2.0).ln() / chance.ln()).ceil() as u64)
}

fn check_and_z(hits: u64, n: u64, level: f64) -> Result<f64> {
    check::hits(hits, n)?;
    check::open_unit("level", level)?;
    Ok(-normal_quantile((1.0 - level) / 2.0))
}

fn clipped(low: f64, high: f64, level: f64) -> Interval {
    Interval { low: low.max(0.0), high: high.min(1.0), level }
}
