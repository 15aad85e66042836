//! A table of counts with its margins.

use crate::{Result, StatsError, binomial::MAX_TRIALS, check};

/// Counts by row and column, every row and column holding at least one.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    cells: Vec<Vec<u64>>,
    pub(crate) row_sums: Vec<u64>,
    pub(crate) column_sums: Vec<u64>,
    pub(crate) total: u64,
}

impl Table {
    /// Checks a table of at least 2 × 2.
    pub(crate) fn new<R: AsRef<[u64]>>(rows: &[R]) -> Result<Self> {
        check::at_least("the table's rows", 2, rows.len() as u64)?;
        let columns = rows[0].as_ref().len();
        check::at_least("the table's columns", 2, columns as u64)?;
        let table = Self::of(rows.iter().map(|row| row.as_ref().to_vec()).collect(), columns)?;
        if table.row_sums.contains(&0) || table.column_sums.contains(&0) {
            return Err(StatsError::NoVariation { what: "a table's empty row or column" });
        }
        Ok(table)
    }

    /// [`Self::new`] without empty rows and columns, and how many there were.
    pub(crate) fn without_empty<R: AsRef<[u64]>>(rows: &[R]) -> Result<(Self, u64)> {
        let columns = rows.first().map_or(0, |row| row.as_ref().len());
        let all = Self::of(rows.iter().map(|row| row.as_ref().to_vec()).collect(), columns)?;
        let kept_columns = |row: &Vec<u64>| {
            let cells = row.iter().zip(&all.column_sums);
            cells.filter(|(_, sum)| **sum > 0).map(|(count, _)| *count).collect::<Vec<u64>>()
        };
        let rows = all.cells.iter().zip(&all.row_sums).filter(|(_, sum)| **sum > 0);
        let kept: Vec<Vec<u64>> = rows.map(|(row, _)| kept_columns(row)).collect();
        let width = kept.first().map_or(0, Vec::len);
        if kept.len() < 2 || width < 2 {
            return Err(StatsError::NoVariation { what: "the table's rows or columns" });
        }
        let dropped = all.row_sums.len() - kept.len() + columns - width;
        Ok((Self::of(kept, width)?, dropped as u64))
    }

    fn of(cells: Vec<Vec<u64>>, columns: usize) -> Result<Self> {
        cells.iter().try_for_each(|row| check::shape("a table row's length", columns, row.len()))?;
        let total = cells.iter().flatten().try_fold(0u64, |sum, count| sum.checked_add(*count));
        let Some(total) = total.filter(|total| *total <= MAX_TRIALS) else {
            let value = cells.iter().flatten().map(|count| *count as f64).sum();
            return Err(StatsError::OutOfRange { what: "the table's total", value, range: "at most 1,000,000,000" });
        };
        let row_sums = cells.iter().map(|row| row.iter().sum()).collect();
        let column_sums = (0..columns).map(|column| cells.iter().map(|row| row[column]).sum()).collect();
        Ok(Self { cells, row_sums, column_sums, total })
    }

    /// The count that independence makes expected.
    pub(crate) fn expected(&self, row: usize, column: usize) -> f64 {
        self.row_sums[row] as f64 * self.column_sums[column] as f64 / self.total as f64
    }

    /// All expected counts.
    pub(crate) fn all_expected(&self) -> impl Iterator<Item = f64> + '_ {
        let columns = self.column_sums.len();
        (0..self.row_sums.len()).flat_map(move |row| (0..columns).map(move |column| self.expected(row, column)))
    }

    /// Pearson's χ².
    pub(crate) fn chi_square(&self) -> f64 {
        let counts = self.cells.iter().flatten();
        counts.zip(self.all_expected()).map(|(count, expected)| (*count as f64 - expected).powi(2) / expected).sum()
    }

    /// (rows − 1)(columns − 1).
    pub(crate) fn freedom(&self) -> f64 {
        (self.row_sums.len() - 1) as f64 * (self.column_sums.len() - 1) as f64
    }

    /// The four counts of a 2 × 2 table.
    pub(crate) fn two_by_two(&self) -> Option<[[u64; 2]; 2]> {
        match self.cells.as_slice() {
            [first, second] => Some([first.as_slice().try_into().ok()?, second.as_slice().try_into().ok()?]),
            _ => None,
        }
    }
}
