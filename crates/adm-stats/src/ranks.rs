//! Tests on ranks, for ratings whose steps need not be equal.

use crate::{
    Effect, EffectKind, Method, Note, Result, Sides, StatsError, Test, check,
    ranking::{Ranks, exact_p, normal_p, order_counts, signed_rank_counts},
    special::chi_square_upper,
};

/// The largest sample (or group) whose orders are counted one by one.
const EXACT: usize = 25;

/// Friedman's test of whether treatments differ (1937), corrected for ties.
///
/// # Arguments
/// `rows`: one a person, each with a rating of every treatment.
///
/// The statistic is χ² with treatments − 1 degrees of freedom; the effect is Kendall's W, 0 for no and 1 for perfect
/// agreement on the order. `n` counts persons.
///
/// # Errors
/// [`crate::StatsError::TooFew`] below two rows or two columns, [`crate::StatsError::WrongShape`],
/// [`crate::StatsError::NotFinite`], [`crate::StatsError::NoVariation`] where every row is of equal ratings.
pub fn friedman<R: AsRef<[f64]>>(rows: &[R]) -> Result<Test> {
    check::at_least("rows", 2, rows.len() as u64)?;
    let columns = rows[0].as_ref().len();
    check::at_least("treatments", 2, columns as u64)?;
    let mut sums = vec![0.0; columns];
    let mut ties = 0.0;
    for row in rows.iter().map(AsRef::as_ref) {
        check::shape("a row's length", columns, row.len())?;
        check::finite("a row", row)?;
        let ranked = Ranks::of(row);
        ties += ranked.ties;
        sums.iter_mut().zip(&ranked.ranks).for_each(|(sum, rank)| *sum += rank);
    }
    let (n, k) = (rows.len() as f64, columns as f64);
    let spread = n * k * (k + 1.0) - ties / (k - 1.0);
    if spread <= 0.0 {
        return Err(StatsError::NoVariation { what: "ratings within rows" });
    }
    let statistic = 12.0 * sums.iter().map(|sum| (sum - n * (k + 1.0) / 2.0).powi(2)).sum::<f64>() / spread;
    let concordance = statistic / (n * (k - 1.0));
    Ok(several(Method::Friedman, statistic, k - 1.0, rows.len(), (EffectKind::KendallsW, concordance), ties))
}

/// Wilcoxon's signed-rank test of paired differences against 0 (1945).
///
/// Differences of 0 are left out, and a note says how many. Up to 25 differences without ties all sign patterns are
/// counted; otherwise the normal approximation is used with corrections for ties and continuity, as R does. The
/// statistic V is the sum of the ranks of positive differences; the effect is the matched-pairs rank-biserial
/// correlation (Kerby 2014); `n` counts the differences that are not 0.
///
/// # Errors
/// [`crate::StatsError::NotFinite`], [`crate::StatsError::TooFew`] without values,
/// [`crate::StatsError::NoVariation`] where all are 0.
pub fn wilcoxon(differences: &[f64], sides: Sides) -> Result<Test> {
    check::at_least("differences", 1, differences.len() as u64)?;
    check::finite("differences", differences)?;
    let kept: Vec<f64> = differences.iter().copied().filter(|difference| *difference != 0.0).collect();
    if kept.is_empty() {
        return Err(StatsError::NoVariation { what: "paired ratings" });
    }
    let ranked = Ranks::of(&kept.iter().map(|difference| difference.abs()).collect::<Vec<f64>>());
    let signed = kept.iter().zip(&ranked.ranks);
    let statistic: f64 = signed.filter(|(difference, _)| **difference > 0.0).map(|(_, rank)| rank).sum();
    let n = kept.len() as f64;
    let all = n * (n + 1.0) / 2.0;
    let exact = kept.len() <= EXACT && ranked.ties == 0.0;
    let (method, p) = if exact {
        (Method::WilcoxonExact, exact_p(&signed_rank_counts(kept.len()), statistic as usize, sides))
    } else {
        let variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ranked.ties / 48.0;
        (Method::WilcoxonNormal, normal_p(statistic - all / 2.0, variance, sides))
    };
    let effect = (EffectKind::RankBiserial, (2.0 * statistic - all) / all);
    let mut test = two_sample(method, sides, statistic, p, kept.len(), effect, ranked.ties);
    let zeros = differences.len() - kept.len();
    if zeros > 0 {
        test.notes.push(Note::ZerosDropped(zeros as u64));
    }
    Ok(test)
}

/// Mann and Whitney's test of two groups (1947). [`Sides::Greater`]: the first tends to larger values.
///
/// Up to 25 values a group without ties all orders are counted; otherwise normal with corrections for ties and
/// continuity. The statistic U counts pairs in which the first is larger, ties as half; the effect is the rank-biserial
/// correlation 2U / (n₁n₂) − 1.
///
/// # Errors
/// [`crate::StatsError::TooFew`] for an empty group, [`crate::StatsError::NotFinite`],
/// [`crate::StatsError::NoVariation`] where all values are equal.
pub fn mann_whitney(first: &[f64], second: &[f64], sides: Sides) -> Result<Test> {
    let ranked = Ranks::of_groups(&[first, second])?;
    let (m, n) = (first.len() as f64, second.len() as f64);
    let rank_sum: f64 = ranked.ranks[..first.len()].iter().sum();
    let statistic = rank_sum - m * (m + 1.0) / 2.0;
    let exact = first.len().max(second.len()) <= EXACT && ranked.ties == 0.0;
    let (method, p) = if exact {
        (Method::MannWhitneyExact, exact_p(&order_counts(first.len(), second.len()), statistic as usize, sides))
    } else {
        let all = m + n;
        let variance = m * n / 12.0 * (all + 1.0 - ranked.ties / (all * (all - 1.0)));
        (Method::MannWhitneyNormal, normal_p(statistic - m * n / 2.0, variance, sides))
    };
    let effect = (EffectKind::RankBiserial, 2.0 * statistic / (m * n) - 1.0);
    Ok(two_sample(method, sides, statistic, p, first.len() + second.len(), effect, ranked.ties))
}

/// Kruskal and Wallis's test of several groups (1952), corrected for ties; the effect is ε² = H / (n − 1).
///
/// # Errors
/// [`crate::StatsError::TooFew`] below two groups or for an empty one, [`crate::StatsError::NotFinite`],
/// [`crate::StatsError::NoVariation`] where all values are equal.
pub fn kruskal_wallis<R: AsRef<[f64]>>(groups: &[R]) -> Result<Test> {
    let groups: Vec<&[f64]> = groups.iter().map(AsRef::as_ref).collect();
    let ranked = Ranks::of_groups(&groups)?;
    let n = ranked.ranks.len() as f64;
    let (mut start, mut between) = (0, 0.0);
    for group in &groups {
        let sum: f64 = ranked.ranks[start..start + group.len()].iter().sum();
        start += group.len();
        // Squares of deviations, not of sums, so that nothing large is subtracted.
        between += group.len() as f64 * (sum / group.len() as f64 - (n + 1.0) / 2.0).powi(2);
    }
    let correction = 1.0 - ranked.ties / (n * n * n - n);
    let statistic = 12.0 / (n * (n + 1.0)) * between / correction;
    let effect = (EffectKind::EpsilonSquared, statistic / (n - 1.0));
    Ok(several(Method::KruskalWallis, statistic, groups.len() as f64 - 1.0, ranked.ranks.len(), effect, ranked.ties))
}

fn two_sample(
    method: Method,
    sides: Sides,
    statistic: f64,
    p: f64,
    n: usize,
    effect: (EffectKind, f64),
    ties: f64,
) -> Test {
    let effect = Some(Effect { kind: effect.0, value: effect.1 });
    let notes = if ties > 0.0 { vec![Note::Ties] } else { Vec::new() };
    Test { method, sides, statistic, freedom: None, p, n: n as u64, effect, notes }
}

fn several(method: Method, statistic: f64, freedom: f64, n: usize, effect: (EffectKind, f64), ties: f64) -> Test {
    let p = chi_square_upper(statistic, freedom);
    Test { freedom: Some(freedom), ..two_sample(method, Sides::Two, statistic, p, n, effect, ties) }
}
