//! The three convolutions, each by the cheaper of two ways to make matrix products of them.

use super::cells::Cells;
use super::plan::Plan;
use super::unfolded;

/// `small[o, r, q] = Σ big[c, r·stride + y − padding, q·stride + x − padding]·weight[o, c, y, x]`
pub(super) fn forward(plan: &Plan, big: &[f32], weight: &[f32], small: &mut [f32]) {
    match Cells::of(plan) {
        Some(cells) => cells.forward(big, weight, small),
        None => unfolded::forward(plan, big, weight, small),
    }
}

/// The adjoint of [`forward`] in `big`.
pub(super) fn transpose(plan: &Plan, small: &[f32], weight: &[f32], big: &mut [f32]) {
    match Cells::of(plan) {
        Some(cells) => cells.transpose(small, weight, big),
        None => unfolded::transpose(plan, small, weight, big),
    }
}

/// The adjoint of [`forward`] in `weight`, which comes as zeros.
pub(super) fn weight(plan: &Plan, big: &[f32], small: &[f32], weight: &mut [f32]) {
    match Cells::of(plan) {
        Some(cells) => cells.weight(big, small, weight),
        None => unfolded::weight(plan, big, small, weight),
    }
}
