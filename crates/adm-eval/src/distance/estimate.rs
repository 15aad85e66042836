//! A figure and how far another draw of beats would move it.
//!
//! Drawing beats with replacement, as a bootstrap does, is wrong where nearest neighbours count: a beat that is drawn twice is
//! its own neighbour. So half of the beats are drawn without replacement, over and over. For a mean of `n` beats the spread of
//! such halves is that of another `n` beats (the variance `σ²/m · (1 − m/n)` at `m = n/2` is `σ²/n`; Politis, Romano & Wolf,
//! "Subsampling", 1999, section 2), and a figure that depends on the number of beats is only moved as a whole, which is taken out:
//! the interval is the figure plus the quantiles of what halves differ from their own mean by.

use adm_core::Seeds;
use adm_core::seeds::shuffle;
use serde::{Deserialize, Serialize};

/// Share of other draws that an interval holds.
const LEVEL: f64 = 0.95;

/// A figure and the interval that another draw would give with 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Estimate {
    /// From the figure and what halves of the beats gave; the figure alone where there are none.
    pub fn new(value: f64, mut halves: Vec<f64>) -> Self {
        let mean = halves.iter().sum::<f64>() / halves.len().max(1) as f64;
        halves.sort_by(f64::total_cmp);
        let quantile = |share: f64| {
            let at = share * halves.len().saturating_sub(1) as f64;
            let (low, high) = (halves[at.floor() as usize], halves[at.ceil() as usize]);
            low + (high - low) * at.fract()
        };
        if halves.is_empty() {
            return Self { value, low: value, high: value };
        }
        let tail = 0.5 * (1.0 - LEVEL);
        Self { value, low: value + quantile(tail) - mean, high: value + quantile(1.0 - tail) - mean }
    }

    /// The same within the range that the figure can have.
    pub fn within(self, least: f64, most: f64) -> Self {
        Self { low: self.low.clamp(least, most), high: self.high.clamp(least, most), ..self }
    }
}

/// The members of half of all groups, ascending; `index` tells one half from another.
pub fn half(groups: &[usize], seeds: Seeds, name: &str, index: u64) -> Vec<usize> {
    let mut kinds: Vec<usize> = groups.to_vec();
    kinds.dedup();
    let mut order: Vec<usize> = (0..kinds.len()).collect();
    shuffle(&mut order, &mut seeds.stream(name, index));
    let mut taken = vec![false; kinds.len()];
    order[..kinds.len().div_ceil(2)].iter().for_each(|&kind| taken[kind] = true);
    let mut kind = 0;
    let member = |(at, group): (usize, &usize)| {
        kind += usize::from(at > 0 && *group != groups[at - 1]);
        taken[kind].then_some(at)
    };
    groups.iter().enumerate().filter_map(member).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::seeds::RngExt;

    #[test]
    fn half_of_the_groups_are_taken_whole() {
        let groups = [4, 4, 4, 7, 7, 1, 2, 2];
        for index in 0..20 {
            let taken = half(&groups, Seeds::new(1), "test", index);
            assert!(taken.is_sorted());
            let kinds: std::collections::BTreeSet<usize> = taken.iter().map(|&at| groups[at]).collect();
            assert_eq!(kinds.len(), 2);
            assert_eq!(taken.len(), groups.iter().filter(|group| kinds.contains(group)).count());
        }
        assert!(half(&[], Seeds::new(1), "test", 0).is_empty());
    }

    /// Of 300 draws of 60 numbers each, how many intervals of their mean hold the truth.
    #[test]
    fn intervals_of_a_mean_hold_the_truth_as_often_as_they_say() {
        let (draws, count, truth) = (300, 60, 0.5);
        let holds = (0..draws).filter(|&draw| {
            let mut rng = Seeds::new(2).stream("numbers", draw);
            let numbers: Vec<f64> = (0..count).map(|_| rng.random::<f64>()).collect();
            let mean = |of: &[usize]| of.iter().map(|&at| numbers[at]).sum::<f64>() / of.len() as f64;
            let each: Vec<usize> = (0..count).collect();
            let halves = (0..200).map(|index| mean(&half(&each, Seeds::new(draw), "half", index))).collect();
            let interval = Estimate::new(mean(&each), halves);
            interval.low <= truth && truth <= interval.high
        });
        let share = holds.count() as f64 / draws as f64;
        assert!((0.90..0.99).contains(&share), "{share}");
    }
}
