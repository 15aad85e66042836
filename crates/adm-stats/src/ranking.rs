//! Ranks with ties, and how often each rank sum occurs.

use crate::{
    Result, Sides, StatsError, check,
    special::{normal_lower, normal_upper},
};

/// Values replaced by their ranks.
pub(crate) struct Ranks {
    /// The rank of each value, from 1; equal values share their mean rank.
    pub(crate) ranks: Vec<f64>,
    /// Σ(t³ − t) over groups of t equal values: 0 without ties.
    pub(crate) ties: f64,
}

impl Ranks {
    /// Ranks finite values.
    pub(crate) fn of(values: &[f64]) -> Self {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
        let mut ranks = vec![0.0; values.len()];
        let (mut ties, mut start) = (0.0, 0.0);
        // `==` joins 0 and −0, which the order keeps side by side.
        for equal in order.chunk_by(|a, b| values[*a] == values[*b]) {
            let count = equal.len() as f64;
            equal.iter().for_each(|place| ranks[*place] = start + (count + 1.0) / 2.0);
            ties += count * count * count - count;
            start += count;
        }
        Self { ranks, ties }
    }

    /// Ranks several groups together, one after the other.
    pub(crate) fn of_groups(groups: &[&[f64]]) -> Result<Self> {
        check::at_least("groups", 2, groups.len() as u64)?;
        for group in groups {
            check::at_least("a group", 1, group.len() as u64)?;
            check::finite("a group", group)?;
        }
        let values = groups.concat();
        if values.iter().all(|value| *value == values[0]) {
            return Err(StatsError::NoVariation { what: "the groups' values" });
        }
        Ok(Self::of(&values))
    }
}

/// How many of the 2ⁿ sign patterns of ranks 1..=n give each sum of positive ranks.
pub(crate) fn signed_rank_counts(n: usize) -> Vec<f64> {
    let mut counts = vec![0.0; n * (n + 1) / 2 + 1];
    counts[0] = 1.0;
    for rank in 1..=n {
        for sum in (rank..counts.len()).rev() {
            counts[sum] += counts[sum - rank];
        }
    }
    counts
}

/// How many orders of m and n values give each U: the coefficients of the Gaussian binomial, whose factors
/// (1 − q^(n+i)) / (1 − q^i) are multiplied in one by one. All counts stay below 2⁵³, so they are exact.
pub(crate) fn order_counts(m: usize, n: usize) -> Vec<f64> {
    let mut counts = vec![0.0; m * n + 1];
    counts[0] = 1.0;
    for i in 1..=m {
        for u in (n + i..counts.len()).rev() {
            counts[u] -= counts[u - n - i];
        }
        for u in i..counts.len() {
            counts[u] += counts[u - i];
        }
    }
    counts
}

/// The p-value of `statistic` among `counts` of equally likely cases; two-sided: twice the smaller tail.
pub(crate) fn exact_p(counts: &[f64], statistic: usize, sides: Sides) -> f64 {
    let all: f64 = counts.iter().sum();
    let upper = counts[statistic..].iter().sum::<f64>() / all;
    let lower = counts[..=statistic].iter().sum::<f64>() / all;
    match sides {
        Sides::Greater => upper,
        Sides::Less => lower,
        Sides::Two => (2.0 * upper.min(lower)).min(1.0),
    }
}

/// The p-value of a deviation from the mean, moved towards it by ½ for continuity.
pub(crate) fn normal_p(deviation: f64, variance: f64, sides: Sides) -> f64 {
    let sd = variance.sqrt();
    match sides {
        Sides::Greater => normal_upper((deviation - 0.5) / sd),
        Sides::Less => normal_lower((deviation + 0.5) / sd),
        Sides::Two => 2.0 * normal_upper((deviation.abs() - 0.5).max(0.0) / sd),
    }
}
