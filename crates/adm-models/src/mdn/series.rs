//! What is learned from: rows in their order, and which of them are held out.

use adm_dataset::{Split, Vectors};
use serde::{Deserialize, Serialize};

use crate::ModelError;

/// Rows without a gap, all of one split.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// Its part in training.
    pub split: Split,
    /// The rows.
    pub rows: Vectors,
}

/// Passages of rows of one length.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    columns: usize,
    passages: Vec<Passage>,
    standard: Standard,
}

/// Columns to a mean of 0, and all of them to one deviation of 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// The mean of each column.
    pub means: Vec<f32>,
    /// The deviation of all values from their columns' means.
    pub deviation: f32,
}

impl Series {
    /// Passages of one number of columns.
    ///
    /// # Errors
    /// Other numbers of columns, fewer than two rows to learn from in any of them, or rows that never change.
    pub fn new(passages: Vec<Passage>) -> Result<Self, ModelError> {
        let columns = passages.first().map_or(0, |passage| passage.rows.columns());
        if let Some(other) = passages.iter().find(|passage| passage.rows.columns() != columns) {
            return Err(ModelError::Columns { expected: columns, got: other.rows.columns() });
        }
        let learned = || passages.iter().filter(|passage| passage.split == Split::Train);
        let longest = learned().map(|passage| passage.rows.len()).max().unwrap_or(0);
        if longest < 2 {
            return Err(ModelError::NothingFollows { rows: longest, needed: 2 });
        }
        let standard = Standard::of(learned().map(|passage| &passage.rows), columns).ok_or(ModelError::Unchanging)?;
        Ok(Self { columns, passages, standard })
    }

    /// One passage, the last share of which is held out.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn of_vectors(rows: &Vectors, hold_out: f64) -> Result<Self, ModelError> {
        let held = (rows.len() as f64 * hold_out).round() as usize;
        let learned = rows.len() - held;
        let part = |split, from: usize, to: usize| {
            let values = rows.values()[from * rows.columns()..to * rows.columns()].to_vec();
            Vectors::new(rows.columns(), values).map(|rows| Passage { split, rows })
        };
        let parts = [part(Split::Train, 0, learned), part(Split::Validation, learned, rows.len())];
        Self::new(parts.into_iter().flatten().collect())
    }

    /// Values in a row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All passages.
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }

    /// Those of one split.
    pub fn of_split(&self, split: Split) -> impl Iterator<Item = &Vectors> + Clone {
        self.passages.iter().filter(move |passage| passage.split == split).map(|passage| &passage.rows)
    }

    /// Rows of one split.
    pub fn count(&self, split: Split) -> usize {
        self.of_split(split).map(Vectors::len).sum()
    }

    /// What the training split's values are brought to.
    pub fn standard(&self) -> &Standard {
        &self.standard
    }

    /// Columns, from 0, that never change in what is learned from.
    pub fn constant_columns(&self) -> Vec<usize> {
        let changes = |column: usize| {
            let mut values = self.of_split(Split::Train).flat_map(|rows| rows.rows().map(move |row| row[column]));
            values.next().is_some_and(|first| values.any(|value| value != first))
        };
        (0..self.columns).filter(|&column| !changes(column)).collect()
    }
}

impl Standard {
    /// Of these rows; `None` where they never change.
    fn of<'a>(parts: impl Iterator<Item = &'a Vectors> + Clone, columns: usize) -> Option<Self> {
        let rows = || parts.clone().flat_map(Vectors::rows);
        let count = rows().count() as f64;
        let mut means = vec![0.0f64; columns];
        for row in rows() {
            means.iter_mut().zip(row).for_each(|(mean, &value)| *mean += f64::from(value) / count);
        }
        let off = |row: &[f32]| row.iter().zip(&means).map(|(&value, mean)| (f64::from(value) - mean).powi(2)).sum();
        let squares: f64 = rows().map(|row| -> f64 { off(row) }).sum();
        let deviation = (squares / (count * columns as f64)).sqrt() as f32;
        // Rounding alone lets the mean of equal values differ from them.
        let largest = means.iter().fold(0.0f64, |most, mean| most.max(mean.abs())) as f32;
        let means = means.into_iter().map(|mean| mean as f32).collect();
        (deviation > f32::MIN_POSITIVE.max(1e-6 * largest)).then_some(Self { means, deviation })
    }

    /// Brings a row into the network's range.
    pub fn apply(&self, row: &[f32]) -> impl Iterator<Item = f32> {
        row.iter().zip(&self.means).map(|(value, mean)| (value - mean) / self.deviation)
    }

    /// Undoes [`apply`](Self::apply).
    pub fn invert(&self, row: &[f32]) -> impl Iterator<Item = f32> {
        row.iter().zip(&self.means).map(|(value, mean)| value * self.deviation + mean)
    }

    /// Whether rows can be brought to it.
    pub(super) fn is_usable(&self) -> bool {
        self.means.iter().all(|mean| mean.is_finite()) && self.deviation.is_finite() && self.deviation > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rounding of a few sums in 32 bits.
    const TOLERANCE: f32 = 1e-5;

    fn vectors(columns: usize, values: &[f32]) -> Vectors {
        Vectors::new(columns, values.to_vec()).unwrap()
    }

    #[test]
    fn values_have_no_mean_and_a_deviation_of_one() {
        let rows = vectors(2, &[1.0, 7.0, 3.0, 7.0, 5.0, 7.0, 100.0, 0.0]);
        let series = Series::of_vectors(&rows, 0.25).unwrap();
        assert_eq!((series.count(Split::Train), series.count(Split::Validation)), (3, 1));
        // By hand: deviations −2, 0, 2 in one column of two.
        assert_eq!(series.standard(), &Standard { means: vec![3.0, 7.0], deviation: (8.0f32 / 6.0).sqrt() });
        assert_eq!(series.constant_columns(), [1]);
        let brought: Vec<f32> = series.standard().apply(&[100.0, 0.0]).collect();
        let back: Vec<f32> = series.standard().invert(&brought).collect();
        assert!((back[0] - 100.0).abs() < 100.0 * TOLERANCE && back[1].abs() < 100.0 * TOLERANCE, "{back:?}");
    }

    #[test]
    fn what_teaches_nothing_is_refused() {
        let message = |rows: &Vectors, hold_out| Series::of_vectors(rows, hold_out).unwrap_err().to_string();
        assert!(message(&vectors(2, &[1.0, 2.0]), 0.0).contains("nothing follows"));
        assert!(message(&vectors(1, &[1.0, 2.0, 3.0]), 0.5).contains("nothing follows"));
        assert!(message(&vectors(2, &[0.1, 0.7, 0.1, 0.7, 0.1, 0.7]), 0.0).contains("never change"));
        let passage = |columns| Passage { split: Split::Train, rows: vectors(columns, &[1.0, 2.0, 3.0, 4.0]) };
        assert!(Series::new(vec![passage(2), passage(1)]).unwrap_err().to_string().contains("columns"));
        assert!(Series::new(vec![]).is_err());
    }
}
