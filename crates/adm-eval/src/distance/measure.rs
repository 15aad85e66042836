//! Nine figures of a candidate set beside a reference set, each with an interval.

use super::Judge;
use super::bins::Binned;
use super::distances::{Distances, Figures};
use super::kernel::ReferenceKernel;
use super::part::{CandidatePart, ReferencePart, figures};
use super::set::{Candidate, Set};
use super::standard::Standard;
use crate::resample::{draws, half, order};
use crate::{EvalError, Features};
use adm_core::Seeds;
use rayon::prelude::*;

/// Draws of `count` beats over which figures that depend on the number of beats are averaged, at most.
const MOST_DRAWS: usize = 8;

/// Halvings behind the unlimited Fréchet distance: of a figure, and of each replicate, where more would hide in its scatter.
const HALVINGS: [usize; 2] = [4, 2];

/// How a reference is learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasureConfig {
    /// Half-samples behind each interval. More make its ends steadier and take proportionally longer; none makes an interval
    /// of its figure alone.
    pub replicates: usize,
    /// Neighbouring beats of the reference that are drawn together, because beats of one passage resemble each other. More
    /// make intervals wider; 1 takes beats as independent.
    pub group: usize,
    /// Most beats of either side: more are left out by a draw of whole groups, but never so many that a comparison lacks beats. Time and memory grow with its square.
    pub most: usize,
}

impl Default for MeasureConfig {
    /// 200 replicates, passages of eight beats (two bars), at most 2,000 beats.
    fn default() -> Self {
        Self { replicates: 200, group: 8, most: 2_000 }
    }
}

/// A reference set, learnt once, that measures any number of candidates.
pub struct Measure {
    config: MeasureConfig,
    seeds: Seeds,
    standard: Standard,
    set: Set,
    kernel: ReferenceKernel,
    whole: ReferencePart,
    halves: Vec<ReferencePart>,
}

impl Measure {
    /// Fewest beats on either side.
    pub const LEAST: usize = Judge::LEAST;

    /// Learns a reference set: its spread, kernel, neighbours and half-samples. The order of the beats is taken to be
    /// that in which they sound ([`MeasureConfig::group`]).
    ///
    /// # Errors
    /// Fewer than [`Self::LEAST`] beats.
    pub fn new(reference: &[Features], config: MeasureConfig, seeds: Seeds) -> Result<Self, EvalError> {
        at_least("the reference", Self::LEAST, reference.len())?;
        let chosen = at_most(reference, config.most, config.group, seeds, "left out of the reference");
        let standard = Standard::of(&chosen);
        let points = standard.apply(&chosen);
        let kernel = ReferenceKernel::new(&points.squared_distances_within());
        let set = Set::new(points, &kernel);
        let part = |members: Vec<usize>, index: u64, halvings| {
            ReferencePart::of(&set, members, halvings, &mut seeds.stream("halvings of the reference", index))
        };
        let whole = part((0..chosen.len()).collect(), 0, HALVINGS[0]);
        let half_of = |index: u64| {
            let members = half(chosen.len(), config.group, &mut seeds.stream("halves of the reference", index));
            part(members, index + 1, HALVINGS[1])
        };
        let halves = (0..config.replicates as u64).into_par_iter().map(half_of).collect();
        Ok(Self { config, seeds, standard, kernel, whole, halves, set })
    }

    /// Measures a candidate whose beats are independent of each other, as generated ones are. Figures that depend on how
    /// many beats there are come from `count` of them, averaged over up to eight draws: give the size of the smallest set
    /// that is compared. The others use all.
    ///
    /// # Errors
    /// A `count` under [`Self::LEAST`], or a candidate of fewer than `count` beats.
    pub fn distances(&self, candidate: &[Features], count: usize) -> Result<Distances, EvalError> {
        self.distances_of_passages(candidate, count, 1)
    }

    /// The same for recorded beats in the order in which they sound, of which `group` neighbours resemble each other (as
    /// [`MeasureConfig::group`]): the figures are the same, but for the draw, and the intervals wider.
    ///
    /// # Errors
    /// As [`Self::distances`].
    pub fn distances_of_passages(
        &self,
        candidate: &[Features],
        count: usize,
        group: usize,
    ) -> Result<Distances, EvalError> {
        at_least("the beats to compare", Self::LEAST, count)?;
        at_least("the candidate", count, candidate.len())?;
        let chosen = at_most(candidate, self.config.most.max(count), group, self.seeds, "left out of the candidate");
        let points = self.standard.apply(&chosen);
        let binned = Binned::of(&self.set.points, &points, count, &mut self.seeds.stream("bins", 0));
        let set = Candidate::new(points, &self.set, &self.kernel, binned);
        let part = |members: Vec<usize>, size: usize, index: u64, halvings| {
            let random = &mut self.seeds.stream("halvings of the candidate", index);
            CandidatePart::of(&set.own, draws(&members, size, MOST_DRAWS), members, halvings, random)
        };
        let all = order(chosen.len(), group, &mut self.seeds.stream("draws of the candidate", 0));
        let value = figures(&set.across, &self.whole, &part(all, count, 0, HALVINGS[0]));
        let replicate = |(index, reference): (usize, &ReferencePart)| {
            let index = index as u64;
            let members = half(chosen.len(), group, &mut self.seeds.stream("halves of the candidate", index));
            let size = (count / 2).clamp(1, members.len());
            figures(&set.across, reference, &part(members, size, index + 1, HALVINGS[1]))
        };
        let replicates: Vec<Figures> = self.halves.par_iter().enumerate().map(replicate).collect();
        Ok(Distances::new(&value, &replicates))
    }
}

/// All of `features`, or `most` of them in their order, drawn in whole groups.
fn at_most(features: &[Features], most: usize, group: usize, seeds: Seeds, name: &str) -> Vec<Features> {
    if features.len() <= most.max(Measure::LEAST) {
        return features.to_vec();
    }
    let mut kept = order(features.len(), group, &mut seeds.stream(name, 0));
    kept.truncate(most.max(Measure::LEAST));
    kept.sort_unstable();
    kept.into_iter().map(|index| features[index].clone()).collect()
}

fn at_least(what: &'static str, expected: usize, actual: usize) -> Result<(), EvalError> {
    if actual < expected { Err(EvalError::TooFew { what, expected, actual }) } else { Ok(()) }
}
