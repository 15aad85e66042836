//! The intraclass correlation and what it costs.

use super::{Answers, Record};
use crate::{Result, StatsError, check};

/// How much answers of one cluster hang together, and what that costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clustering {
    /// The intraclass correlation ICC(1) by one-way analysis of variance (Shrout & Fleiss 1979; Donner 1986 for unequal
    /// sizes), at most 1; 0 for independent answers, and below 0 where answers within a cluster differ more than that.
    pub icc: f64,
    /// The clusters' mean size as it enters the design effect: Σm² / Σm, which is m for equal sizes.
    pub size: f64,
    /// 1 + (size − 1) · ICC, ICC taken as 0 where it is below (Kish 1965).
    pub design_effect: f64,
    /// Answers / design effect: how many independent answers these are worth.
    pub effective_n: f64,
    /// Clusters.
    pub clusters: u64,
    /// Answers.
    pub n: u64,
}

/// The clustering of answers by person.
///
/// # Errors
/// [`StatsError::TooFew`] below two persons or where none answered twice, [`StatsError::NotFinite`],
/// [`StatsError::NoVariation`] where all answers are equal.
pub fn by_person(records: &[Record]) -> Result<Clustering> {
    let answers = Answers::new(records)?;
    clustering(&answers, &answers.person, answers.persons, "persons")
}

/// The clustering of answers by item, of items of one kind: differences between `kinds`, as in [`super::balanced`], are none
/// between items.
///
/// # Errors
/// See [`by_person`]; [`StatsError::WrongShape`] where kinds and records are not as many.
pub fn by_item(records: &[Record], kinds: &[usize]) -> Result<Clustering> {
    let answers = Answers::of_kinds(records, kinds)?;
    clustering(&answers, &answers.item, answers.items, "items")
}

fn clustering(answers: &Answers, cluster: &[usize], clusters: usize, what: &'static str) -> Result<Clustering> {
    let values = &answers.centred;
    check::at_least(what, answers.kinds as u64 + 1, clusters as u64)?;
    check::at_least("answers of clusters", clusters as u64 + 1, values.len() as u64)?;
    if values.iter().all(|value| *value == values[0]) {
        return Err(StatsError::NoVariation { what: "answers" });
    }
    let (mut counts, mut sums) = (vec![0.0; clusters], vec![0.0; clusters]);
    for (cluster, value) in cluster.iter().zip(values) {
        counts[*cluster] += 1.0;
        sums[*cluster] += value;
    }
    let n = values.len() as f64;
    let size = counts.iter().map(|count| count * count).sum::<f64>() / n;
    let icc = correlation(answers, cluster, &counts, &sums);
    if !icc.is_finite() {
        return Err(StatsError::NoVariation { what: "answers" });
    }
    let design_effect = 1.0 + (size - 1.0) * icc.max(0.0);
    let (clusters, effective_n) = (clusters as u64, n / design_effect);
    Ok(Clustering { icc, size, design_effect, effective_n, clusters, n: values.len() as u64 })
}

/// ICC(1) of values whose mean is 0 in each kind; each kind's mean costs the clusters a degree of freedom.
fn correlation(answers: &Answers, cluster: &[usize], counts: &[f64], sums: &[f64]) -> f64 {
    let (n, groups) = (answers.centred.len() as f64, counts.len() as f64);
    let freedom = groups - answers.kinds as f64;
    let between = counts.iter().zip(sums).map(|(count, sum)| sum * sum / count).sum::<f64>() / freedom;
    let own_mean = |place: usize| sums[cluster[place]] / counts[cluster[place]];
    let apart = answers.centred.iter().enumerate().map(|(place, value)| (value - own_mean(place)).powi(2));
    let within = apart.sum::<f64>() / (n - groups);
    let mut of_kind = vec![0.0; answers.kinds];
    answers.kind.iter().for_each(|kind| of_kind[*kind] += 1.0);
    // Summed over answers, each cluster's size comes as often as it is large: Σ m² / the kind's answers.
    let unequal = cluster.iter().zip(&answers.kind).map(|(cluster, kind)| counts[*cluster] / of_kind[*kind]);
    let size = (n - unequal.sum::<f64>()) / freedom;
    (between - within) / (between + (size - 1.0) * within)
}
