//! A number for every pair of beats, from which any part of the beats is judged without measuring again.

use super::pairs::Points;
use rayon::prelude::*;

/// Squared distances or kernels, a row for each beat of one set and a column for each of another (or the same).
pub struct Table(Vec<Vec<f32>>);

impl Table {
    /// Squared distances, shape `[rows, columns]`: four bytes each.
    pub fn distances(rows: &Points, columns: &Points) -> Self {
        Self(rows.squared_distances_to(columns).0)
    }

    /// The same table with every number changed.
    pub fn map(&self, change: impl Fn(f32) -> f32 + Sync) -> Self {
        Self(self.0.par_iter().map(|row| row.iter().map(|&value| change(value)).collect()).collect())
    }

    /// One row.
    pub fn row(&self, index: usize) -> &[f32] {
        &self.0[index]
    }

    /// Mean of `value_of` over the pairs of a member of `rows` and one of `columns`.
    pub fn mean(&self, rows: &[usize], columns: &[usize], value_of: impl Fn(f32) -> f64) -> f64 {
        let row_sum = |&index: &usize| columns.iter().map(|&column| value_of(self.0[index][column])).sum::<f64>();
        let pairs = rows.len() * columns.len();
        rows.iter().map(row_sum).sum::<f64>() / pairs.max(1) as f64
    }

    /// Mean of `value_of` over the pairs of two different `members`, of a set's table with itself.
    pub fn mean_within(&self, members: &[usize], value_of: impl Fn(f32) -> f64) -> f64 {
        let row_sum = |(place, &index): (usize, &usize)| {
            members[..place].iter().map(|&other| value_of(self.0[index][other])).sum::<f64>()
        };
        let pairs = members.len() * members.len().saturating_sub(1) / 2;
        members.iter().enumerate().map(row_sum).sum::<f64>() / pairs.max(1) as f64
    }

    /// For each of `members` the numbers of its `NEAREST` nearest fellows among them, ascending; the last stands for those
    /// that are missing in a smaller set.
    pub fn nearest<const NEAREST: usize>(&self, members: &[usize]) -> Vec<[f32; NEAREST]> {
        members.iter().map(|&index| nearest(&self.0[index], index, members)).collect()
    }
}

fn nearest<const NEAREST: usize>(row: &[f32], own: usize, members: &[usize]) -> [f32; NEAREST] {
    let mut best = [f32::INFINITY; NEAREST];
    for &other in members {
        let value = row[other];
        if value < best[NEAREST - 1] && other != own {
            let place = best.iter().position(|&known| value < known).unwrap_or(NEAREST - 1);
            best[place..].rotate_right(1);
            best[place] = value;
        }
    }
    let last = best.iter().copied().rfind(|value| value.is_finite()).unwrap_or(0.0);
    best.map(|value| if value.is_finite() { value } else { last })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points on a line at these places.
    fn line(places: &[f32]) -> Table {
        let points = Points::new(places.iter().map(|&place| vec![place]).collect());
        Table::distances(&points, &points)
    }

    #[test]
    fn means_are_those_of_all_pairs_for_any_members() {
        let table = line(&[0.0, 1.0, 3.0, 7.0, 2.0]);
        let members = [3, 0, 2];
        let pairs = [7.0, 4.0, 3.0f64];
        assert!(
            (table.mean_within(&members, |squared| f64::from(squared).sqrt()) - pairs.iter().sum::<f64>() / 3.0).abs()
                < 1e-6
        );
        assert!((table.mean(&[1, 3], &[0, 4], f64::from) - (1.0 + 1.0 + 49.0 + 25.0) / 4.0).abs() < 1e-6);
        assert_eq!(table.map(|squared| 2.0 * squared).row(1), [2.0, 0.0, 8.0, 72.0, 2.0]);
    }

    #[test]
    fn the_nearest_equal_those_of_a_sorted_row_over_swept_sizes() {
        for size in 1..40 {
            let table = line(&(0..size).map(|n| (n as f32 * 1.7).sin()).collect::<Vec<_>>());
            let members: Vec<usize> = (0..size).filter(|n| n % 3 != 1 || size < 4).collect();
            for (member, nearest) in members.iter().zip(table.nearest::<3>(&members)) {
                let mut sorted: Vec<f32> =
                    members.iter().filter(|other| *other != member).map(|&other| table.row(*member)[other]).collect();
                sorted.sort_by(f32::total_cmp);
                let last = sorted.last().copied().unwrap_or(0.0);
                sorted.resize(3.max(sorted.len()), last);
                assert_eq!(nearest, sorted[..3], "size {size}, member {member}");
            }
        }
    }
}
