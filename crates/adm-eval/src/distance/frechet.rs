//! Fréchet distance between two sets, each taken as a normal distribution, on 64 blurred features (every six neighbouring mel
//! bands added up; a covariance of all features would need thousands of beats):
//!
//! `|μ₁ − μ₂|² + tr(C₁ + C₂ − 2 (C₁ C₂)^½)` (Dowson & Landau, J. Multivariate Analysis 12, 1982, equation 16; on features
//! of sound Kilgour et al., "Fréchet audio distance", Interspeech 2019). Covariances are without bias.
//!
//! Of few beats the distance comes out too large, in proportion to `1/n`, so figures of different sizes cannot be
//! compared. Chong & Forsyth ("Effectively unbiased FID and Inception score and where to find them", CVPR 2020) fit a line
//! over `1/n` and read it at 0. Here that is done with both sets, as a reference of a few hundred beats has as much bias as a
//! candidate, and in its two-point form: the figure of all beats against that of random halves of both, which has twice the
//! bias. The means' share of the bias needs no fit: it is `tr C₁/n₁ + tr C₂/n₂` exactly, and taking that off leaves half
//! the scatter of a line through everything.

use super::eigen::eigenvalues;
use super::moments::Moments;
use super::points::Wide;
use adm_core::seeds::{StreamRng, shuffle};

/// What is left of a diagonal entry, relative to the largest, below which a direction counts as empty.
const RANK_TOLERANCE: f64 = 1e-12;

/// The moments of a set and of random halves of it.
#[derive(Debug, Clone)]
pub(super) struct Halved {
    /// All of them.
    pub whole: Moments,
    halves: Vec<Moments>,
}

impl Halved {
    /// Splits the `members` of `points` in halves `times` times (at least once), each time anew.
    pub fn of(points: &Wide, members: &[usize], times: usize, random: &mut StreamRng) -> Self {
        let mut members = members.to_vec();
        let mut halves = Vec::with_capacity(2 * times);
        for _ in 0..times.max(1) {
            shuffle(&mut members, random);
            let (first, second) = members.split_at(members.len() / 2);
            halves.extend([Moments::of(points, first), Moments::of(points, second)]);
        }
        Self { whole: halves[0].with(&halves[1]), halves }
    }
}

/// The distance of two sets as they are.
pub(super) fn distance(a: &Moments, b: &Moments) -> f64 {
    means_apart(a, b) + covariances_apart(&a.covariance(), &b.covariance()).max(0.0)
}

/// The distance that endless beats would have; without bias, so that it goes a little below zero for sets alike.
pub(super) fn unlimited(a: &Halved, b: &Halved) -> f64 {
    let apart = |a: &Moments, b: &Moments| covariances_apart(&a.covariance(), &b.covariance());
    let means = means_apart(&a.whole, &b.whole) - noise_of_mean(&a.whole) - noise_of_mean(&b.whole);
    let pairs = a.halves.iter().zip(&b.halves);
    let count = pairs.len().max(1) as f64;
    let halves = pairs.map(|(a, b)| apart(a, b)).sum::<f64>() / count;
    means + 2.0 * apart(&a.whole, &b.whole) - halves
}

fn means_apart(a: &Moments, b: &Moments) -> f64 {
    a.mean().iter().zip(b.mean()).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Expected squared distance of a sample's mean from that of the beats it was drawn from.
fn noise_of_mean(of: &Moments) -> f64 {
    trace(&of.covariance()) / of.count().max(1.0)
}

fn trace(matrix: &[f64]) -> f64 {
    let size = matrix.len().isqrt();
    matrix.iter().step_by(size + 1).sum()
}

/// `tr(A + B − 2 (A B)^½)`. With `A = L Lᵀ` the product has the eigenvalues of the symmetric `Lᵀ B L`.
fn covariances_apart(a: &[f64], b: &[f64]) -> f64 {
    let size = a.len().isqrt();
    let root = columns_of_root(a, size);
    let rank = root.len();
    let image: Vec<Vec<f64>> =
        root.iter().map(|column| b.chunks_exact(size).map(|row| dot(row, column)).collect()).collect();
    let product =
        (0..rank * rank).map(|at| if at % rank <= at / rank { dot(&root[at / rank], &image[at % rank]) } else { 0.0 });
    let roots: f64 = eigenvalues(product.collect(), rank).iter().map(|value| value.max(0.0).sqrt()).sum();
    trace(a) + trace(b) - 2.0 * roots
}

/// The columns of an `L` with `L Lᵀ` equal to a positive semidefinite matrix, as many as its rank (Cholesky with the
/// largest pivot first; Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition, section 10.3).
fn columns_of_root(matrix: &[f64], size: usize) -> Vec<Vec<f64>> {
    let mut left: Vec<f64> = matrix.iter().step_by(size + 1).copied().collect();
    let largest = left.iter().copied().fold(0.0, f64::max);
    let mut columns: Vec<Vec<f64>> = Vec::with_capacity(size);
    while let Some((pivot, &most)) = left.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)) {
        if columns.len() == size || most <= RANK_TOLERANCE * largest {
            break;
        }
        let mut column: Vec<f64> = matrix.chunks_exact(size).map(|row| row[pivot]).collect();
        for earlier in &columns {
            column.iter_mut().zip(earlier).for_each(|(value, other)| *value -= other * earlier[pivot]);
        }
        let scale = most.sqrt();
        column.iter_mut().for_each(|value| *value /= scale);
        left.iter_mut().zip(&column).for_each(|(left, value)| *left -= value * value);
        left[pivot] = 0.0;
        columns.push(column);
    }
    columns
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
