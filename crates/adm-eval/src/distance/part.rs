//! All beats of a set, or half of them, and the figures of a candidate's part beside a reference's.

use super::distances::Figures;
use super::frechet::{Halved, distance, unlimited};
use super::moments::Moments;
use super::set::{Across, Set};
use super::{kernel, manifold, neighbours};
use adm_core::seeds::StreamRng;

/// Mean distance of reference beats under which they are all one beat.
const LEAST_DISTANCE: f64 = 1e-6;

/// What figures need that do not depend on the number of beats.
struct Bulk {
    members: Vec<usize>,
    kernel: f64,
    mean_distance: f64,
    moments: Halved,
}

impl Bulk {
    fn of(set: &Set, members: Vec<usize>, halvings: usize, random: &mut StreamRng) -> Self {
        Self {
            kernel: set.kernels.mean_within(&members, f64::from),
            mean_distance: set.squared.mean_within(&members, |squared| f64::from(squared.sqrt())),
            moments: Halved::of(&set.wide, &members, halvings, random),
            members,
        }
    }
}

/// A part of the reference.
pub struct ReferencePart {
    bulk: Bulk,
    /// Squared radii of the balls of precision, and of coverage and density.
    radii: [Vec<f32>; 2],
}

impl ReferencePart {
    /// The part with these members.
    pub fn of(set: &Set, members: Vec<usize>, halvings: usize, random: &mut StreamRng) -> Self {
        let nearest = set.squared.nearest::<{ neighbours::NEIGHBOURS }>(&members);
        let radii = |neighbours: usize| nearest.iter().map(|nearest| nearest[neighbours - 1]).collect();
        Self {
            radii: [radii(manifold::NEIGHBOURS), radii(neighbours::NEIGHBOURS)],
            bulk: Bulk::of(set, members, halvings, random),
        }
    }
}

/// A part of the candidate, and draws of equal size from it.
pub struct CandidatePart {
    bulk: Bulk,
    draws: Vec<Draw>,
}

/// What figures need that depend on the number of beats.
struct Draw {
    members: Vec<usize>,
    radii: Vec<f32>,
    moments: Moments,
}

impl CandidatePart {
    /// The part with these members, and `draws` from them.
    pub fn of(set: &Set, draws: Vec<Vec<usize>>, members: Vec<usize>, halvings: usize, random: &mut StreamRng) -> Self {
        let draws = draws.into_iter().map(|members| Draw::of(set, members)).collect();
        Self { bulk: Bulk::of(set, members, halvings, random), draws }
    }
}

impl Draw {
    fn of(set: &Set, members: Vec<usize>) -> Self {
        let nearest = set.squared.nearest::<{ manifold::NEIGHBOURS }>(&members);
        Self {
            radii: nearest.iter().map(|nearest| nearest[manifold::NEIGHBOURS - 1]).collect(),
            moments: Moments::of(&set.wide, &members),
            members,
        }
    }
}

/// The figures of a candidate's part; those that depend on size are averages over its draws.
pub fn figures(across: &Across, reference: &ReferencePart, candidate: &CandidatePart) -> Figures {
    let (of, to) = (&reference.bulk, &candidate.bulk);
    let between = across.kernels.mean(&of.members, &to.members, f64::from);
    let mut figures = Figures {
        kad: kernel::scaled(of.kernel, to.kernel, between),
        fad_unlimited: unlimited(&of.moments, &to.moments),
        diversity: to.mean_distance / of.mean_distance.max(LEAST_DISTANCE),
        ..Figures::default()
    };
    let share = 1.0 / candidate.draws.len().max(1) as f64;
    candidate.draws.iter().for_each(|draw| add_draw(&mut figures, across, reference, draw, share));
    figures
}

/// Adds a draw's share of the averages.
fn add_draw(figures: &mut Figures, across: &Across, reference: &ReferencePart, draw: &Draw, share: f64) {
    let members = &reference.bulk.members;
    let [of_precision, of_coverage] = &reference.radii;
    let (coverage, density) = neighbours::coverage_density(&across.squared, (members, of_coverage), &draw.members);
    let (precision, recall) =
        manifold::precision_recall(&across.squared, (members, of_precision), (&draw.members, &draw.radii));
    figures.fad += share * distance(&reference.bulk.moments.whole, &draw.moments);
    figures.density += share * density;
    figures.coverage += share * coverage;
    figures.precision += share * precision;
    figures.recall += share * recall;
    figures.ndb += share * across.binned.different(members, &draw.members);
}
