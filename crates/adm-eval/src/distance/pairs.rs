//! Distances of all pairs, row by row on all threads.
//!
//! Each row is summed by one thread in a fixed order and rows are added up in order, so results never depend on the
//! number of threads.

use rayon::prelude::*;

/// Sums that run side by side, so that the processor's vector units are full.
const LANES: usize = 16;

/// Standardised features.
pub struct Points(Vec<Vec<f32>>);

/// Squared distances: of each point to those before it, or of each reference point to all candidates.
pub struct Rows(pub Vec<Vec<f32>>);

impl Points {
    /// Points of one dimension.
    pub fn new(points: Vec<Vec<f32>>) -> Self {
        Self(points)
    }

    /// The points' numbers.
    pub fn rows(&self) -> &[Vec<f32>] {
        &self.0
    }

    /// Row `i` holds the squared distances of point `i` to points `0..i`.
    pub fn squared_distances_within(&self) -> Rows {
        let row = |index: usize| self.0[..index].iter().map(|other| squared_distance(&self.0[index], other)).collect();
        Rows((0..self.0.len()).into_par_iter().map(row).collect())
    }

    /// Row `i` holds the squared distances of point `i` to every one of `others`.
    pub fn squared_distances_to(&self, others: &Self) -> Rows {
        let row = |point: &Vec<f32>| others.0.iter().map(|other| squared_distance(point, other)).collect();
        Rows(self.0.par_iter().map(row).collect())
    }
}

impl Rows {
    /// Mean of `value_of` over all pairs.
    pub fn mean(&self, value_of: impl Fn(f32) -> f64 + Sync) -> f64 {
        let sums: Vec<f64> =
            self.0.par_iter().map(|row| row.iter().map(|&squared| value_of(squared)).sum::<f64>()).collect();
        let pairs: usize = self.0.iter().map(Vec::len).sum();
        sums.iter().sum::<f64>() / pairs.max(1) as f64
    }

    /// Mean distance of all pairs.
    pub fn mean_distance(&self) -> f64 {
        self.mean(|squared| f64::from(squared).sqrt())
    }

    /// Median squared distance of all pairs; for an even number of pairs the upper of the two in the middle.
    pub fn median(&self) -> f32 {
        let mut all = self.0.concat();
        let middle = all.len() / 2;
        if all.is_empty() { 0.0 } else { *all.select_nth_unstable_by(middle, f32::total_cmp).1 }
    }
}

fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; LANES];
    let (a_blocks, b_blocks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = a_blocks.remainder().iter().zip(b_blocks.remainder()).map(|(a, b)| (a - b) * (a - b)).sum();
    for (a, b) in a_blocks.zip(b_blocks) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += (a - b) * (a - b);
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_equal_a_plain_sum_over_swept_sizes() {
        for size in 0..70 {
            let a: Vec<f32> = (0..size).map(|n| (n as f32 * 0.7).sin()).collect();
            let b: Vec<f32> = (0..size).map(|n| (n as f32 * 1.3).cos()).collect();
            let expected: f64 = a.iter().zip(&b).map(|(a, b)| f64::from(a - b).powi(2)).sum();
            assert!((f64::from(squared_distance(&a, &b)) - expected).abs() < 1e-5 * (1.0 + expected), "size {size}");
        }
    }

    #[test]
    fn rows_have_the_mean_and_median_of_all_pairs() {
        let points = Points::new([0.0, 1.0, 3.0, 7.0].map(|x| vec![x]).to_vec());
        let rows = points.squared_distances_within();
        // The distances are 1, 3, 7, 2, 6 and 4.
        assert!((rows.mean_distance() - 23.0 / 6.0).abs() < 1e-6);
        assert_eq!(rows.median(), 16.0);
        assert_eq!(points.squared_distances_to(&Points::new(vec![vec![1.0]])).0, [[1.0], [0.0], [4.0], [36.0]]);
    }
}
