//! Answers laid out for resampling.

use std::collections::HashMap;

use super::Record;
use crate::{Result, check};

/// Records with persons and items numbered from 0 in the order they first come, and values less their mean.
pub(super) struct Answers {
    pub(super) person: Vec<usize>,
    pub(super) item: Vec<usize>,
    pub(super) centred: Vec<f64>,
    pub(super) mean: f64,
    pub(super) persons: usize,
    pub(super) items: usize,
}

impl Answers {
    pub(super) fn new(records: &[Record]) -> Result<Self> {
        check::at_least("answers", 1, records.len() as u64)?;
        let values: Vec<f64> = records.iter().map(|record| record.value).collect();
        check::finite("answers", &values)?;
        let mean = check::sound("their sum", values.iter().sum::<f64>())? / values.len() as f64;
        let (person, persons) = numbered(records.iter().map(|record| record.person));
        let (item, items) = numbered(records.iter().map(|record| record.item));
        let centred: Vec<f64> = values.iter().map(|value| value - mean).collect();
        // The most that any cluster's, or any resample's, squared sum can come to.
        let squares = centred.iter().map(|value| value * value).sum::<f64>();
        check::sound("their squares", squares * (values.len() as f64).powi(3))?;
        Ok(Self { person, item, centred, mean, persons, items })
    }

    /// Below this, a standard error is a rounding error.
    pub(super) fn rounding(&self) -> f64 {
        let largest = self.centred.iter().fold(self.mean.abs(), |largest, value| largest.max(value.abs()));
        1e-12 * largest
    }
}

fn numbered(names: impl Iterator<Item = usize>) -> (Vec<usize>, usize) {
    let mut numbers = HashMap::new();
    let places = names
        .map(|name| {
            let next = numbers.len();
            *numbers.entry(name).or_insert(next)
        })
        .collect();
    (places, numbers.len())
}
