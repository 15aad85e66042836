//! All distances of a candidate from a reference, with intervals.

use super::at_least;
use super::bins::{Bins, different};
use super::estimate::{Estimate, half};
use super::frechet::Normal;
use super::neighbours::NEIGHBOURS;
use super::pairs::Points;
use super::pooled::pooled;
use super::standard::Standard;
use super::table::Table;
use crate::{EvalError, Features};
use adm_core::Seeds;
use adm_core::seeds::shuffle;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// What kernel distances are multiplied by, as in [`super::kernel`].
const SCALE: f64 = 1_000.0;

/// How a reference is measured with.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureConfig {
    /// The group of every reference beat: beats of one group follow one another, and are drawn together for intervals. Every
    /// beat alone where there is none.
    pub groups: Option<Vec<usize>>,
    /// Halves that an interval is taken from. More make its ends steadier.
    pub halves: usize,
    /// Draws that figures are averaged over which depend on the number of beats, where a candidate has more than are wanted.
    pub draws: usize,
}

impl Default for MeasureConfig {
    fn default() -> Self {
        Self { groups: None, halves: 100, draws: 4 }
    }
}

/// How far a candidate is from a reference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Distances {
    /// Squared kernel distance × 1,000 ([`super::kernel`]): about 0 for beats of the same kind, 1,000 to 2,000 for beats that have
    /// nothing in common. It does not depend on the number of beats.
    pub kad: Estimate,
    /// Fréchet distance ([`super::frechet`]): 0 for the same beats; it falls with the number of beats.
    pub fad: Estimate,
    /// The same for as many beats as one likes.
    pub fad_unlimited: Estimate,
    /// How many reference beats each candidate lies near ([`super::neighbours`]): about 1 for beats of the same kind.
    pub density: Estimate,
    /// Share of the reference's beats that have a candidate near by ([`super::neighbours`]). It grows with the number of candidates.
    pub coverage: Estimate,
    /// Share of candidates that lie near a reference beat (Kynkäänniemi et al., "Improved precision and recall metric for
    /// assessing generative models", NeurIPS 2019): how many sound right.
    pub precision: Estimate,
    /// Share of reference beats that lie near a candidate, as candidates lie apart (the same): what of the reference is reached. A
    /// candidate that is all over the place reaches everything.
    pub recall: Estimate,
    /// Share of kinds of beats of which there are clearly more or fewer ([`super::bins`]): about 0.05 for beats of the same kind.
    pub ndb: Estimate,
    /// Mean distance of two candidates over that of two reference beats: 1 is as varied as the reference.
    pub diversity: Estimate,
}

/// A reference, ready to be measured with.
pub struct Measure {
    standard: Standard,
    points: Points,
    pooled: Vec<Vec<f64>>,
    bins: Bins,
    kinds: Vec<usize>,
    /// Squared distances of reference beats.
    within: Table,
    /// The same as kernel values.
    kernel: Table,
    sharpness: f64,
    groups: Vec<usize>,
    config: MeasureConfig,
    seeds: Seeds,
}

/// A candidate beside the reference.
struct Sides {
    pooled: Vec<Vec<f64>>,
    kinds: Vec<usize>,
    within: Table,
    within_kernel: Table,
    /// Rows are reference beats.
    across: Table,
    across_kernel: Table,
}

/// Members of both sides that figures are taken of.
struct Draw {
    reference: Vec<usize>,
    candidate: Vec<usize>,
    /// As many candidates as every set has.
    equal: Vec<usize>,
}

/// Figures of one draw, in the order of [`Distances`] without the unlimited one.
type Figures = [f64; 8];

impl Measure {
    /// Learns a reference. Memory grows with the square of its beats: eight bytes a pair.
    ///
    /// # Errors
    /// Too few beats, or another number of groups.
    pub fn new(reference: &[Features], config: MeasureConfig, seeds: Seeds) -> Result<Self, EvalError> {
        at_least("the reference", reference)?;
        let groups = config.groups.clone().unwrap_or_else(|| (0..reference.len()).collect());
        if groups.len() != reference.len() {
            let (expected, actual) = (reference.len(), groups.len());
            return Err(EvalError::WrongShape { what: "the reference's groups", expected, actual });
        }
        let standard = Standard::of(reference);
        let points = standard.apply(reference);
        let sharpness = 0.5 / f64::from(points.squared_distances_within().median()).max(f64::MIN_POSITIVE);
        let within = Table::between(&points, &points);
        let pooled: Vec<Vec<f64>> = points.rows().map(pooled).collect();
        let bins = Bins::learn(&pooled, seeds);
        Ok(Self {
            kernel: within.map(|squared| gaussian(squared, sharpness)),
            kinds: bins.kinds(&pooled),
            standard,
            points,
            pooled,
            bins,
            within,
            sharpness,
            groups,
            config,
            seeds,
        })
    }

    /// Measures a candidate; figures that depend on the number of beats are taken of `count` of them, for which the smallest of all
    /// sets that are compared is a good choice.
    ///
    /// # Errors
    /// Too few beats.
    pub fn distances(&self, candidate: &[Features], count: usize) -> Result<Distances, EvalError> {
        at_least("the candidate", candidate)?;
        let points = self.standard.apply(candidate);
        let pooled: Vec<Vec<f64>> = points.rows().map(pooled).collect();
        let (within, across) = (Table::between(&points, &points), Table::between(&self.points, &points));
        let kernel = |table: &Table| table.map(|squared| gaussian(squared, self.sharpness));
        let sides = Sides {
            kinds: self.bins.kinds(&pooled),
            within_kernel: kernel(&within),
            across_kernel: kernel(&across),
            pooled,
            within,
            across,
        };
        let count = count.clamp(1, candidate.len());
        let draws = if count < candidate.len() { self.config.draws.max(1) } else { 1 };
        let whole =
            self.average(&sides, (0..draws as u64).map(|index| self.all(candidate.len(), count, index)).collect());
        let halves: Vec<Figures> = (0..self.config.halves as u64)
            .into_par_iter()
            .map(|index| self.figures(&sides, &self.halves(candidate.len(), count, index)))
            .collect();
        Ok(with_intervals(whole, &halves))
    }

    /// All of both sides.
    fn all(&self, candidates: usize, count: usize, index: u64) -> Draw {
        let candidate: Vec<usize> = (0..candidates).collect();
        let equal = self.some(&candidate, count, "equal numbers", index);
        Draw { reference: (0..self.groups.len()).collect(), candidate, equal }
    }

    /// Half of both sides.
    fn halves(&self, candidates: usize, count: usize, index: u64) -> Draw {
        let each: Vec<usize> = (0..candidates).collect();
        let candidate = half(&each, self.seeds, "half of the candidate", index);
        let equal = self.some(&candidate, count.div_ceil(2), "half of equal numbers", index);
        Draw { reference: half(&self.groups, self.seeds, "half of the reference", index), candidate, equal }
    }

    fn some(&self, members: &[usize], count: usize, name: &str, index: u64) -> Vec<usize> {
        if members.len() <= count {
            return members.to_vec();
        }
        let mut drawn = members.to_vec();
        shuffle(&mut drawn, &mut self.seeds.stream(name, index));
        drawn.truncate(count);
        drawn.sort_unstable();
        drawn
    }

    fn average(&self, sides: &Sides, draws: Vec<Draw>) -> Figures {
        let count = draws.len() as f64;
        let each: Vec<Figures> = draws.par_iter().map(|draw| self.figures(sides, draw)).collect();
        std::array::from_fn(|at| each.iter().map(|figures| figures[at]).sum::<f64>() / count)
    }

    fn figures(&self, sides: &Sides, draw: &Draw) -> Figures {
        let Draw { reference, candidate, equal } = draw;
        let kad = self.kernel.mean_of_pairs(reference) + sides.within_kernel.mean_of_pairs(candidate)
            - 2.0 * sides.across_kernel.mean(reference, candidate);
        let rows = |of: &[usize], from: &'_ [Vec<f64>]| -> Normal {
            Normal::of(&of.iter().map(|&at| from[at].as_slice()).collect::<Vec<_>>())
        };
        let fad = rows(reference, &self.pooled).distance(&rows(candidate, &sides.pooled));
        let [density, coverage, precision, recall] = self.neighbours(sides, reference, equal);
        let kinds = |of: &[usize], from: &[usize]| of.iter().map(|&at| from[at]).collect::<Vec<_>>();
        let (ours, theirs) = (kinds(reference, &self.kinds), kinds(equal, &sides.kinds));
        let spread = mean_distance(&self.within, reference).max(f64::MIN_POSITIVE);
        let ndb = different(self.bins.len(), &ours, &theirs);
        [SCALE * kad, fad, density, coverage, precision, recall, ndb, mean_distance(&sides.within, equal) / spread]
    }

    /// Density, coverage, precision and recall.
    fn neighbours(&self, sides: &Sides, reference: &[usize], candidate: &[usize]) -> [f64; 4] {
        let radii = self.within.radii(reference, NEIGHBOURS);
        let reaches = sides.within.radii(candidate, NEIGHBOURS);
        let (mut inside, mut covered, mut reached) = (0usize, 0usize, 0usize);
        let mut precise = vec![false; candidate.len()];
        for (&row, radius) in reference.iter().zip(&radii) {
            let row = sides.across.row(row);
            let (mut here, mut within_reach) = (0, false);
            for ((&column, reach), precise) in candidate.iter().zip(&reaches).zip(&mut precise) {
                let squared = row[column];
                here += usize::from(squared < *radius);
                *precise |= squared < *radius;
                within_reach |= squared < *reach;
            }
            inside += here;
            covered += usize::from(here > 0);
            reached += usize::from(within_reach);
        }
        let (n, m) = (reference.len().max(1) as f64, candidate.len().max(1) as f64);
        let precise = precise.into_iter().filter(|&precise| precise).count() as f64;
        [inside as f64 / (NEIGHBOURS as f64 * m), covered as f64 / n, precise / m, reached as f64 / n]
    }
}

fn gaussian(squared: f32, sharpness: f64) -> f32 {
    (-f64::from(squared) * sharpness).exp() as f32
}

fn mean_distance(within: &Table, members: &[usize]) -> f64 {
    let of_row = |(at, &row): (usize, &usize)| {
        members[..at].iter().map(|&column| f64::from(within.row(row)[column]).sqrt()).sum::<f64>()
    };
    let pairs = (members.len() * members.len().saturating_sub(1) / 2).max(1) as f64;
    members.iter().enumerate().map(of_row).sum::<f64>() / pairs
}

fn with_intervals(whole: Figures, halves: &[Figures]) -> Distances {
    let of = |at: usize| halves.iter().map(|figures| figures[at]).collect::<Vec<f64>>();
    let estimate = |at: usize| Estimate::new(whole[at], of(at));
    let [kad, fad, density, coverage, precision, recall, ndb, diversity] = std::array::from_fn(estimate);
    let mean = halves.iter().map(|figures| figures[1]).sum::<f64>() / halves.len().max(1) as f64;
    let excess = if halves.is_empty() { 0.0 } else { mean - fad.value };
    let share = |estimate: Estimate| estimate.within(0.0, 1.0);
    let positive = |estimate: Estimate| estimate.within(0.0, f64::MAX);
    Distances {
        kad,
        fad: positive(fad),
        fad_unlimited: Estimate { value: fad.value - excess, low: fad.low - excess, high: fad.high - excess },
        density: positive(density),
        coverage: share(coverage),
        precision: share(precision),
        recall: share(recall),
        ndb: share(ndb),
        diversity: positive(diversity),
    }
}
