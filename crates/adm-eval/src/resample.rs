//! How much a figure would change with another draw of beats, from half of the beats at a time.
//!
//! A bootstrap draws beats with replacement, and a beat drawn twice is its own nearest neighbour: coverage, precision and
//! kernel distances come out wrong. So each replicate takes half of the beats *without* replacement ("balanced" half-samples;
//! Politis, Romano & Wolf, "Subsampling", 1999, section 2.2). For a mean of `n` numbers the variance of a half-sample around
//! the whole sample is `σ²/m · (1 − m/n)`, which at `m = n/2` is `σ²/n`: just what another draw of the whole would have,
//! so its deviations need no scaling. What half the beats shift (all replicates see fewer neighbours) is taken out by
//! centring the replicates on their own mean.
//!
//! Beats of one passage resemble each other and tell less than as many beats of their own; they are drawn together, in
//! groups of neighbours (a block bootstrap's blocks; Künsch, Annals of Statistics 17, 1989).

use adm_core::seeds::{RngExt, StreamRng, shuffle};
use serde::{Deserialize, Serialize};

/// Share of draws within an interval.
const CONFIDENCE: f64 = 0.95;

/// Fewest groups that a set is split into: with fewer, halves hardly differ.
const LEAST_GROUPS: usize = 10;

/// A figure, and where it would lie if all the beats that could have been drawn were as many draws of this size, averaged:
/// about 95 % of such intervals hold that mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure of the beats at hand.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Estimate {
    /// The figure of the whole sample with the spread of its replicates around their own mean; without replicates the
    /// interval is the figure itself.
    pub fn from_replicates(value: f64, replicates: &[f64]) -> Self {
        let mean = replicates.iter().sum::<f64>() / replicates.len().max(1) as f64;
        let mut deviations: Vec<f64> = replicates.iter().map(|replicate| replicate - mean).collect();
        deviations.sort_by(f64::total_cmp);
        let tail = 0.5 * (1.0 - CONFIDENCE);
        let end = |share| value + quantile(&deviations, share);
        // Replicates that lie to one side of their mean still leave the figure inside.
        Self { value, low: end(tail).min(value), high: end(1.0 - tail).max(value) }
    }

    /// The figure of the whole sample and the middle 95 % of those of bootstrap draws; the figure alone where there are none.
    pub(crate) fn from_draws(value: f64, mut drawn: Vec<f64>) -> Self {
        if drawn.is_empty() {
            return Self { value, low: value, high: value };
        }
        drawn.sort_by(f64::total_cmp);
        let tail = 0.5 * (1.0 - CONFIDENCE);
        Self { value, low: quantile(&drawn, tail).min(value), high: quantile(&drawn, 1.0 - tail).max(value) }
    }

    /// The same with both ends moved into what the figure can be.
    pub(crate) fn within(self, least: f64, most: f64) -> Self {
        let clamp = |end: f64| end.clamp(least, most);
        Self { value: self.value, low: clamp(self.low).min(self.value), high: clamp(self.high).max(self.value) }
    }

    /// Whether the two intervals have no point in common.
    pub fn apart_from(&self, other: &Self) -> bool {
        self.high < other.low || other.high < self.low
    }
}

/// Quantile of sorted values, on the line between the two nearest; 0 where there are none.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * sorted.len().saturating_sub(1) as f64;
    let below = sorted.get(place.floor() as usize).copied().unwrap_or(0.0);
    let above = sorted.get(place.ceil() as usize).copied().unwrap_or(below);
    below + place.fract() * (above - below)
}

/// The indices `0..count` in groups of `group` neighbours, the groups in an order drawn at random. Sets of fewer than
/// [`LEAST_GROUPS`] such groups are split into smaller ones.
pub(crate) fn order(count: usize, group: usize, random: &mut StreamRng) -> Vec<usize> {
    groups(count, group, random).concat()
}

/// Half of the indices `0..count`, whole groups at a time, in the order they were drawn; of an odd number of groups the
/// smaller or larger half.
pub(crate) fn half(count: usize, group: usize, random: &mut StreamRng) -> Vec<usize> {
    let mut groups = groups(count, group, random);
    let more = usize::from(random.random_range(0..2u32) == 1);
    groups.truncate((groups.len() + more).div_euclid(2).max(1));
    groups.concat()
}

fn groups(count: usize, group: usize, random: &mut StreamRng) -> Vec<Vec<usize>> {
    let size = group.min(count / LEAST_GROUPS).max(1);
    let indices: Vec<usize> = (0..count).collect();
    let mut groups: Vec<Vec<usize>> = indices.chunks(size).map(<[usize]>::to_vec).collect();
    shuffle(&mut groups, random);
    groups
}

/// Draws of `size` members each from `order`, one after the other and from the front again, until every member was in one,
/// at most `most` draws.
pub(crate) fn draws(order: &[usize], size: usize, most: usize) -> Vec<Vec<usize>> {
    let count = order.len().div_ceil(size.max(1)).min(most);
    let draw = |index: usize| order.iter().cycle().skip(index * size).take(size).copied().collect();
    (0..count).map(draw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;

    fn mean(values: &[f64]) -> f64 {
        values.iter().sum::<f64>() / values.len() as f64
    }

    /// For the mean of independent numbers theory gives the interval: 1.96 standard errors to either side.
    #[test]
    fn halves_give_a_mean_its_standard_error_over_swept_sizes() {
        for count in [20, 51, 200] {
            let mut random = Seeds::new(1).stream("test", count as u64);
            let values: Vec<f64> = (0..count).map(|_| random.random_range(0.0..1.0)).collect();
            let spread = values.iter().map(|value| (value - mean(&values)).powi(2)).sum::<f64>() / (count - 1) as f64;
            let expected = 1.96 * (spread / count as f64).sqrt();
            let replicate = |random: &mut StreamRng| {
                mean(&half(count, 1, random).iter().map(|&index| values[index]).collect::<Vec<_>>())
            };
            let replicates: Vec<f64> = (0..4_000).map(|_| replicate(&mut random)).collect();
            let estimate = Estimate::from_replicates(mean(&values), &replicates);
            let got = 0.5 * (estimate.high - estimate.low);
            assert!((got / expected - 1.0).abs() < 0.06, "{count}: {got} for {expected}");
        }
    }

    /// Eight equal numbers a group are worth one number: the interval is √8 as wide as if they were independent.
    #[test]
    fn groups_widen_the_interval_of_beats_that_depend_on_each_other() {
        let mut random = Seeds::new(2).stream("test", 0);
        let passages: Vec<f64> = (0..60).map(|_| random.random_range(0.0..1.0)).collect();
        let values: Vec<f64> = passages.iter().flat_map(|&passage| [passage; 8]).collect();
        let mut width = |group: usize| {
            let replicates: Vec<f64> = (0..2_000)
                .map(|_| mean(&half(480, group, &mut random).iter().map(|&index| values[index]).collect::<Vec<_>>()))
                .collect();
            let estimate = Estimate::from_replicates(mean(&values), &replicates);
            estimate.high - estimate.low
        };
        let ratio = width(8) / width(1);
        assert!((ratio / 8f64.sqrt() - 1.0).abs() < 0.1, "{ratio}");
    }

    #[test]
    fn halves_are_half_of_the_indices_and_orders_all_of_them_for_swept_sizes() {
        let mut random = Seeds::new(3).stream("test", 0);
        for (count, group) in (1..70).flat_map(|count| [1, 3, 8].map(|group| (count, group))) {
            let mut all = order(count, group, &mut random);
            all.sort_unstable();
            assert_eq!(all, (0..count).collect::<Vec<_>>());
            let mut half = half(count, group, &mut random);
            half.sort_unstable();
            half.dedup();
            let slack = group.min(count / 10).max(1);
            assert!(!half.is_empty() && half.len() + slack >= count / 2 && half.len() <= count.div_ceil(2) + slack);
        }
    }

    #[test]
    fn draws_take_everyone_and_are_all_of_one_size() {
        assert_eq!(draws(&[4, 2, 7], 3, 8), [[4, 2, 7]]);
        assert_eq!(draws(&[4, 2, 7], 2, 8), [[4, 2], [7, 4]]);
        assert_eq!(draws(&[4, 2, 7], 1, 2), [[4], [2]]);
    }

    #[test]
    fn without_replicates_the_interval_is_the_figure() {
        let estimate = Estimate::from_replicates(0.4, &[]);
        assert_eq!(estimate, Estimate { value: 0.4, low: 0.4, high: 0.4 });
        let wide = Estimate::from_replicates(0.9, &[0.0, 1.0]).within(0.0, 1.0);
        assert!(wide.high == 1.0 && wide.low > 0.4 && wide.apart_from(&estimate));
    }
}
