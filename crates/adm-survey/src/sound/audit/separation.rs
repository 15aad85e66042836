//! Whether a threshold parts two truths, and how likely that is by chance.

/// How two truths lie on one axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Separation {
    /// The truths and their ranges, the lower one first.
    pub ranges: [(String, [f64; 2]); 2],
    /// Probability of being parted like this by chance; 1 where they are not parted.
    pub p: f64,
}

impl Separation {
    /// Of two truths' values. Where nothing may differ at all (`exact`), any difference counts as certain.
    pub fn of(one: (String, Vec<f64>), two: (String, Vec<f64>), exact: bool) -> Self {
        let (a, b) = (range(&one.1), range(&two.1));
        let parted = a[1] < b[0] || b[1] < a[0];
        let p = match exact {
            true if a != b || a[0] < a[1] => 0.0,
            false if parted => 2.0 / choose(one.1.len() + two.1.len(), one.1.len()),
            _ => 1.0,
        };
        let [low, high] = if b[0] < a[0] { [(two.0, b), (one.0, a)] } else { [(one.0, a), (two.0, b)] };
        Self { ranges: [low, high], p }
    }
}

/// The least and greatest of some values; of none, a range that no other lies beside.
fn range(values: &[f64]) -> [f64; 2] {
    if values.is_empty() {
        return [f64::NAN; 2];
    }
    values.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], &value| [low.min(value), high.max(value)])
}

/// Ways to choose `k` of `n`.
fn choose(n: usize, k: usize) -> f64 {
    (0..k.min(n - k)).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64)
}

/// Which tests hold at `alpha` by Holm's procedure: the k-th smallest of m is held against `alpha / (m − k)`, k from 0, up to the
/// first that fails.
pub(super) fn significant(p: &[f64], alpha: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut held = vec![false; p.len()];
    let holds = |&(rank, at): &(usize, usize)| p[at] <= alpha / (p.len() - rank) as f64;
    order.into_iter().enumerate().take_while(holds).for_each(|(_, at)| held[at] = true);
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts, among all ways to name two of four and three of six places "a", those that are parted.
    #[test]
    fn the_probability_is_the_share_of_orders() {
        for (n, a) in [(4u32, 2u32), (6, 3), (7, 2), (9, 4)] {
            let ways: Vec<u32> = (0..1 << n).filter(|mask: &u32| mask.count_ones() == a).collect();
            let parted = |mask: &&u32| [(1 << a) - 1, ((1 << a) - 1) << (n - a)].contains(*mask);
            let share = ways.iter().filter(parted).count() as f64 / ways.len() as f64;
            let values = |from: u32, to: u32| (from..to).map(f64::from).collect();
            let found = Separation::of(("a".to_owned(), values(0, a)), ("b".to_owned(), values(a, n)), false);
            assert!((found.p - share).abs() < 1e-12, "{n} and {a}: {} and {share}", found.p);
        }
    }

    #[test]
    fn one_value_among_the_others_is_enough_to_part_nothing() {
        let of =
            |a: &[f64], b: &[f64]| Separation::of(("a".to_owned(), a.to_vec()), ("b".to_owned(), b.to_vec()), false);
        assert_eq!(of(&[1.0, 2.0, 3.5], &[3.0, 4.0, 5.0]).p, 1.0);
        assert_eq!(of(&[1.0, 2.0, 3.0], &[3.0, 4.0, 5.0]).p, 1.0, "a tie is no gap");
        assert_eq!(of(&[], &[3.0]).p, 1.0);
        assert_eq!(of(&[6.0, 7.0], &[3.0]).ranges[0], ("b".to_owned(), [3.0, 3.0]));
    }

    #[test]
    fn holm_stops_at_the_first_that_fails() {
        assert_eq!(significant(&[0.001, 1.0, 0.02, 0.004], 0.01), [true, false, false, false]);
        assert_eq!(significant(&[0.001, 1.0, 0.0049, 0.003], 0.01), [true, false, true, true]);
        assert!(significant(&[], 0.01).is_empty());
    }
}
