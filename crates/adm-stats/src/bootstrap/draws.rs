//! Resampled means with their standard errors.
//!
//! The mean of K kinds' means is, to first order, a sum over answers of (value − its kind's mean) / (K · the kind's answers). What a
//! cluster adds to that sum, squared and summed over clusters, is the variance (Cochran 1977, section 6.3; CR1 in Cameron & Miller
//! 2015, with the factor G / (G − 1) for G clusters). The residuals are taken before they are squared: expanded into sums of squares they
//! would leave rounding alone where nearly all answers are equal.

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

/// The sample's own standard error, and those of `resamples` resamples; one that lacks a kind is left out.
pub(super) fn means(answers: &Answers, draw: Draw, resamples: u32, seeds: Seeds) -> (f64, Vec<Drawn>) {
    match draw {
        Draw::Persons => persons(answers, resamples, seeds),
        Draw::Items | Draw::Both => weighted(answers, draw, resamples, seeds),
    }
}

/// The standard error of the mean by persons.
pub(crate) fn error_by_persons(answers: &Answers) -> f64 {
    let clusters = Clusters::of_persons(answers);
    let all: Vec<usize> = (0..answers.persons).collect();
    clusters.mean_of(&all).map_or(0.0, |drawn| drawn.error)
}

fn stream(seeds: Seeds, resample: u32) -> StreamRng {
    seeds.stream("bootstrap", u64::from(resample))
}

fn persons(answers: &Answers, resamples: u32, seeds: Seeds) -> (f64, Vec<Drawn>) {
    let (clusters, count) = (Clusters::of_persons(answers), answers.persons);
    let one = |drawn: &mut Vec<usize>, resample| {
        let mut rng = stream(seeds, resample);
        drawn.clear();
        drawn.extend((0..count).map(|_| rng.random_range(0..count)));
        clusters.mean_of(drawn)
    };
    let drawn = (0..resamples).into_par_iter().map_init(Vec::new, one).flatten().collect();
    (error_by_persons(answers), drawn)
}

/// Each cluster's count and sum of each kind, one cluster after the other.
struct Clusters {
    kinds: usize,
    totals: Vec<[f64; 2]>,
}

impl Clusters {
    fn of_persons(answers: &Answers) -> Self {
        let kinds = answers.kinds;
        let mut totals = vec![[0.0; 2]; answers.persons * kinds];
        for ((person, kind), value) in answers.person.iter().zip(&answers.kind).zip(&answers.centred) {
            let total = &mut totals[person * kinds + kind];
            *total = [total[0] + 1.0, total[1] + value];
        }
        Self { kinds, totals }
    }

    fn of(&self, cluster: usize) -> &[[f64; 2]] {
        &self.totals[cluster * self.kinds..(cluster + 1) * self.kinds]
    }

    /// The mean of drawn clusters; nothing where a kind is not among them.
    fn mean_of(&self, drawn: &[usize]) -> Option<Drawn> {
        let mut kinds = [[0.0; 2]; FEW_KINDS];
        let mut more = Vec::new();
        let kinds = if self.kinds <= FEW_KINDS {
            &mut kinds[..self.kinds]
        } else {
            more.resize(self.kinds, [0.0; 2]);
            &mut more[..]
        };
        for cluster in drawn {
            kinds.iter_mut().zip(self.of(*cluster)).for_each(|(all, own)| *all = [all[0] + own[0], all[1] + own[1]]);
        }
        let shift = to_means(kinds)?;
        let away = |cluster: &usize| {
            let of_kind = self.of(*cluster).iter().zip(&*kinds);
            of_kind.map(|([m, s], [scale, mean])| (s - mean * m) * scale).sum::<f64>().powi(2)
        };
        let squares: f64 = drawn.iter().map(away).sum();
        Some(Drawn { shift, error: (squares * correction(drawn.len())).sqrt() })
    }
}

/// Kinds that need no memory of their own.
const FEW_KINDS: usize = 4;

/// Turns each kind's count and sum into 1 / (kinds · count) and its mean; gives the mean of means.
fn to_means(kinds: &mut [[f64; 2]]) -> Option<f64> {
    let many = kinds.len() as f64;
    if kinds.iter().any(|[m, _]| *m <= 0.0) {
        return None;
    }
    kinds.iter_mut().for_each(|kind| *kind = [1.0 / (many * kind[0]), kind[1] / kind[0]]);
    Some(kinds.iter().map(|[_, mean]| mean).sum::<f64>() / many)
}

fn correction(clusters: usize) -> f64 {
    clusters as f64 / (clusters as f64 - 1.0)
}

fn weighted(answers: &Answers, draw: Draw, resamples: u32, seeds: Seeds) -> (f64, Vec<Drawn>) {
    let strata = Strata::of(answers);
    let all = Weights { person: vec![1.0; answers.persons], item: vec![1.0; answers.items] };
    let own = all.mean(answers, draw, &strata).map_or(0.0, |drawn| drawn.error);
    let one =
        |resample| Weights::drawn(answers, draw, &strata, &mut stream(seeds, resample)).mean(answers, draw, &strata);
    (own, (0..resamples).into_par_iter().filter_map(one).collect())
}

/// The items of each kind; items of several kinds together are a kind of their own.
pub(super) struct Strata {
    items: Vec<Vec<usize>>,
    /// The factor G / (G − 1) of each item's kind.
    correction: Vec<f64>,
}

impl Strata {
    pub(super) fn of(answers: &Answers) -> Self {
        let mut of_item = vec![None; answers.items];
        for (item, kind) in answers.item.iter().zip(&answers.kind) {
            let mixed = answers.kinds;
            of_item[*item] = Some(match of_item[*item] {
                None => *kind,
                Some(other) if other == *kind => *kind,
                Some(_) => mixed,
            });
        }
        let mut items = vec![Vec::new(); answers.kinds + 1];
        for (item, kind) in of_item.iter().enumerate() {
            items[kind.unwrap_or(answers.kinds)].push(item);
        }
        items.retain(|items| !items.is_empty());
        let mut corrections = vec![1.0; answers.items];
        for stratum in &items {
            stratum.iter().for_each(|item| corrections[*item] = correction(stratum.len()));
        }
        Self { items, correction: corrections }
    }

    /// The fewest items of any kind.
    pub(super) fn fewest(&self) -> usize {
        self.items.iter().map(Vec::len).min().unwrap_or(0)
    }
}

/// How often each person and item was drawn.
struct Weights {
    person: Vec<f64>,
    item: Vec<f64>,
}

impl Weights {
    /// Draws persons, items or both as often as there are; items within their kinds.
    fn drawn(answers: &Answers, draw: Draw, strata: &Strata, rng: &mut StreamRng) -> Self {
        let mut weights = Self { person: vec![1.0; answers.persons], item: vec![1.0; answers.items] };
        if draw != Draw::Items {
            weights.person.fill(0.0);
            (0..answers.persons).for_each(|_| weights.person[rng.random_range(0..answers.persons)] += 1.0);
        }
        if draw != Draw::Persons {
            weights.item.fill(0.0);
            for items in &strata.items {
                items.iter().for_each(|_| weights.item[items[rng.random_range(0..items.len())]] += 1.0);
            }
        }
        weights
    }

    /// The weighted mean and its standard error. With both drawn that is the two-way one: the variance by persons, plus that by items,
    /// less that by answers, which both contain (Cameron, Gelbach & Miller 2011); never below the larger of both.
    fn mean(&self, answers: &Answers, draw: Draw, strata: &Strata) -> Option<Drawn> {
        let mut kinds = vec![[0.0; 2]; answers.kinds];
        for (record, kind) in answers.kind.iter().enumerate() {
            let weight = self.of(answers, record);
            let kind = &mut kinds[*kind];
            *kind = [kind[0] + weight, kind[1] + weight * answers.centred[record]];
        }
        let shift = to_means(&mut kinds)?;
        let (mut persons, mut items) = (vec![0.0; answers.persons], vec![0.0; answers.items]);
        let mut cells = 0.0;
        for (record, kind) in answers.kind.iter().enumerate() {
            let [scale, mean] = kinds[*kind];
            let (person, item) = (answers.person[record], answers.item[record]);
            let away = (answers.centred[record] - mean) * scale;
            persons[person] += self.item[item] * away;
            items[item] += self.person[person] * away;
            cells += self.of(answers, record) * away * away;
        }
        let by_person = squares(&persons, &self.person) * correction(answers.persons);
        let corrected: Vec<f64> = self.item.iter().zip(&strata.correction).map(|(weight, by)| weight * by).collect();
        let by_item = squares(&items, &corrected);
        let variance = match draw {
            Draw::Persons => by_person,
            Draw::Items => by_item,
            Draw::Both => (by_person + by_item - cells).max(by_person.max(by_item)),
        };
        Some(Drawn { shift, error: variance.sqrt() })
    }

    fn of(&self, answers: &Answers, record: usize) -> f64 {
        self.person[answers.person[record]] * self.item[answers.item[record]]
    }
}

fn squares(sums: &[f64], weights: &[f64]) -> f64 {
    sums.iter().zip(weights).map(|(sum, weight)| weight * sum * sum).sum()
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
