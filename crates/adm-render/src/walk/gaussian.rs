//! Normal numbers, with the rare ones left out on request.

use adm_core::Seeds;
use adm_core::seeds::{RngExt, StreamRng};
use std::f64::consts::TAU;

/// A normal distribution that is cut off symmetrically (the truncation trick of Brock et al., "Large Scale GAN Training for High
/// Fidelity Natural Image Synthesis", 2019, section 3.1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gaussian {
    cut: f64,
}

impl Gaussian {
    /// The standard normal distribution, cut off where what is left has the standard deviation `truncation` in (0, 1].
    ///
    /// At 1 nothing is cut. Vectors of `n` draws have norms near `truncation·√n`.
    pub fn truncated(truncation: f64) -> Self {
        if truncation >= 1.0 {
            return Self { cut: f64::INFINITY };
        }
        let (mut low, mut high) = (0.0, 40.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if spread_within(middle) < truncation { low = middle } else { high = middle }
        }
        Self { cut: high }
    }

    /// `length` numbers of the stream `name` at `index`.
    pub fn vector(self, length: usize, seeds: Seeds, name: &str, index: u64) -> Vec<f32> {
        let mut rng = seeds.stream(name, index);
        (0..length).map(|_| self.draw(&mut rng) as f32).collect()
    }

    /// One number: Box and Muller's transform, drawn again until it lies within the cut.
    fn draw(self, rng: &mut StreamRng) -> f64 {
        loop {
            // 1 - u lies in (0, 1], where the logarithm is finite.
            let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
            let number = radius * (TAU * rng.random::<f64>()).cos();
            if number.abs() <= self.cut {
                return number;
            }
        }
    }
}

/// Standard deviation of a standard normal number known to lie in [-cut, cut], by the midpoint rule.
fn spread_within(cut: f64) -> f64 {
    const STEPS: u32 = 2_000;
    let (mut mass, mut second_moment) = (0.0, 0.0);
    for step in 0..STEPS {
        let x = cut * (f64::from(step) + 0.5) / f64::from(STEPS);
        let density = (-0.5 * x * x).exp();
        mass += density;
        second_moment += x * x * density;
    }
    (second_moment / mass).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truncation_is_the_spread_that_is_left() {
        for truncation in [1.0, 0.95, 0.7, 0.3, 0.05] {
            let gaussian = Gaussian::truncated(truncation);
            let mut rng = Seeds::new(1).stream("test", 0);
            let draws: Vec<f64> = (0..20_000).map(|_| gaussian.draw(&mut rng)).collect();
            let mean = draws.iter().sum::<f64>() / 2e4;
            let spread = (draws.iter().map(|x| x * x).sum::<f64>() / 2e4).sqrt();
            // Five standard errors of 20,000 draws.
            assert!(mean.abs() < 5.0 * truncation / 2e4f64.sqrt(), "ψ {truncation}: mean {mean}");
            assert!((spread / truncation - 1.0).abs() < 5.0 / 4e4f64.sqrt(), "ψ {truncation}: spread {spread}");
            assert!(draws.iter().all(|x| x.abs() <= gaussian.cut));
        }
    }

    /// Tables give a standard deviation of 0.539560 for a normal number within ±1 and 0.879626 within ±2.
    #[test]
    fn cuts_agree_with_the_tables() {
        assert!((Gaussian::truncated(0.539_560).cut - 1.0).abs() < 1e-4);
        assert!((Gaussian::truncated(0.879_626).cut - 2.0).abs() < 1e-4);
    }
}
