//! Answers laid out for resampling.

use std::collections::HashMap;

use super::Record;
use crate::{Result, check};

/// Records with persons, items and kinds numbered from 0 in the order they first come, and values less their kind's mean.
pub(crate) struct Answers {
    pub(super) person: Vec<usize>,
    pub(super) item: Vec<usize>,
    pub(super) kind: Vec<usize>,
    pub(super) centred: Vec<f64>,
    /// The mean of the kinds' means.
    pub(crate) mean: f64,
    pub(crate) persons: usize,
    pub(crate) items: usize,
    pub(super) kinds: usize,
}

impl Answers {
    /// All of one kind.
    pub(crate) fn new(records: &[Record]) -> Result<Self> {
        Self::of_kinds(records, &vec![0; records.len()])
    }

    /// `kinds` has a number for each record, the same for those of one kind.
    pub(crate) fn of_kinds(records: &[Record], kinds: &[usize]) -> Result<Self> {
        check::at_least("answers", 1, records.len() as u64)?;
        check::shape("the answers' kinds", records.len(), kinds.len())?;
        let values: Vec<f64> = records.iter().map(|record| record.value).collect();
        check::finite("answers", &values)?;
        check::sound("their sum", values.iter().sum::<f64>())?;
        let (kind, kinds) = numbered(kinds.iter().copied());
        let means = means(&values, &kind, kinds);
        let centred: Vec<f64> = values.iter().zip(&kind).map(|(value, kind)| value - means[*kind]).collect();
        // The most that any cluster's, or any resample's, squared sum can come to.
        let squares = centred.iter().map(|value| value * value).sum::<f64>();
        check::sound("their squares", squares * (values.len() as f64).powi(3))?;
        let (person, persons) = numbered(records.iter().map(|record| record.person));
        let (item, items) = numbered(records.iter().map(|record| record.item));
        let mean = means.iter().sum::<f64>() / kinds as f64;
        Ok(Self { person, item, kind, centred, mean, persons, items, kinds })
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.centred.len()
    }

    /// Below this, a standard error is a rounding error.
    pub(crate) fn rounding(&self) -> f64 {
        let largest = self.centred.iter().fold(self.mean.abs(), |largest, value| largest.max(value.abs()));
        1e-12 * largest
    }
}

fn means(values: &[f64], kind: &[usize], kinds: usize) -> Vec<f64> {
    let mut totals = vec![(0.0, 0.0); kinds];
    for (value, kind) in values.iter().zip(kind) {
        totals[*kind].0 += value;
        totals[*kind].1 += 1.0;
    }
    totals.into_iter().map(|(sum, count)| sum / count).collect()
}

pub(super) fn numbered(names: impl Iterator<Item = usize>) -> (Vec<usize>, usize) {
    let mut numbers = HashMap::new();
    let places = names
        .map(|name| {
            let next = numbers.len();
            *numbers.entry(name).or_insert(next)
        })
        .collect();
    (places, numbers.len())
}
