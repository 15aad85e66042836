//! All distances between two sets, to be looked at for many halves of them.

use super::pairs::Points;
use rayon::prelude::*;

/// Squared distances: of the beat of each row to that of each column.
pub struct Table {
    columns: usize,
    values: Vec<f32>,
}

impl Table {
    /// Of `rows` to `columns`.
    pub fn between(rows: &Points, columns: &Points) -> Self {
        let table = rows.squared_distances_to(columns).0;
        Self { columns: columns.len(), values: table.concat() }
    }

    /// The same numbers, each made into another.
    pub fn map(&self, value: impl Fn(f32) -> f32 + Sync) -> Self {
        Self { columns: self.columns, values: self.values.par_iter().map(|&squared| value(squared)).collect() }
    }

    /// One row.
    pub fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.columns..][..self.columns]
    }

    /// Mean over some rows and columns.
    pub fn mean(&self, rows: &[usize], columns: &[usize]) -> f64 {
        let of_row = |&row: &usize| pick(self.row(row), columns).map(f64::from).sum::<f64>();
        rows.iter().map(of_row).sum::<f64>() / (rows.len() * columns.len()).max(1) as f64
    }

    /// Mean over all pairs of different members, where rows and columns are of one set.
    pub fn mean_of_pairs(&self, members: &[usize]) -> f64 {
        let count = members.len() as f64;
        let diagonal: f64 = members.iter().map(|&member| f64::from(self.row(member)[member])).sum();
        (self.mean(members, members) * count * count - diagonal) / (count * (count - 1.0)).max(1.0)
    }

    /// The squared distance of each member to its `kth` nearest fellow, where rows and columns are of one set.
    pub fn radii(&self, members: &[usize], kth: usize) -> Vec<f32> {
        let mut fellows = Vec::with_capacity(members.len());
        let radius = |&member: &usize| {
            fellows.clear();
            let others = members.iter().filter(|&&other| other != member);
            fellows.extend(others.map(|&other| self.row(member)[other]));
            let at = (kth - 1).min(fellows.len().saturating_sub(1));
            if fellows.is_empty() { 0.0 } else { *fellows.select_nth_unstable_by(at, f32::total_cmp).1 }
        };
        members.iter().map(radius).collect()
    }
}

/// Some values of a row.
fn pick<'a>(row: &'a [f32], columns: &'a [usize]) -> impl Iterator<Item = f32> + 'a {
    columns.iter().map(|&column| row[column])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_radii_are_those_of_the_members() {
        let points = Points::new([0.0, 1.0, 3.0, 7.0, 50.0].map(|x| vec![x]).to_vec());
        let table = Table::between(&points, &points);
        let members = [0, 1, 3];
        // Squares of 1, 7 and 6.
        assert!((table.mean_of_pairs(&members) - 86.0 / 3.0).abs() < 1e-6);
        assert_eq!(table.radii(&members, 1), [1.0, 1.0, 36.0]);
        assert_eq!(table.radii(&members, 2), [49.0, 36.0, 49.0]);
        assert_eq!(table.radii(&members, 5), [49.0, 36.0, 49.0], "no more fellows than there are");
        assert!((table.mean(&[0], &[1, 2]) - 5.0).abs() < 1e-6);
        assert_eq!(table.map(|squared| squared + 1.0).row(0), [1.0, 2.0, 10.0, 50.0, 2_501.0]);
    }
}
