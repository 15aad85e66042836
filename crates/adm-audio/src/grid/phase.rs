//! From the middle of the low-band rise to the start of the attack.
//!
//! The low band tells which of all events are the beats, but it answers some milliseconds late: its filters take time and
//! a 50 Hz kick needs a quarter of a cycle to rise. So the level curve is laid over itself beat by beat, each beat
//! weighted by its low-band onset, and the rise near the expected time gives the start. Over many beats the curve's
//! milliseconds fall on ever other parts of the beat, which resolves it finer than its own step.

use super::envelope::{Curve, STEPS_PER_DB};
use super::tempo::Tempo;

/// Where the attack is looked for, in seconds around the low-band time.
const WINDOW: (f64, f64) = (-0.040, 0.015);
/// Distance of the points at which the average beat is looked at, in seconds.
const RASTER: f64 = 0.000_25;
/// Half the width of the triangle that averages the level around a point, in seconds.
const KERNEL: f64 = 0.001;
/// The rise is the difference of the level this long after and before a point, in seconds.
const REACH: f64 = 0.002;
/// An attack lifts the average level by at least this much, in dB.
const LEAST_RISE: f32 = 1.0;
/// The attack starts where the level has climbed this share of its rise.
const FOOT: f32 = 0.3;
/// How late the low band answers to a kick, in seconds; stands in where no attack is found.
const USUAL_DELAY: f64 = 0.012;

/// The time of a beat by the start of its attack, in seconds.
pub(super) fn attack(level: &Curve<u8>, onsets: &Curve<f32>, tempo: &Tempo) -> f64 {
    let beat = average_beat(level, onsets, tempo);
    let found = steepest(&beat).map(|at| foot(&beat, at));
    tempo.through + found.map_or(-USUAL_DELAY, |place| WINDOW.0 + place * RASTER)
}

/// The mean level around the beats at each point of the raster.
fn average_beat(level: &Curve<u8>, onsets: &Curve<f32>, tempo: &Tempo) -> Vec<f32> {
    let points = ((WINDOW.1 - WINDOW.0) / RASTER).round() as usize + 1;
    let (mut sums, mut weights) = (vec![0.0f64; points], vec![0.0f64; points]);
    let end = level.start + level.values.len() as f64 * level.step;
    let first = (-tempo.through * tempo.frequency).ceil();
    for time in (0u32..).map(|k| tempo.through + (first + f64::from(k)) / tempo.frequency).take_while(|&t| t < end) {
        let weight = f64::from(strength(onsets, time));
        if weight > 0.0 {
            add_beat(level, time, weight, &mut sums, &mut weights);
        }
    }
    let mean = |(sum, weight): (f64, f64)| if weight > 0.0 { (sum / weight) as f32 } else { 0.0 };
    sums.into_iter().zip(weights).map(mean).collect()
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

/// How strong the low-band onset of a beat is: its largest value within 15 ms.
fn strength(onsets: &Curve<f32>, time: f64) -> f32 {
    let place = ((time - onsets.start) / onsets.step).round() as i64;
    let reach = (0.015 / onsets.step).round() as i64;
    let value = |n: i64| usize::try_from(n).ok().and_then(|n| onsets.values.get(n)).copied().unwrap_or(0.0);
    (place - reach..=place + reach).map(value).fold(0.0, f32::max)
}

/// The point at which the level climbs fastest, if it climbs at all.
fn steepest(beat: &[f32]) -> Option<usize> {
    let reach = (REACH / RASTER) as usize;
    let rise = |at: usize| beat[at + reach] - beat[at - reach];
    let best = (reach..beat.len() - reach).max_by(|&a, &b| rise(a).total_cmp(&rise(b)))?;
    (rise(best) >= LEAST_RISE * STEPS_PER_DB).then_some(best)
}

/// Where the climb around `at` starts, in points of the raster.
fn foot(beat: &[f32], at: usize) -> f64 {
    let before = (0.006 / RASTER) as usize;
    let after = (0.004 / RASTER) as usize;
    let low = beat[at.saturating_sub(before)..at].iter().copied().fold(f32::INFINITY, f32::min).min(beat[at]);
    let high = beat[at..(at + after).min(beat.len())].iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let wanted = low + FOOT * (high - low);
    let Some(below) = (0..=at).rev().find(|&n| beat[n] <= wanted) else { return 0.0 };
    let next = beat[(below + 1).min(beat.len() - 1)];
    let part = if next > beat[below] { (wanted - beat[below]) / (next - beat[below]) } else { 0.0 };
    below as f64 + f64::from(part.clamp(0.0, 1.0))
}
