//! Whether one truth's values are higher than another's, and how likely that is by chance.

use adm_stats::Sides;
use adm_stats::ranks::mann_whitney;

/// How two truths lie on one axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ranked {
    /// The truths and their ranges, the lower one first.
    pub ranges: [(String, [f64; 2]); 2],
    /// By how much the second truth's median is above the first's.
    pub gap: f64,
    /// Share of pairs in which the second truth has the higher value, ties half; 0.5 to 1.
    pub share: f64,
    /// Probability of ranks this uneven by chance; 1 where there is nothing to compare.
    pub p: f64,
}

impl Ranked {
    /// Of two truths' values. Where nothing may differ at all (`exact`), any difference counts as certain.
    pub fn of(one: (String, Vec<f64>), two: (String, Vec<f64>), exact: bool) -> Self {
        // Refused are empty groups, values that are not finite, and values that are all equal: there is nothing to compare.
        let test = mann_whitney(&two.1, &one.1, Sides::Two).ok();
        let pairs = (one.1.len() * two.1.len()) as f64;
        let share = test.as_ref().map_or(0.5, |test| test.statistic / pairs);
        let (low, high) = if share < 0.5 { (two, one) } else { (one, two) };
        let (share, p) = (share.max(1.0 - share), test.as_ref().map_or(1.0, |test| test.p));
        // No order is less probable than one that parts both. With ties, for which the test is only approximate, it may say so.
        let least = least(low.1.len(), high.1.len());
        let p = match share >= 1.0 {
            _ if exact && test.is_some() => 0.0,
            true => least,
            false => p.max(least),
        };
        let gap = median(&high.1) - median(&low.1);
        Self { ranges: [low, high].map(|(truth, values)| (truth, range(&values))), gap, share, p }
    }

    /// Whether a threshold parts the truths without exception.
    pub fn parted(&self) -> bool {
        self.share >= 1.0
    }
}

/// The probability that chance parts `a` sounds from `b` without exception: two orders do, of all.
pub(super) fn least(a: usize, b: usize) -> f64 {
    if a == 0 || b == 0 { 1.0 } else { (2.0 / choose(a + b, a)).min(1.0) }
}

/// Ways to choose `k` of `n`.
fn choose(n: usize, k: usize) -> f64 {
    (0..k.min(n - k)).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64)
}

fn range(values: &[f64]) -> [f64; 2] {
    values.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], &value| [low.min(value), high.max(value)])
}

/// The middle value, or the mean of both; NaN of none.
fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let middle = |at: usize| values.get(at).copied().unwrap_or(f64::NAN);
    (middle(values.len() / 2) + middle(values.len().saturating_sub(1) / 2)) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(a: &[f64], b: &[f64]) -> Ranked {
        Ranked::of(("a".to_owned(), a.to_vec()), ("b".to_owned(), b.to_vec()), false)
    }

    /// Counts, among all ways to name some of so many places "a", those that are parted.
    #[test]
    fn the_probability_of_no_exception_is_the_share_of_orders() {
        for (n, a) in [(4u32, 2u32), (6, 3), (7, 2), (9, 4)] {
            let ways: Vec<u32> = (0..1 << n).filter(|mask: &u32| mask.count_ones() == a).collect();
            let parted = |mask: &&u32| [(1 << a) - 1, ((1 << a) - 1) << (n - a)].contains(*mask);
            let share = ways.iter().filter(parted).count() as f64 / ways.len() as f64;
            let values = |from: u32, to: u32| (from..to).map(f64::from).collect::<Vec<_>>();
            let found = of(&values(0, a), &values(a, n));
            assert!(found.parted() && (found.p - share).abs() < 1e-12, "{n} and {a}: {} and {share}", found.p);
            assert!((least(a as usize, (n - a) as usize) - share).abs() < 1e-12);
        }
    }

    #[test]
    fn an_exception_lessens_what_is_found_and_does_not_hide_it() {
        let (low, mut high): (Vec<f64>, Vec<f64>) = (0..12).map(|n| (f64::from(n), f64::from(n + 20))).unzip();
        let without = of(&low, &high);
        high[0] = -1.0;
        let with = of(&high, &low);
        assert!(without.parted() && !with.parted());
        assert_eq!((with.share, with.ranges[0].0.as_str(), with.gap), (11.0 / 12.0, "b", 20.0));
        assert!(with.p > without.p && with.p < 1e-3, "{}", with.p);
        // Ties within a truth take nothing from what is parted.
        assert_eq!(of(&[1.0; 8], &[2.0; 8]).p, least(8, 8));
    }

    #[test]
    fn where_there_is_nothing_to_compare_nothing_is_found() {
        for (a, b) in [(&[][..], &[3.0][..]), (&[], &[]), (&[2.0, 2.0], &[2.0, 2.0]), (&[f64::NAN], &[1.0])] {
            assert_eq!((of(a, b).p, of(a, b).parted()), (1.0, false), "{a:?} {b:?}");
        }
        let exact = |a: f64| Ranked::of(("a".to_owned(), vec![a]), ("b".to_owned(), vec![3.0]), true).p;
        assert_eq!((exact(3.0), exact(4.0)), (1.0, 0.0));
        assert_eq!(of(&[6.0, 7.0], &[3.0]).ranges[0], ("b".to_owned(), [3.0, 3.0]));
    }
}
