//! From the middle of the low-band rise to the start of the attack.
//!
//! The low band tells which of all events are the beats, but it answers some milliseconds late: its filters take time and
//! a 50 Hz kick needs a quarter of a cycle to rise. So the level curve is laid over itself beat by beat, each beat
//! weighted by its low-band onset, block by block, and the rise near the expected time gives the start. Over many beats the curve's
//! milliseconds fall on ever other parts of the beat, which resolves it finer than its own step.

use super::beats::Beat;
use super::curves::{Curve, STEPS_PER_DB};

/// Where the attack is looked for, in seconds around the low-band time, which comes after it but for its own error.
const WINDOW: (f64, f64) = (-0.040, 0.006);
/// Distance of the points at which the average beat is looked at, in seconds.
const RASTER: f64 = 0.000_25;
/// Half the width of the triangle that averages the level around a point, in seconds.
const KERNEL: f64 = 0.001;
/// What a climb is measured against ends twice this before its top, in seconds.
const REACH: f64 = 0.002;
/// What sounded this long before hides a rise: a distorted kick has gaps of its own.
const BEFORE: f64 = 0.012;
/// An attack lifts the average level by at least this much, in dB.
const LEAST_RISE: f64 = 1.0;
/// A climb takes no longer than this, in seconds.
const CLIMB: f64 = 0.006;
/// The attack starts where the level has climbed this share of its rise.
const FOOT: f64 = 0.5;
/// Beats that are laid over each other.
const BLOCK: usize = 16;
/// Blocks to either side whose offsets steady a block's own.
const NEIGHBOURS: usize = 2;
/// How late the low band answers to a kick, in seconds; stands in where no attack is found.
const USUAL_DELAY: f64 = 0.002;

/// Moves the beats of one piece to the start of their attack, block by block.
pub(super) fn align(beats: &mut [Beat], level: &Curve<u8>, expected: impl Fn(&Beat) -> f64) {
    let offsets: Vec<Option<f64>> = beats.chunks(BLOCK).map(|block| offset(block, level, &expected)).collect();
    for (index, block) in beats.chunks_mut(BLOCK).enumerate() {
        let near = &offsets[index.saturating_sub(NEIGHBOURS)..(index + NEIGHBOURS + 1).min(offsets.len())];
        let offset = median(near.iter().flatten().copied()).unwrap_or(-USUAL_DELAY);
        block.iter_mut().for_each(|beat| beat.time = expected(beat) + offset);
    }
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// How far the attack is from where a block's beats are expected, in seconds.
fn offset(block: &[Beat], level: &Curve<u8>, expected: impl Fn(&Beat) -> f64) -> Option<f64> {
    let beat = average_beat(block, level, expected)?;
    climbed(&beat).map(|at| WINDOW.0 + foot(&beat, at) * RASTER)
}

/// The mean level around the beats of a block at each point of the raster; `None` where none is heard.
fn average_beat(block: &[Beat], level: &Curve<u8>, expected: impl Fn(&Beat) -> f64) -> Option<Vec<f64>> {
    let points = ((WINDOW.1 - WINDOW.0) / RASTER).round() as usize + 1;
    let (mut sums, mut weights) = (vec![0.0f64; points], vec![0.0f64; points]);
    for beat in block.iter().filter(|beat| beat.weight > 0.0) {
        add_beat(level, expected(beat), beat.weight, &mut sums, &mut weights);
    }
    weights
        .iter()
        .all(|&weight| weight > 0.0)
        .then(|| sums.iter().zip(&weights).map(|(sum, weight)| sum / weight).collect())
}

fn add_beat(level: &Curve<u8>, time: f64, weight: f64, sums: &mut [f64], weights: &mut [f64]) {
    let index = |time: f64| ((time - level.start) / level.step).max(0.0) as usize;
    let (from, to) = (index(time + WINDOW.0 - KERNEL), index(time + WINDOW.1 + KERNEL) + 2);
    let to = to.min(level.values.len());
    for (n, &value) in level.values.get(from..to).unwrap_or_default().iter().enumerate() {
        let place = level.start + (from + n) as f64 * level.step - time - WINDOW.0;
        let near = ((place - KERNEL) / RASTER).ceil().max(0.0) as usize;
        for point in near..sums.len() {
            let share = 1.0 - (point as f64 * RASTER - place).abs() / KERNEL;
            if share <= 0.0 {
                break;
            }
            sums[point] += weight * share * f64::from(value);
            weights[point] += weight * share;
        }
    }
}

/// The first point behind the steepest climb, if the level climbs at all.
fn climbed(beat: &[f64]) -> Option<usize> {
    let (reach, before) = ((REACH / RASTER) as usize, (BEFORE / RASTER) as usize);
    let rise = |at: usize| beat[at] - loudest(&beat[at - before..=at - 2 * reach]);
    let best = (before..beat.len()).rev().max_by(|&a, &b| rise(a).total_cmp(&rise(b)))?;
    (rise(best) >= LEAST_RISE * f64::from(STEPS_PER_DB)).then_some(best)
}

fn loudest(points: &[f64]) -> f64 {
    points.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// Where the climb to `top` starts, in points of the raster.
fn foot(beat: &[f64], top: usize) -> f64 {
    let before = (CLIMB / RASTER) as usize;
    let low = beat[top.saturating_sub(before)..top].iter().copied().fold(beat[top], f64::min);
    let wanted = low + FOOT * (beat[top] - low);
    let Some(below) = (0..top).rev().find(|&n| beat[n] <= wanted) else { return 0.0 };
    let step = beat[below + 1] - beat[below];
    below as f64 + if step > 0.0 { ((wanted - beat[below]) / step).clamp(0.0, 1.0) } else { 0.0 }
}
