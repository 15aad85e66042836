//! Where kicks and snares fall in a bar.
//!
//! A train of evenly spaced onsets may be the beats, every other beat, the eighths between them or the off-beats. What tells
//! is where kicks and snares fall. Dance music has two common plans for a bar of eight eighths:
//!
//! ```text
//! eighth     0 1 2 3 4 5 6 7
//! floor      K   K   K   K        house, techno, trance: a kick on every beat, claps on the second and the fourth
//!                S       S
//! broken     K         K          drum and bass, breaks, electro: a kick on the first, the next somewhere between,
//!                S       S        snares on the second and the fourth
//! ```
//!
//! A plan weighs kicks and snares at each eighth, positive where it has them and negative where they speak against it.
//! [`super::level`] picks the multiple of the tempo that fits a plan best, [`super::bars`] the place of the bars.

use super::drums::Hit;

/// Eighths of a bar of four beats.
pub(super) const EIGHTHS: usize = 8;
/// Snares count for no more than this many times what kicks do where a bar's place is looked for.
pub(super) const SUPPORT: f64 = 4.0;

/// How much a kick and a snare at each eighth speak for a plan.
struct Plan {
    kick: [f64; EIGHTHS],
    snare: [f64; EIGHTHS],
}

const FLOOR: Plan = Plan {
    kick: [0.30, -0.30, 0.30, -0.30, 0.30, -0.30, 0.30, -0.30],
    snare: [-0.05, -0.05, 0.20, -0.05, -0.05, -0.05, 0.20, -0.05],
};
const BROKEN: Plan = Plan {
    kick: [0.50, -0.10, -0.30, -0.05, -0.30, 0.15, -0.30, -0.05],
    snare: [-0.25, -0.20, 0.50, -0.05, -0.15, -0.20, 0.50, -0.05],
};

/// How well a bar fits the better plan. Many things sound like a snare, so snares count for no more than `support` times
/// what the kicks say for the same plan.
pub(super) fn fit(bar: &[Hit; EIGHTHS], support: f64) -> f64 {
    // Beats of which every other is weaker are eighths.
    let uneven = (bar[0].kick + bar[4].kick - bar[2].kick - bar[6].kick).abs();
    let floor = against(&FLOOR, bar, support) - FLOOR.kick[0] * uneven;
    floor.max(against(&BROKEN, bar, support))
}

fn against(plan: &Plan, bar: &[Hit; EIGHTHS], support: f64) -> f64 {
    let kicks: f64 = bar.iter().zip(plan.kick).map(|(hit, weight)| hit.kick * weight).sum();
    let snares: f64 = bar.iter().zip(plan.snare).map(|(hit, weight)| hit.snare * weight).sum();
    kicks + snares.min(support * kicks.max(0.0))
}
