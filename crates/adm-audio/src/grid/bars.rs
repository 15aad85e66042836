//! Where bars may begin, by the drums and by where the music changes.

use super::drums::{Drums, Hit, NEAR};
use super::meter::{EIGHTHS, SUPPORT, fit};

/// Parts of a beat by which a count may be off: sixteenths, triplets and what is swung between them.
pub(super) const PARTS: usize = 12;
/// Such parts in a bar.
pub(super) const SHIFTS: usize = 4 * PARTS;
/// A hit belongs to a part that is this near, in parts, or nearer: at high tempi it would be heard on two otherwise.
const PART_NEAR: f64 = 0.65;
/// Parts of an eighth.
const LANES: usize = PARTS / 2;
/// What a bar that fits a plan is worth, in clear beats.
const CLEAR_BAR: f64 = 3.0;
/// Eighths before and after a moment that tell whether the music changes there.
const REACH: usize = 16;
/// A change is only one where no other within this many eighths is larger.
const NEIGHBOURS: usize = 8;
/// What a change of one unit in one band is worth, in clear beats.
const CHANGE: f64 = 5.0;
/// No onset counts for more than this in a change, in units of its band.
const MOST: f64 = 2.0;

/// How much a stretch of beats speaks for a bar to begin at each part of a beat, in clear beats: `beats` of a count of
/// which `time_of` tells when they come.
pub(super) fn shifts(drums: &Drums, beats: (f64, f64), time_of: impl Fn(f64) -> f64) -> [f64; SHIFTS] {
    let first = (beats.0 / 4.0).floor() as i64 * SHIFTS as i64;
    let last = (beats.1 * PARTS as f64).ceil() as i64;
    let near = NEAR.min(PART_NEAR * (time_of(1.0) - time_of(0.0)) / PARTS as f64);
    let hit = |part: i64| drums.at(time_of(part as f64 / PARTS as f64), near);
    let hits: Vec<Hit> = (first..last + SHIFTS as i64).map(hit).collect();
    let mut sums = [0.0; SHIFTS];
    for lane in 0..LANES {
        let eighths: Vec<Hit> = hits.iter().copied().skip(lane).step_by(LANES).collect();
        let changes = changes(&eighths);
        for from in 0..eighths.len().saturating_sub(EIGHTHS) {
            let bar: [Hit; EIGHTHS] = std::array::from_fn(|eighth| eighths[from + eighth]);
            sums[(lane + from * LANES) % SHIFTS] += CLEAR_BAR * fit(&bar, SUPPORT) + CHANGE * changes[from];
        }
    }
    sums
}

/// How much what is played changes at each eighth, where that is more than at its neighbours: sections begin with a bar.
fn changes(hits: &[Hit]) -> Vec<f64> {
    let sums = running_sums(hits);
    let mean = |from: usize, to: usize| -> [f64; 4] {
        std::array::from_fn(|band| (sums[to][band] - sums[from][band]) / (to - from).max(1) as f64)
    };
    let change = |at: usize| -> f64 {
        let (before, after) = (mean(at.saturating_sub(REACH), at), mean(at, (at + REACH).min(hits.len())));
        before.iter().zip(after).map(|(before, after)| (after - before).abs()).sum()
    };
    let changes: Vec<f64> = (0..hits.len()).map(change).collect();
    let top = |at: usize| {
        let near = &changes[at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS + 1).min(changes.len())];
        if near.iter().all(|&other| other <= changes[at]) { changes[at] } else { 0.0 }
    };
    (0..hits.len()).map(top).collect()
}

fn running_sums(hits: &[Hit]) -> Vec<[f64; 4]> {
    let mut sums = Vec::with_capacity(hits.len() + 1);
    let mut sum = [0.0; 4];
    sums.push(sum);
    for hit in hits {
        sum.iter_mut().zip(hit.bands).for_each(|(sum, band)| *sum += band.min(MOST));
        sums.push(sum);
    }
    sums
}
