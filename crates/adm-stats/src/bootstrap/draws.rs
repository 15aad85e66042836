//! Resampled means with their standard errors.

use adm_core::{
    Seeds,
    seeds::{RngExt, StreamRng},
};
use rayon::prelude::*;

use super::{Answers, Draw};

/// One resample's mean less the sample's, and its standard error.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawn {
    pub(super) shift: f64,
    pub(super) error: f64,
}

/// The sample's own standard error, and those of `resamples` resamples; a resample without answers is left out.
pub(super) fn means(answers: &Answers, draw: Draw, resamples: u32, seeds: Seeds) -> (f64, Vec<Drawn>) {
    match draw {
        Draw::Persons => clusters(&answers.person, answers.persons, &answers.centred, resamples, seeds),
        Draw::Items => clusters(&answers.item, answers.items, &answers.centred, resamples, seeds),
        Draw::Both => both(answers, resamples, seeds),
    }
}

/// The stream of a resample.
pub(super) fn stream(seeds: Seeds, resample: u32) -> StreamRng {
    seeds.stream("bootstrap", u64::from(resample))
}

/// Everything that a cluster adds to a mean and its standard error: count m, sum s, and m², ms, s².
type Sums = [f64; 5];

fn clusters(cluster: &[usize], count: usize, values: &[f64], resamples: u32, seeds: Seeds) -> (f64, Vec<Drawn>) {
    let mut totals = vec![[0.0; 2]; count];
    for (cluster, value) in cluster.iter().zip(values) {
        totals[*cluster][0] += 1.0;
        totals[*cluster][1] += value;
    }
    let sums: Vec<Sums> = totals.iter().map(|[m, s]| [*m, *s, m * m, m * s, s * s]).collect();
    let own = mean_of(sums.iter(), count);
    let one = |resample| {
        let mut rng = stream(seeds, resample);
        mean_of((0..count).map(|_| &sums[rng.random_range(0..count)]), count)
    };
    (own.error, (0..resamples).into_par_iter().map(one).collect())
}

/// The mean Σs / Σm and its cluster-robust standard error, with the factor G / (G − 1) for G clusters (the linearised
/// variance of a ratio: Cochran 1977, section 6.3; CR1 in Cameron & Miller 2015).
fn mean_of<'a>(sums: impl Iterator<Item = &'a Sums>, clusters: usize) -> Drawn {
    let mut total = [0.0; 5];
    sums.for_each(|sums| total.iter_mut().zip(sums).for_each(|(total, add)| *total += add));
    let [m, s, mm, ms, ss] = total;
    let shift = s / m;
    let squares = (ss - 2.0 * shift * ms + shift * shift * mm).max(0.0);
    Drawn { shift, error: (squares * correction(clusters)).sqrt() / m }
}

fn correction(clusters: usize) -> f64 {
    clusters as f64 / (clusters as f64 - 1.0)
}

fn both(answers: &Answers, resamples: u32, seeds: Seeds) -> (f64, Vec<Drawn>) {
    let all = Weights { person: vec![1.0; answers.persons], item: vec![1.0; answers.items] };
    let own = all.mean(answers).map_or(0.0, |drawn| drawn.error);
    let one = |resample| Weights::drawn(answers, Draw::Both, &mut stream(seeds, resample)).mean(answers);
    (own, (0..resamples).into_par_iter().filter_map(one).collect())
}

/// How often each person and item was drawn.
pub(super) struct Weights {
    person: Vec<f64>,
    item: Vec<f64>,
}

impl Weights {
    /// Draws persons, items or both as often as there are.
    pub(super) fn drawn(answers: &Answers, draw: Draw, rng: &mut StreamRng) -> Self {
        let mut side = |count: usize, drawn: bool| {
            if !drawn {
                return vec![1.0; count];
            }
            let mut weights = vec![0.0; count];
            (0..count).for_each(|_| weights[rng.random_range(0..count)] += 1.0);
            weights
        };
        Self { person: side(answers.persons, draw != Draw::Items), item: side(answers.items, draw != Draw::Persons) }
    }

    /// How often each record was drawn.
    pub(super) fn of_records(&self, answers: &Answers) -> Vec<f64> {
        answers.person.iter().zip(&answers.item).map(|(person, item)| self.person[*person] * self.item[*item]).collect()
    }

    /// The weighted mean and its two-way cluster-robust standard error: the variance by persons, plus that by items,
    /// less that by answers, which both contain (Cameron, Gelbach & Miller 2011); never below the larger of both.
    fn mean(&self, answers: &Answers) -> Option<Drawn> {
        let weights = self.of_records(answers);
        let m: f64 = weights.iter().sum();
        if m <= 0.0 {
            return None;
        }
        let shift = weights.iter().zip(&answers.centred).map(|(weight, value)| weight * value).sum::<f64>() / m;
        let (mut persons, mut items) = (vec![0.0; answers.persons], vec![0.0; answers.items]);
        let mut cells = 0.0;
        for (record, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
            let (person, item, away) = (answers.person[record], answers.item[record], answers.centred[record] - shift);
            persons[person] += self.item[item] * away;
            items[item] += self.person[person] * away;
            cells += weight * away * away;
        }
        let by = |sums: &[f64], weights: &[f64]| {
            let squares = sums.iter().zip(weights).map(|(sum, weight)| weight * sum * sum).sum::<f64>();
            squares * correction(sums.len())
        };
        let (by_person, by_item) = (by(&persons, &self.person), by(&items, &self.item));
        let variance = (by_person + by_item - cells).max(by_person.max(by_item));
        Some(Drawn { shift, error: variance.sqrt() / m })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bootstrap::Record;

    /// Two persons by two items, worked by hand: values 1, 0 / 0, 0 have the mean ¼ and deviations ¾, −¼ / −¼, −¼. Sums by
    /// person are ½ and −½, and so by item: each variance is 2 · ½ / 16 = 1/16. The answers' own is ¾ / 16, which leaves
    /// 1/16 + 1/16 − ¾/16 = 5/64.
    #[test]
    fn the_two_way_standard_error_is_that_worked_by_hand() {
        let record = |person, item, value| Record { person, item, value };
        let records = [record(0, 0, 1.0), record(0, 1, 0.0), record(1, 0, 0.0), record(1, 1, 0.0)];
        let answers = Answers::new(&records).unwrap();
        let (error, _) = means(&answers, Draw::Both, 1, Seeds::new(1));
        assert!((error - (5.0f64 / 64.0).sqrt()).abs() < 1e-15, "{error}");
        let (error, _) = means(&answers, Draw::Persons, 1, Seeds::new(1));
        assert!((error - 0.25).abs() < 1e-15, "{error}");
    }
}
