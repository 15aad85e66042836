//! One row's mixture as numbers, and the four ways to take a row from it (document 004, section 2.1.2).

use std::fmt;
use std::str::FromStr;

use adm_core::seeds::{RngExt, StreamRng};

use super::MixtureConfig;
use crate::ModelError;
use crate::nn::normal_pair;
use crate::ranges::within;

/// How a row is taken from a mixture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sampling {
    /// The mean of the Gaussian whose weight over deviation is the largest: the document's greedy maximum likelihood. Always the same
    /// row; near the likeliest one where Gaussians lie apart and are as wide as each other.
    Greedy,
    /// The likeliest row of all.
    Exact,
    /// A mean drawn among the first in order of weight over deviation that have this share of all, 0 to 1, together, and the first in any case. 0
    /// is greedy; more of it goes less likely ways.
    Tempered(f64),
    /// Drawn from the density itself, doubt and all.
    Drawn,
}

impl Sampling {
    /// What suits rows, where nobody says: sound is drawn, which alone never comes to rest (docs/document-004.md); rows of other numbers
    /// are means, free of noise, and what is not the likeliest way has its turn.
    pub fn usual(of_sound: bool) -> Self {
        if of_sound { Self::Drawn } else { Self::Tempered(0.9) }
    }
}

/// Gaussians of one row, in the network's range.
#[derive(Debug, Clone, PartialEq)]
pub struct Density {
    /// They add up to 1.
    weights: Vec<f64>,
    /// 0 where there is no doubt: regression.
    deviations: Vec<f64>,
    means: Vec<Vec<f64>>,
}

/// Steps of the search for the likeliest row, from each mean.
const MOST_STEPS: usize = 1_000;

/// The search ends where a step is shorter than this, where 1 is the deviation of all values.
const SHORTEST_STEP: f64 = 1e-7;

/// Shares that add up to 1 may come to a little more.
const ROUNDING: f64 = 1e-9;

impl Density {
    /// Reads a network's values for one row; see `mixture.rs` for their order.
    pub(super) fn of(outputs: &[f32], columns: usize, config: &MixtureConfig) -> Self {
        let numbers = |part: &[f32]| part.iter().map(|&value| f64::from(value)).collect::<Vec<_>>();
        if config.components == 0 {
            return Self { weights: vec![1.0], deviations: vec![0.0], means: vec![numbers(outputs)] };
        }
        let (logits, rest) = outputs.split_at(config.components);
        let (widths, means) = rest.split_at(config.components);
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let shares = logits.iter().map(|&logit| f64::from(logit - largest).exp()).collect();
        // softplus without overflow.
        let width = |&x: &f32| f64::from(x).max(0.0) + (-f64::from(x).abs()).exp().ln_1p() + config.narrowest;
        Self {
            weights: normalised(shares),
            deviations: widths.iter().map(width).collect(),
            means: means.chunks_exact(columns).map(numbers).collect(),
        }
    }

    /// The logarithm of the probability density of a row, in nats.
    pub fn log_likelihood(&self, row: &[f64]) -> f64 {
        log_sum_exp(&self.terms(row))
    }

    /// Of each Gaussian: its weight times its density at a row, as logarithms.
    fn terms(&self, row: &[f64]) -> Vec<f64> {
        let half = 0.5 * std::f64::consts::TAU.ln();
        let term = |((weight, deviation), mean): ((&f64, &f64), &Vec<f64>)| {
            let squares: f64 = mean.iter().zip(row).map(|(mean, value)| (mean - value).powi(2)).sum();
            weight.ln() - row.len() as f64 * (deviation.ln() + half) - squares / (2.0 * deviation * deviation)
        };
        self.weights.iter().zip(&self.deviations).zip(&self.means).map(term).collect()
    }

    /// A row, in the network's range.
    pub fn row(&self, sampling: Sampling, random: &mut StreamRng) -> Vec<f64> {
        if self.deviations.contains(&0.0) {
            return self.means[0].clone();
        }
        match sampling {
            Sampling::Greedy => self.means[self.by_standing()[0]].clone(),
            Sampling::Exact => self.likeliest(),
            Sampling::Tempered(share) => self.means[self.tempered(share, random.random::<f64>())].clone(),
            Sampling::Drawn => self.drawn(random),
        }
    }

    /// Weights over deviations, brought to a sum of 1: the document's standardised mixture coefficients.
    fn standing(&self) -> Vec<f64> {
        normalised(self.weights.iter().zip(&self.deviations).map(|(weight, deviation)| weight / deviation).collect())
    }

    /// Gaussians by that, the largest first; the first of equals first.
    fn by_standing(&self) -> Vec<usize> {
        let standing = self.standing();
        let mut order: Vec<usize> = (0..standing.len()).collect();
        order.sort_by(|&a, &b| standing[b].total_cmp(&standing[a]));
        order
    }

    /// The Gaussian that a number between 0 and 1 falls to among the tempered ones.
    fn tempered(&self, share: f64, uniform: f64) -> usize {
        let (standing, order) = (self.standing(), self.by_standing());
        let mut sum = 0.0;
        let within = order.iter().take_while(|&&index| {
            sum += standing[index];
            sum <= share + ROUNDING
        });
        let subset = &order[..within.count().max(1)];
        pick(subset.iter().map(|&index| (index, standing[index])), uniform)
    }

    fn drawn(&self, random: &mut StreamRng) -> Vec<f64> {
        let chosen = pick(self.weights.iter().copied().enumerate(), random.random::<f64>());
        let (deviation, mut row) = (self.deviations[chosen], self.means[chosen].clone());
        for pair in row.chunks_mut(2) {
            let drawn = normal_pair(random.random::<f64>(), random.random::<f64>());
            pair.iter_mut().zip(drawn).for_each(|(value, noise)| *value += deviation * noise);
        }
        row
    }

    /// The likeliest row: the highest of the hills that lead up from each mean (Carreira-Perpiñán 2000).
    fn likeliest(&self) -> Vec<f64> {
        let hills = self.means.iter().map(|mean| self.climb(mean.clone()));
        let rated = hills.map(|row| (self.log_likelihood(&row), row));
        rated.max_by(|(a, _), (b, _)| a.total_cmp(b)).map_or_else(Vec::new, |(_, row)| row)
    }

    /// Climbs from a row to the top of its hill: each step goes to the means' average as the Gaussians' shares in the row and their
    /// sharpness weigh them, which never leads down.
    fn climb(&self, mut row: Vec<f64>) -> Vec<f64> {
        for _ in 0..MOST_STEPS {
            let terms = self.terms(&row);
            let sum = log_sum_exp(&terms);
            let pulls =
                terms.iter().zip(&self.deviations).map(|(term, deviation)| (term - sum).exp() / deviation.powi(2));
            let pulls = normalised(pulls.collect());
            let mut next = vec![0.0; row.len()];
            for (pull, mean) in pulls.iter().zip(&self.means) {
                next.iter_mut().zip(mean).for_each(|(next, mean)| *next += pull * mean);
            }
            let moved = next.iter().zip(&row).map(|(next, row)| (next - row).abs()).fold(0.0, f64::max);
            row = next;
            if moved < SHORTEST_STEP {
                break;
            }
        }
        row
    }
}

fn normalised(mut shares: Vec<f64>) -> Vec<f64> {
    let sum: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= sum);
    shares
}

fn log_sum_exp(terms: &[f64]) -> f64 {
    let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + terms.iter().map(|term| (term - largest).exp()).sum::<f64>().ln()
}

/// What a number between 0 and 1 falls to, each having its share.
fn pick(shares: impl Iterator<Item = (usize, f64)> + Clone, uniform: f64) -> usize {
    let mut left = uniform * shares.clone().map(|(_, share)| share).sum::<f64>();
    let mut last = 0;
    for (index, share) in shares {
        last = index;
        left -= share;
        if left < 0.0 {
            break;
        }
    }
    last
}

impl fmt::Display for Sampling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Greedy => f.write_str("greedy"),
            Self::Exact => f.write_str("exact"),
            Self::Tempered(share) => write!(f, "tempered:{share}"),
            Self::Drawn => f.write_str("drawn"),
        }
    }
}

impl FromStr for Sampling {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        const KEY: &str = "--sampling";
        let unknown = || ModelError::Setting {
            key: KEY,
            allowed: "greedy, exact, tempered:SHARE or drawn".to_owned(),
            got: text.to_owned(),
        };
        match text {
            "greedy" => Ok(Self::Greedy),
            "exact" => Ok(Self::Exact),
            "drawn" => Ok(Self::Drawn),
            _ => {
                let share = text.strip_prefix("tempered:").ok_or_else(unknown)?.parse().map_err(|_| unknown())?;
                within(KEY, share, 0.0, 1.0).map_err(|_| unknown())?;
                Ok(Self::Tempered(share))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;

    fn density(parts: &[(f64, f64, &[f64])]) -> Density {
        Density {
            weights: parts.iter().map(|part| part.0).collect(),
            deviations: parts.iter().map(|part| part.1).collect(),
            means: parts.iter().map(|part| part.2.to_vec()).collect(),
        }
    }

    fn rows(density: &Density, sampling: Sampling, count: u64) -> Vec<Vec<f64>> {
        (0..count).map(|index| density.row(sampling, &mut Seeds::new(4).stream("test", index))).collect()
    }

    #[test]
    fn the_likeliest_row_is_the_one_that_a_grid_finds() {
        let mut drawn = Seeds::new(2).stream("mixtures", 0);
        for round in 0..200 {
            let mut uniform = |low: f64, high: f64| low + (high - low) * drawn.random::<f64>();
            let count = 1 + round % 4;
            let weights = normalised((0..count).map(|_| uniform(0.05, 1.0)).collect());
            let means: Vec<[f64; 2]> = (0..count).map(|_| [uniform(-1.0, 1.0), uniform(-1.0, 1.0)]).collect();
            let deviations: Vec<f64> = (0..count).map(|_| uniform(0.2, 0.8)).collect();
            let parts: Vec<(f64, f64, &[f64])> =
                (0..count).map(|k| (weights[k], deviations[k], &means[k][..])).collect();
            let density = density(&parts);
            // Modes of Gaussians as wide as these in every direction lie among their means.
            let places = (0..=200).flat_map(|x| (0..=200).map(move |y| [x, y].map(|at| f64::from(at) * 0.01 - 1.0)));
            let best = places.map(|place| density.log_likelihood(&place)).fold(f64::NEG_INFINITY, f64::max);
            let got = density.log_likelihood(&density.likeliest());
            assert!(got >= best - 1e-9, "round {round}: {got} against {best}");
            // A grid of 0.01 comes as near as that to the top.
            assert!(got <= best + 5e-3, "round {round}: {got} against {best}");
        }
    }

    #[test]
    fn greedy_weighs_by_sharpness_and_exact_by_what_piles_up() {
        let narrow = density(&[(0.6, 1.0, &[5.0]), (0.4, 0.1, &[-5.0])]);
        assert_eq!(narrow.row(Sampling::Greedy, &mut Seeds::new(0).stream("", 0)), [-5.0]);
        // Two that overlap are likelier together than a third that is heavier than each.
        let piled = density(&[(0.4, 0.5, &[0.0]), (0.3, 0.5, &[4.0]), (0.3, 0.5, &[4.2])]);
        assert_eq!(piled.row(Sampling::Greedy, &mut Seeds::new(0).stream("", 0)), [0.0]);
        let exact = piled.row(Sampling::Exact, &mut Seeds::new(0).stream("", 0))[0];
        assert!((exact - 4.1).abs() < 1e-6, "{exact}");
    }

    #[test]
    fn tempering_draws_among_the_first_that_have_the_share() {
        // Standings 0.5, 0.3, 0.2, all as wide.
        let density = density(&[(0.3, 1.0, &[1.0]), (0.5, 1.0, &[2.0]), (0.2, 1.0, &[3.0])]);
        let share_of = |sampling, value: f64| {
            rows(&density, sampling, 4_000).iter().filter(|row| row[0] == value).count() as f64 / 4_000.0
        };
        for share in [0.0, 0.4, 0.5, 0.79] {
            assert_eq!(share_of(Sampling::Tempered(share), 2.0), 1.0, "{share}");
        }
        // Five standard errors of 4,000 draws.
        const TOLERANCE: f64 = 0.04;
        for (share, expected) in [(0.81, [0.375, 0.625, 0.0]), (1.0, [0.3, 0.5, 0.2])] {
            for (value, expected) in [1.0, 2.0, 3.0].into_iter().zip(expected) {
                let got = share_of(Sampling::Tempered(share), value);
                assert!((got - expected).abs() < TOLERANCE, "{share}: {got} against {expected}");
            }
        }
    }

    #[test]
    fn all_of_the_share_leaves_no_gaussian_out() {
        let mut random = Seeds::new(7).stream("weights", 0);
        for _ in 0..2_000 {
            let weights = normalised((0..10).map(|_| random.random::<f64>() + 1e-3).collect());
            let density = Density { weights, deviations: vec![1.0; 10], means: vec![vec![0.0]; 10] };
            let least = *density.by_standing().last().unwrap();
            assert_eq!(density.tempered(1.0, 1.0 - 1e-12), least);
        }
    }

    #[test]
    fn drawn_rows_have_the_density_s_mean_and_variance() {
        let density = density(&[(0.25, 0.5, &[1.0, -1.0]), (0.75, 1.0, &[-1.0, 2.0])]);
        let rows = rows(&density, Sampling::Drawn, 20_000);
        // Mean Σ π μ; variance Σ π (σ² + μ²) − mean², by hand.
        for (column, mean, variance) in [(0, -0.5, 0.8125 + 1.0 - 0.25), (1, 1.25, 0.8125 + 3.25 - 1.5625)] {
            let values = || rows.iter().map(|row| row[column]);
            let got = values().sum::<f64>() / rows.len() as f64;
            let spread = values().map(|value| (value - got).powi(2)).sum::<f64>() / rows.len() as f64;
            // Six standard errors.
            assert!((got - mean).abs() < 0.06 && (spread / variance - 1.0).abs() < 0.06, "{got}, {spread}");
        }
    }

    #[test]
    fn regression_has_no_doubt() {
        let density = Density::of(&[0.5, -2.0], 2, &MixtureConfig { components: 0, narrowest: 0.1 });
        for sampling in [Sampling::Greedy, Sampling::Exact, Sampling::Tempered(1.0), Sampling::Drawn] {
            assert_eq!(density.row(sampling, &mut Seeds::new(1).stream("test", 0)), [0.5, -2.0]);
        }
    }

    #[test]
    fn ways_are_read_as_they_are_written() {
        for sampling in [Sampling::Greedy, Sampling::Exact, Sampling::Tempered(0.25), Sampling::Drawn] {
            assert_eq!(sampling.to_string().parse::<Sampling>().unwrap(), sampling);
        }
        for text in ["", "Greedy", "tempered", "tempered:", "tempered:1.5", "tempered:nan", "random"] {
            let error = text.parse::<Sampling>().unwrap_err().to_string();
            assert!(error.starts_with("--sampling must be greedy, exact, tempered:SHARE or drawn"), "{error}");
        }
    }
}
