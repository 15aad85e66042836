//! Improved precision and recall (Kynkäänniemi et al., "Improved precision and recall metric for assessing generative
//! models", NeurIPS 2019, equations 1 and 2).
//!
//! Around every beat of a set lies a ball that reaches to its [`NEIGHBOURS`]-th nearest fellow; together the balls are what
//! the set can be. *Precision* is the share of candidates within the reference's balls, *recall* the share of reference
//! beats within the candidates'. A ball's edge belongs to it.

use super::table::Table;

/// Neighbours that a ball holds: the paper's choice.
pub const NEIGHBOURS: usize = 3;

/// Precision and recall of candidates at these squared distances `across`, shape `[reference, candidate]`, with the squared
/// radii of each member of either side.
pub(super) fn precision_recall(
    across: &Table,
    (reference, reference_radii): (&[usize], &[f32]),
    (candidate, candidate_radii): (&[usize], &[f32]),
) -> (f64, f64) {
    let (mut within, mut reached) = (vec![false; candidate.len()], 0usize);
    for (&beat, radius) in reference.iter().zip(reference_radii) {
        let row = across.row(beat);
        let mut inside = false;
        for (within, (&other, reach)) in within.iter_mut().zip(candidate.iter().zip(candidate_radii)) {
            let squared = row[other];
            *within |= squared <= *radius;
            inside |= squared <= *reach;
        }
        reached += usize::from(inside);
    }
    let precise = within.iter().filter(|&&within| within).count();
    (share(precise, candidate.len()), share(reached, reference.len()))
}

fn share(count: usize, of: usize) -> f64 {
    count as f64 / of.max(1) as f64
}
