//! The figures by name, with what they mean.

use crate::resample::Estimate;
use serde::{Deserialize, Serialize};

/// What a candidate set is worth beside a reference set, each figure with the interval that its draw of beats leaves open.
///
/// None of them is comparable with figures measured on other features. Read them between two yardsticks measured the same
/// way: recorded beats that were held out (the floor) and noise (the ceiling).
///
/// How often the intervals hold the mean of many draws, by simulation (the crate's example `intervals`, 100 beside 100 beats):
/// 94 to 98 % for all figures of a candidate some way off; kernel and Fréchet intervals of beats of the same kind are half as
/// wide again as they need be and always hold (their scatter falls faster with the number of beats than half-samples can
/// know). They are too narrow near the end of a scale: 89 % for a coverage near 1, 90 % for bins of which half differ, and a share
/// of 0 or 1 has no width at all. All intervals are in units of this reference's own spreads, which are learnt once: they say how
/// surely candidates beside one reference differ. From one small reference to another of the same music kernel and Fréchet
/// distances scatter about twice as much.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Distances {
    /// Kernel distance × 1,000 ([`super::kernel`]): about 0, even a little below, for beats of the same kind, 1,000 to 2,000
    /// for beats that have nothing in common; larger is worse. It sees every feature, and everything about how they are
    /// distributed. Independent of the number of beats, so it uses all. Copies of the reference's own beats score lowest
    /// of all: finding them is the audit's task.
    pub kad: Estimate,
    /// Fréchet distance ([`super::frechet`]) on 64 blurred features, 0 upwards; larger is worse. It sees means and
    /// covariances alone, and grows as beats get fewer: compare only equal numbers.
    pub fad: Estimate,
    /// The Fréchet distance that endless beats would have: about 0, even a little below, for beats of the same kind; larger is
    /// worse. Independent of the number of beats, so it uses all.
    pub fad_unlimited: Estimate,
    /// How many reference beats each candidate lies near, relative to what the reference's own spacing suggests
    /// ([`super::neighbours`]): about 1 for beats of the same kind, 0 for beats off all of them; above 1 where candidates
    /// crowd where the reference is dense.
    pub density: Estimate,
    /// Share of the reference's beats that have a candidate near by ([`super::neighbours`]), 0 to 1; larger is better. It grows
    /// with the number of candidates.
    pub coverage: Estimate,
    /// Share of candidates that could be the reference's ([`super::manifold`]), 0 to 1; larger is better.
    pub precision: Estimate,
    /// Share of the reference's beats that could be the candidate's ([`super::manifold`]), 0 to 1; larger is better. A few
    /// candidates far off make it large, as their balls are; read it together with precision.
    pub recall: Estimate,
    /// Share of the reference's bins of similar beats that hold another share of the candidates ([`super::bins`]), 0 to 1;
    /// larger is worse. About 0.04 for independent beats of the same kind, more for other passages of the same music; it
    /// grows with the number of beats, and so does the number of bins, a tenth of them and at most 50.
    pub ndb: Estimate,
    /// Mean distance of two candidates over that of two reference beats: 1 is as varied as the reference, 0 is one beat over
    /// and over, and noise on the beats raises it. Independent of the number of beats, so it uses all.
    pub diversity: Estimate,
}

/// The figures of one part of the beats.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    pub kad: f64,
    pub fad: f64,
    pub fad_unlimited: f64,
    pub density: f64,
    pub coverage: f64,
    pub precision: f64,
    pub recall: f64,
    pub ndb: f64,
    pub diversity: f64,
}

impl Distances {
    /// Every figure with its field's name, in the order of the fields.
    pub fn named(&self) -> [(&'static str, Estimate); 9] {
        [
            ("kad", self.kad),
            ("fad", self.fad),
            ("fad_unlimited", self.fad_unlimited),
            ("density", self.density),
            ("coverage", self.coverage),
            ("precision", self.precision),
            ("recall", self.recall),
            ("ndb", self.ndb),
            ("diversity", self.diversity),
        ]
    }

    /// The figures of all beats with the spread of their replicates.
    pub(super) fn new(value: &Figures, replicates: &[Figures]) -> Self {
        let estimate = |of: fn(&Figures) -> f64| {
            Estimate::from_replicates(of(value), &replicates.iter().map(of).collect::<Vec<f64>>())
        };
        let positive = |of| estimate(of).within(0.0, f64::INFINITY);
        let share = |of| estimate(of).within(0.0, 1.0);
        Self {
            kad: estimate(|figures| figures.kad),
            fad: positive(|figures| figures.fad),
            fad_unlimited: estimate(|figures| figures.fad_unlimited),
            density: positive(|figures| figures.density),
            coverage: share(|figures| figures.coverage),
            precision: share(|figures| figures.precision),
            recall: share(|figures| figures.recall),
            ndb: share(|figures| figures.ndb),
            diversity: positive(|figures| figures.diversity),
        }
    }
}
