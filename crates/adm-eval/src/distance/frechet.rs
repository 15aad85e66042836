//! Fréchet distance of two sets as if both were normally distributed (Dowson & Landau 1982; Heusel et al., "GANs trained by a two
//! time-scale update rule", NeurIPS 2017, section 4): `|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½)`, over pooled features ([`super::pooled`])
//! in units of the reference's spread.
//!
//! It is too large by an amount that falls with the number of beats on both sides, as `1/n` to first order. Halves of both sets
//! therefore tell how much: with the mean figure of halves, *unlimited* is twice the figure less that (Chong & Forsyth,
//! "Effectively unbiased FID and Inception score", CVPR 2020, who fit a line; both sets shrink here, since a small reference
//! is as biased as a small candidate).

use super::pooled::POOLED;
use super::symmetric::Symmetric;

/// Mean and covariance of a set.
pub struct Normal {
    mean: Vec<f64>,
    covariance: Symmetric,
}

impl Normal {
    /// Of rows of [`POOLED`] numbers.
    pub fn of(rows: &[&[f64]]) -> Self {
        let mut mean = vec![0.0; POOLED];
        rows.iter().for_each(|row| mean.iter_mut().zip(*row).for_each(|(sum, value)| *sum += value));
        mean.iter_mut().for_each(|sum| *sum /= rows.len().max(1) as f64);
        Self { covariance: Symmetric::covariance(rows, &mean), mean }
    }

    /// The distance of another from this one.
    pub fn distance(&self, other: &Self) -> f64 {
        let apart: f64 = self.mean.iter().zip(&other.mean).map(|(a, b)| (a - b).powi(2)).sum();
        let shared = self.covariance.clone().root().around(&other.covariance);
        let roots: f64 = shared.eigen().0.iter().map(|value| value.max(0.0).sqrt()).sum();
        apart + self.covariance.trace() + other.covariance.trace() - 2.0 * roots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: usize, scale: f64, shift: f64) -> Vec<Vec<f64>> {
        (0..count).map(|n| (0..POOLED).map(|k| shift + scale * ((n * (k + 3)) as f64 * 0.7).sin()).collect()).collect()
    }

    fn normal(rows: &[Vec<f64>]) -> Normal {
        Normal::of(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    #[test]
    fn scale_and_place_have_their_known_distance() {
        let near = normal(&rows(200, 1.0, 0.0));
        assert!(near.distance(&near).abs() < 1e-6);
        // Σ₂ = 4 Σ₁: tr(Σ₁) + 4 tr(Σ₁) − 2 · 2 tr(Σ₁) = tr(Σ₁); and 64 places half apart.
        let trace = near.covariance.trace();
        let wide = normal(&rows(200, 2.0, 0.0));
        let shift: f64 = near.mean.iter().zip(&wide.mean).map(|(a, b)| (a - b).powi(2)).sum();
        assert!((near.distance(&wide) - trace - shift).abs() < 1e-6 * trace);
        assert!((near.distance(&normal(&rows(200, 1.0, 0.5))) - 0.25 * POOLED as f64).abs() < 1e-6);
    }
}
