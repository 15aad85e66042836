//! Mean and covariance of a set of points, as sums that can be added up.

use super::points::Wide;

/// Sums over points of `size` numbers each.
#[derive(Debug, Clone)]
pub struct Moments {
    count: f64,
    sum: Vec<f64>,
    /// Lower triangle of `Σ x xᵀ`, shape `[size, size]`; above the diagonal are zeros.
    products: Vec<f64>,
}

impl Moments {
    /// The moments of the `members` of `points`.
    pub fn of(points: &Wide, members: &[usize]) -> Self {
        let size = points.size();
        let (mut sum, mut products) = (vec![0.0; size], vec![0.0; size * size]);
        for point in members.iter().map(|&member| points.point(member)) {
            for (index, (row, value)) in products.chunks_exact_mut(size).zip(point).enumerate() {
                sum[index] += value;
                row.iter_mut().zip(&point[..=index]).for_each(|(product, other)| *product += value * other);
            }
        }
        Self { count: members.len() as f64, sum, products }
    }

    /// The moments of both sets together.
    pub fn with(&self, other: &Self) -> Self {
        let add = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a + b).collect();
        Self {
            count: self.count + other.count,
            sum: add(&self.sum, &other.sum),
            products: add(&self.products, &other.products),
        }
    }

    /// Points that went in.
    pub fn count(&self) -> f64 {
        self.count
    }

    /// Mean, shape `[size]`.
    pub fn mean(&self) -> Vec<f64> {
        self.sum.iter().map(|sum| sum / self.count.max(1.0)).collect()
    }

    /// Covariance without bias (over `count − 1`), shape `[size, size]`, both triangles.
    pub fn covariance(&self) -> Vec<f64> {
        let (mean, size) = (self.mean(), self.sum.len());
        let mut covariance = vec![0.0; size * size];
        for i in 0..size {
            for j in 0..=i {
                let centred = self.products[i * size + j] - self.sum[i] * mean[j];
                let value = centred / (self.count - 1.0).max(1.0);
                (covariance[i * size + j], covariance[j * size + i]) = (value, value);
            }
        }
        covariance
    }
}
