//! Agreement between raters, or of a rater with their own repeated answers.

use std::collections::HashMap;

use crate::{Result, StatsError, check, ranking::Ranks};

/// Fleiss' κ and what it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Fleiss {
    /// κ: 1 is full agreement, 0 what chance gives, below 0 less than that.
    pub kappa: f64,
    /// κ of each category against the rest; `None` where a category was never or always chosen.
    pub per_category: Vec<Option<f64>>,
    /// The mean share of agreeing pairs of raters.
    pub observed: f64,
    /// The share of agreeing pairs that the categories' frequencies alone give.
    pub expected: f64,
    /// Items rated.
    pub items: u64,
    /// Raters an item.
    pub raters: u64,
}

/// Fleiss' κ (1971).
///
/// # Arguments
/// `counts`: one row an item, in it how many raters chose each category. Every item must have the same number of
/// raters; where they differ, [`krippendorff`] applies.
///
/// # Errors
/// [`crate::StatsError::TooFew`] without items or below two raters, [`crate::StatsError::WrongShape`],
/// [`crate::StatsError::NoVariation`] where all chose one category.
pub fn fleiss<R: AsRef<[u64]>>(counts: &[R]) -> Result<Fleiss> {
    check::at_least("items", 1, counts.len() as u64)?;
    let table: Vec<Vec<f64>> =
        counts.iter().map(|row| row.as_ref().iter().map(|count| *count as f64).collect()).collect();
    let categories = table[0].len();
    let raters: f64 = table[0].iter().sum();
    check::at_least("raters an item", 2, raters as u64)?;
    for row in &table {
        check::shape("an item's categories", categories, row.len())?;
        check::shape("an item's raters", raters as usize, row.iter().sum::<f64>() as usize)?;
    }
    let items = table.len() as f64;
    let shares: Vec<f64> =
        (0..categories).map(|j| table.iter().map(|row| row[j]).sum::<f64>() / (items * raters)).collect();
    let pairs = items * raters * (raters - 1.0);
    let observed = table.iter().flatten().map(|count| count * (count - 1.0)).sum::<f64>() / pairs;
    let expected: f64 = shares.iter().map(|share| share * share).sum();
    let per_category = (0..categories).map(|j| category_kappa(&table, j, shares[j], raters)).collect();
    Ok(Fleiss {
        kappa: kappa(observed, expected)?,
        per_category,
        observed,
        expected,
        items: counts.len() as u64,
        raters: raters as u64,
    })
}

/// What differences between ratings mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// Names: two ratings are equal or not.
    Nominal,
    /// An order without equal steps.
    Ordinal,
    /// Equal steps.
    Interval,
}

/// Krippendorff's α and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alpha {
    /// α: 1 is full agreement, 0 what chance gives, below 0 systematic disagreement.
    pub alpha: f64,
    /// The disagreement observed, in the scale's metric.
    pub observed: f64,
    /// The disagreement that chance gives.
    pub expected: f64,
    /// Ratings on items with at least two of them; the rest say nothing about agreement.
    pub pairable: u64,
    /// Items with at least two ratings.
    pub items: u64,
}

/// Krippendorff's α (2019, *Content Analysis*, chapter 12).
///
/// # Arguments
/// `ratings`: one row a rater, in it a rating of each item, `None` where missing.
///
/// # Errors
/// [`crate::StatsError::TooFew`] where no item has two ratings, [`crate::StatsError::WrongShape`],
/// [`crate::StatsError::NotFinite`], [`crate::StatsError::NoVariation`] where all ratings are equal.
pub fn krippendorff<R: AsRef<[Option<f64>]>>(ratings: &[R], scale: Scale) -> Result<Alpha> {
    let units = pairable(ratings)?;
    let all: Vec<f64> = units.iter().flatten().copied().collect();
    check::at_least("ratings on items with two or more", 2, all.len() as u64)?;
    if all.iter().all(|value| *value == all[0]) {
        return Err(StatsError::NoVariation { what: "ratings" });
    }
    let n = all.len() as f64;
    let difference = Difference::new(&all, scale);
    let within = units.iter().map(|unit| difference.sum(unit) / (unit.len() as f64 - 1.0)).sum::<f64>();
    let observed = check::sound("the disagreement", within / n)?;
    let expected = check::sound("the disagreement", difference.sum(&all) / (n * (n - 1.0)))?;
    Ok(Alpha {
        alpha: 1.0 - observed / expected,
        observed,
        expected,
        pairable: all.len() as u64,
        items: units.len() as u64,
    })
}

/// Cohen's κ and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cohen {
    /// κ, as [`Fleiss::kappa`].
    pub kappa: f64,
    /// The share of equal pairs.
    pub observed: f64,
    /// The share that both margins alone give.
    pub expected: f64,
    /// Pairs.
    pub n: u64,
}

/// Cohen's κ (1960) of two raters, or of one on repeated items: `pairs` of categories.
///
/// # Errors
/// [`crate::StatsError::TooFew`] without pairs, [`crate::StatsError::NoVariation`] where all are of one category.
pub fn cohen(pairs: &[(u64, u64)]) -> Result<Cohen> {
    check::at_least("pairs", 1, pairs.len() as u64)?;
    let n = pairs.len() as f64;
    let observed = pairs.iter().filter(|(first, second)| first == second).count() as f64 / n;
    let mut margins: HashMap<u64, [f64; 2]> = HashMap::new();
    for (first, second) in pairs {
        margins.entry(*first).or_default()[0] += 1.0;
        margins.entry(*second).or_default()[1] += 1.0;
    }
    // Products of counts are whole numbers, so their order does not matter.
    let expected = margins.values().map(|[first, second]| first * second).sum::<f64>() / (n * n);
    Ok(Cohen { kappa: kappa(observed, expected)?, observed, expected, n: pairs.len() as u64 })
}

fn kappa(observed: f64, expected: f64) -> Result<f64> {
    if expected >= 1.0 {
        return Err(StatsError::NoVariation { what: "chosen categories" });
    }
    Ok((observed - expected) / (1.0 - expected))
}

fn category_kappa(table: &[Vec<f64>], category: usize, share: f64, raters: f64) -> Option<f64> {
    let chance = table.len() as f64 * raters * (raters - 1.0) * share * (1.0 - share);
    let apart: f64 = table.iter().map(|row| row[category] * (raters - row[category])).sum();
    (chance > 0.0).then(|| 1.0 - apart / chance)
}

/// The ratings of each item that has at least two.
fn pairable<R: AsRef<[Option<f64>]>>(ratings: &[R]) -> Result<Vec<Vec<f64>>> {
    check::at_least("raters", 2, ratings.len() as u64)?;
    let items = ratings[0].as_ref().len();
    let mut units = vec![Vec::new(); items];
    for row in ratings.iter().map(AsRef::as_ref) {
        check::shape("a rater's items", items, row.len())?;
        for (index, rating) in row.iter().enumerate().filter_map(|(index, rating)| Some((index, (*rating)?))) {
            check::finite("ratings", &[rating]).map_err(|_| StatsError::NotFinite { what: "ratings", index })?;
            units[index].push(rating);
        }
    }
    units.retain(|unit| unit.len() >= 2);
    Ok(units)
}

/// Krippendorff's squared differences, summed over ordered pairs without a look at each pair: names by their counts,
/// steps by their variance. An ordinal difference is the count of ratings between two, half of each end's included,
/// which is the difference of mean ranks: so ordinal is interval on ranks.
enum Difference {
    Nominal,
    Interval { centre: f64 },
    Ordinal { sorted: Vec<(f64, f64)>, centre: f64 },
}

impl Difference {
    fn new(all: &[f64], scale: Scale) -> Self {
        let n = all.len() as f64;
        match scale {
            Scale::Nominal => Self::Nominal,
            Scale::Interval => Self::Interval { centre: all.iter().map(|value| value / n).sum() },
            Scale::Ordinal => {
                let mut sorted: Vec<(f64, f64)> = all.iter().copied().zip(Ranks::of(all).ranks).collect();
                sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
                Self::Ordinal { sorted, centre: (n + 1.0) / 2.0 }
            }
        }
    }

    fn sum(&self, values: &[f64]) -> f64 {
        match self {
            Self::Nominal => unequal_pairs(values),
            Self::Interval { centre } => squared_pairs(values.iter().map(|value| value - centre)),
            Self::Ordinal { sorted, centre } => squared_pairs(values.iter().map(|value| rank(sorted, *value) - centre)),
        }
    }
}

fn rank(sorted: &[(f64, f64)], value: f64) -> f64 {
    let place = sorted.partition_point(|(other, _)| *other < value);
    sorted.get(place).map_or(0.0, |(_, rank)| *rank)
}

/// Σ over ordered pairs of (a − b)².
fn squared_pairs(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum, squares) =
        values.fold((0.0, 0.0, 0.0), |(n, sum, squares), v| (n + 1.0, sum + v, squares + v * v));
    let spread = count * squares - sum * sum;
    // Rounding may make it negative. `max` would also make 0 of the NaN of huge values.
    if spread < 0.0 { 0.0 } else { 2.0 * spread }
}

/// How many ordered pairs are unequal.
fn unequal_pairs(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let equal: f64 = sorted.chunk_by(|a, b| a == b).map(|run| (run.len() * run.len()) as f64).sum();
    (values.len() * values.len()) as f64 - equal
}
