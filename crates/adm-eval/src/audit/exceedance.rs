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

/// Probability of `distances` as small and as many by chance, where `density` of them are expected per unit of distance.
///
/// Near a point of a `k`-dimensional set the squared distance of the nearest neighbour lies below `d` with a probability in
/// proportion to `d^(k/2)` (Amsaleg et al., "Estimating local intrinsic dimensionality", KDD 2015). Music has many dimensions; two
/// are assumed, which is cautious: each further one makes small distances rarer. With `density·d` expected below `d`, the
/// count there is about Poisson's. The result is the least probability over the distances given, times their number (Bonferroni).
pub fn tail_p_value(mut distances: Vec<f64>, density: f64) -> f64 {
    distances.sort_by(f64::total_cmp);
    let count = distances.len();
    let p = distances.iter().zip(1..).map(|(distance, hits)| poisson_tail(density * distance, hits));
    (count.max(1) as f64 * p.fold(1.0, f64::min)).min(1.0)
}

/// Probability of at least `hits` events where `expected` are expected; 1 where that is no more than expected.
fn poisson_tail(expected: f64, hits: usize) -> f64 {
    if hits as f64 <= expected {
        return 1.0;
    }
    // By logarithms, since the probability of no event may be too small for a number.
    let mut term = (1..=hits).fold(-expected, |log, k| log + (expected / k as f64).ln()).exp();
    let mut tail = 0.0;
    let mut next = hits;
    while term > f64::EPSILON * tail {
        tail += term;
        next += 1;
        term *= expected / next as f64;
    }
    tail.min(1.0)
}

/// How many independent observations are worth as much as these, one group number each, where those of one group are alike:
/// `(Σ c)² / Σ c²` over the groups' counts (Kish, "Survey Sampling", 1965, section 11.7). All apart: their number; all in one
/// group: 1.
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

    /// By scipy 1.17.1: `scipy.stats.betabinom(m, rank, n + 1 - rank).sf(hits - 1)`.
    #[test]
    fn it_is_the_tail_of_a_beta_binomial() {
        for (hits, m, rank, n, expected) in [
            (3, 127, 1, 173, 0.07482997014638715),
            (21, 2_000, 20, 2_000, 0.4369988987854111),
            (40, 2_000, 2, 200, 0.10026250151108496),
            (5, 100, 1, 20, 0.3950482769199031),
        ] {
            let got = p_value(hits, m, rank, n);
            assert!((got - expected).abs() < 1e-9, "{hits} of {m} over the {rank} of {n}: {got}");
        }
    }

    #[test]
    fn a_tail_of_poisson_is_one_less_the_rest_over_swept_sizes() {
        for expected in [0.01, 0.5, 3.0, 20.0] {
            for hits in 0..40 {
                let mut below = 0.0;
                let mut term = f64::exp(-expected);
                for k in 1..=hits {
                    below += term;
                    term *= expected / k as f64;
                }
                let got = poisson_tail(expected, hits);
                let tail = if hits as f64 <= expected { 1.0 } else { 1.0 - below };
                assert!((got - tail).abs() < 1e-12, "{hits} of {expected}: {got} {tail}");
            }
        }
        assert_eq!(poisson_tail(0.0, 1), 0.0);
        let large = poisson_tail(10_000.0, 10_100);
        assert!((0.15..0.17).contains(&large), "one standard deviation above: {large}");
    }

    #[test]
    fn few_far_beyond_are_less_likely_than_many_just_beyond() {
        let p = |distances: &[f64]| tail_p_value(distances.to_vec(), 100.0);
        assert_eq!(p(&[]), 1.0);
        assert!((p(&[0.001]) - (1.0 - f64::exp(-0.1))).abs() < 1e-12);
        assert!(p(&[0.0002, 0.0001, 0.0003]) < 1e-4 && p(&[0.01, 0.01, 0.01]) > 0.1);
    }

    #[test]
    fn large_counts_stay_finite_and_odd_ones_are_certain() {
        let all = p_value(2_000, 2_000, 20, 2_000);
        assert!((0.0..1e-300).contains(&all), "{all}");
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
