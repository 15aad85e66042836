//! Coverage and density (Naeem et al., "Reliable fidelity and diversity metrics for generative models", ICML 2020,
//! equations 8 and 9).
//!
//! Around each reference beat lies a ball that reaches to its [`NEIGHBOURS`]-th nearest fellow. *Coverage* is the share
//! of balls with a candidate inside; *density* counts, for each candidate, the balls it lies in, over [`NEIGHBOURS`].

use super::pairs::Rows;
use super::table::Table;

/// Neighbours that a ball holds: the paper's choice.
pub const NEIGHBOURS: usize = 5;

/// A ball around each reference beat.
#[derive(Debug, Clone)]
pub struct Balls {
    squared_radii: Vec<f32>,
}

impl Balls {
    /// Learns the radii from the reference's own squared distances.
    pub fn new(within: &Rows) -> Self {
        let count = within.0.len();
        let radius = |index: usize| {
            let before = within.0[index].iter().copied();
            let after = (index + 1..count).map(|later| within.0[later][index]);
            let mut all: Vec<f32> = before.chain(after).collect();
            let kth = (NEIGHBOURS - 1).min(all.len().saturating_sub(1));
            if all.is_empty() { 0.0 } else { *all.select_nth_unstable_by(kth, f32::total_cmp).1 }
        };
        Self { squared_radii: (0..count).map(radius).collect() }
    }

    /// Coverage and density of candidates with these squared distances from each reference beat.
    pub fn reached_by(&self, across: &Rows) -> (f64, f64) {
        let candidates = across.0.first().map_or(0, Vec::len);
        let rows = across.0.iter().zip(&self.squared_radii);
        reached(rows.map(|(row, radius)| row.iter().filter(|&squared| squared < radius).count()), candidates)
    }
}

/// Coverage and density of the members `candidate` beside the members `reference` with these squared radii, from squared
/// distances `across`, shape `[reference, candidate]`.
pub(super) fn coverage_density(
    across: &Table,
    (reference, radii): (&[usize], &[f32]),
    candidate: &[usize],
) -> (f64, f64) {
    let inside = |(&beat, radius): (&usize, &f32)| {
        let row = across.row(beat);
        candidate.iter().filter(|&&other| row[other] < *radius).count()
    };
    reached(reference.iter().zip(radii).map(inside), candidate.len())
}

/// Coverage and density, from how many of the candidates lie in each reference beat's ball.
fn reached(counts: impl Iterator<Item = usize>, candidates: usize) -> (f64, f64) {
    let (mut balls, mut covered, mut inside) = (0, 0, 0);
    for count in counts {
        balls += 1;
        covered += usize::from(count > 0);
        inside += count;
    }
    let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
    (share(covered, balls), share(inside, NEIGHBOURS * candidates))
}
