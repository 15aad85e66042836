//! How sure each part of the grid is.
//!
//! A block of four bars that is heard is as sure as its onsets agree: of the clear onsets near its beats, the share that is
//! where the grid has it, less what chance would put there. A block without drums is carried from its neighbours: as sure
//! as the less sure of them, a little less for every block between, and half as sure where the tempo changes on the way or
//! the beats after do not go on from those before.

use super::beats::{Beat, clear_weight, onset_near};
use super::curves::Curve;
use super::phase::Phase;
use super::pieces::{Piece, time_of};

/// Beats of a block.
pub(super) const BLOCK: i64 = 16;
/// An onset is looked for this near to a beat, in seconds.
const REACH: f64 = 0.045;
/// It agrees when it is this near, in seconds.
const AGREES: f64 = 0.012;
/// An onset of less than this share of a clear one says nothing.
const FAINT: f64 = 0.3;
/// Onsets that a block must have to be heard.
const LEAST_HEARD: usize = 2;
/// What is lost from block to block that is carried.
const CARRIED: f64 = 0.985;
/// What is lost where the tempo or the count changes without being heard.
const CHANGED: f64 = 0.5;
/// Beats that must be heard between a change and a stretch without drums, or it may as well be anywhere in the stretch.
const SETTLED: usize = 8;

/// How sure a block of beats is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Confidence {
    /// 0 to 1.
    pub(super) sure: f64,
    /// Whether its own beats say so, and not only its neighbours'.
    pub(super) heard: bool,
}

/// The confidence of each block of beats from the first one's on.
pub(super) fn blocks(beats: &[Beat], pieces: &[Piece], low: &Curve<f32>, phase: &Phase) -> Vec<Confidence> {
    let clear = clear_weight(beats.iter().map(|beat| f64::from(onset_near(low, time_of(pieces, beat.index), REACH).1)));
    let own: Vec<Option<f64>> = beats
        .chunks(BLOCK as usize)
        .map(|block| heard(block, |beat| time_of(pieces, beat.index), low, phase, clear))
        .collect();
    let confidence = |at: usize| Confidence {
        sure: own[at].unwrap_or_else(|| carried(&own, at, beats, pieces)),
        heard: own[at].is_some(),
    };
    (0..own.len()).map(confidence).collect()
}

/// How far a block's onsets agree with it; `None` where there are too few.
fn heard(block: &[Beat], time: impl Fn(&Beat) -> f64, low: &Curve<f32>, phase: &Phase, clear: f64) -> Option<f64> {
    let (mut near, mut all) = (0usize, 0usize);
    for expected in block.iter().map(time).filter(|&expected| phase.is_heard(expected)) {
        let (time, strength) = onset_near(low, expected, REACH);
        if f64::from(strength) > FAINT * clear {
            all += 1;
            near += usize::from((time - expected).abs() <= AGREES);
        }
    }
    let chance = AGREES / REACH;
    (all >= LEAST_HEARD).then(|| ((near as f64 / all as f64 - chance) / (1.0 - chance)).clamp(0.0, 1.0))
}

fn carried(own: &[Option<f64>], at: usize, beats: &[Beat], pieces: &[Piece]) -> f64 {
    let before = (0..at).rev().find_map(|other| Some((other, own[other]?)));
    let after = (at + 1..own.len()).find_map(|other| Some((other, own[other]?)));
    let changed = changes_unheard(at * BLOCK as usize, beats, pieces);
    let side = |(other, sure): (usize, f64)| {
        sure * CARRIED.powi(other.abs_diff(at) as i32) * if changed { CHANGED } else { 1.0 }
    };
    match (before.map(side), after.map(side)) {
        (Some(before), Some(after)) => before.min(after),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => 0.0,
    }
}

/// Whether the tempo or the count changes around a beat without being heard to.
fn changes_unheard(at: usize, beats: &[Beat], pieces: &[Piece]) -> bool {
    let is_heard = |beat: &&Beat| beat.weight > 0.0;
    let last = beats[..at].iter().rev().filter(is_heard).nth(SETTLED - 1);
    let next = beats[at..].iter().filter(is_heard).nth(SETTLED - 1);
    let (Some(last), Some(next)) = (last, next) else { return false };
    pieces.iter().any(|piece| (last.index + 1..=next.index).contains(&piece.first))
}
