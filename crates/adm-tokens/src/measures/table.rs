//! Rows of measures, one a slice.

use super::VALUES;
use std::fmt;

/// Measures of many slices, `[slices, VALUES]`.
#[derive(Clone, PartialEq, Default)]
pub struct Table(Vec<f32>);

impl fmt::Debug for Table {
    /// Its size alone: nobody reads thousands of numbers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table({} rows)", self.len())
    }
}

impl Table {
    /// A table of values that are there already; `None` where they do not fill whole rows.
    pub fn from_values(values: Vec<f32>) -> Option<Self> {
        values.len().is_multiple_of(VALUES).then_some(Self(values))
    }

    /// A table of `rows` rows of zeros.
    pub(crate) fn zeros(rows: usize) -> Self {
        Self(vec![0.0; rows * VALUES])
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.0.len() / VALUES
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One slice's measures.
    pub fn row(&self, index: usize) -> &[f32] {
        &self.0[index * VALUES..(index + 1) * VALUES]
    }

    /// Appends a row.
    pub(crate) fn push(&mut self, row: &[f32]) {
        self.0.extend_from_slice(row);
    }

    /// All values, row after row.
    pub fn values(&self) -> &[f32] {
        &self.0
    }

    pub(crate) fn values_mut(&mut self) -> &mut [f32] {
        &mut self.0
    }
}
