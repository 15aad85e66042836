//! How many of one sample lie above the top of another by chance.

/// Probability that at least `hits` of `m` values lie above the `rank`-th largest of `n` others, when all `m + n` come
/// from one continuous distribution, whatever it is.
///
/// The exact law of the number of exceedances (Gumbel & von Schelling, "The distribution of the number of exceedances",
/// Annals of Mathematical Statistics 21, 1950). A binomial test with the share `rank / (n + 1)` would take the
/// threshold as known although it was itself drawn, and reject far too often where `n` is small.
///
/// `rank` in 1..=n; other ranks give 1, as does `hits` = 0.
pub fn p_value(hits: usize, m: usize, rank: usize, n: usize) -> f64 {
    if hits == 0 || rank == 0 || rank > n {
        return 1.0;
    }
    let (m, rank, n) = (m as f64, rank as f64, n as f64);
    // Probability of c exceedances: C(c+rank−1, c) C(m−c+n−rank, m−c) / C(m+n, m), from one c to the next.
    let mut log_p: f64 = (0..rank as usize).map(|i| ((n - i as f64) / (m + n - i as f64)).ln()).sum();
    let (mut below, mut above) = (0.0, 0.0);
    for c in 0..=m as usize {
        *(if c < hits { &mut below } else { &mut above }) += log_p.exp();
        let c = c as f64;
        log_p += ((c + rank) / (c + 1.0) * (m - c) / (m - c + n - rank)).ln();
    }
    if below < 0.5 { 1.0 - below } else { above }.clamp(0.0, 1.0)
}

/// How many independent observations `count_of` groups of like ones are worth: `(Σ c)² / Σ c²` (Kish, "Survey Sampling",
/// 1965, section 11.7). All apart: their number; all in one group: 1.
pub fn effective(groups: impl Iterator<Item = usize>) -> f64 {
    let mut counts = std::collections::BTreeMap::new();
    groups.for_each(|group| *counts.entry(group).or_insert(0.0) += 1.0);
    let (sum, squares) =
        counts.values().fold((0.0, 0.0), |(sum, squares), count| (sum + count, squares + count * count));
    if squares > 0.0 { f64::powi(sum, 2) / squares } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every order of `m + n` values is as likely: those with at least `hits` of the `m` above the `rank`-th of the `n`.
    fn slow(hits: usize, m: usize, rank: usize, n: usize) -> f64 {
        let orders: Vec<u32> = (0..1u32 << (m + n)).filter(|order| order.count_ones() as usize == m).collect();
        // From the largest value down, a set bit is one of the m.
        let exceeds = |order: u32| {
            let mut others = 0;
            let above = (0..m + n).take_while(|at| {
                others += usize::from(order >> at & 1 == 0);
                others < rank
            });
            above.filter(|at| order >> at & 1 == 1).count()
        };
        orders.iter().filter(|&&order| exceeds(order) >= hits).count() as f64 / orders.len() as f64
    }

    #[test]
    fn it_counts_all_orders_over_swept_sizes() {
        for (m, n) in [(1, 1), (3, 5), (6, 4), (7, 7), (1, 9), (9, 2)] {
            for rank in 1..=n {
                for hits in 0..=m {
                    let (got, expected) = (p_value(hits, m, rank, n), slow(hits, m, rank, n));
                    assert!((got - expected).abs() < 1e-12, "{hits} of {m} over the {rank} of {n}: {got} {expected}");
                }
            }
        }
    }

    #[test]
    fn large_counts_stay_finite_and_odd_ones_are_certain() {
        let all = p_value(2_000, 2_000, 20, 2_000);
        assert!(all >= 0.0 && all < 1e-300, "{all}");
        assert!((p_value(21, 2_000, 20, 2_000) - 0.5).abs() < 0.1);
        assert_eq!([p_value(0, 5, 1, 5), p_value(2, 5, 0, 5), p_value(2, 5, 6, 5)], [1.0; 3]);
    }

    #[test]
    fn like_observations_count_as_one() {
        assert_eq!(effective([1, 2, 3, 4].into_iter()), 4.0);
        assert_eq!(effective([7; 9].into_iter()), 1.0);
        assert_eq!(effective([1, 1, 2, 2].into_iter()), 2.0);
        assert_eq!(effective(std::iter::empty()), 0.0);
    }
}
