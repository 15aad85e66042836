//! The tempo of a recording, from its flux alone, in the octave around the tempo that it should have.
//!
//! The flux of music that keeps its tempo repeats after one beat, after two and so on. The lag whose first multiples agree
//! best (a comb over the autocorrelation) is the beat; ever larger multiples then say it more exactly, as long as they
//! still agree.

use crate::checks::flux::FLUX_RATE;
use rayon::prelude::*;

/// Multiples of a lag in the comb.
const TEETH: usize = 4;

/// Multiple of the beat up to which the lag is refined: 64 beats tell 130 BPM to a few thousandths of a percent.
const FARTHEST: usize = 64;

/// Mean autocorrelation of the comb below which there is no tempo, for long music, and how much more short music needs
/// (over the root of its number of flux values, the spread of an autocorrelation of noise).
const LEAST_COMB: f64 = 0.1;
const NOISE_COMB: f64 = 4.0;

/// Part of a comb's value that a farther multiple must reach to be trusted.
const TRUSTED: f64 = 0.5;

/// Candidates for each flux value of lag, and flux values around a multiple where it is looked for.
const STEPS: usize = 4;
const REACH: usize = 4;

/// Beats a minute in a [`crate::checks::flux::flux`], in the octave around a beat of `period` seconds; nothing where the
/// music has no tempo there, or is shorter than three beats.
pub(super) fn tempo(flux: &[f64], period: f64) -> Option<f64> {
    let curve = prepared(flux);
    let power: f64 = curve.iter().map(|value| value * value).sum();
    let (low, high) = (period * FLUX_RATE / 2f64.sqrt(), period * FLUX_RATE * 2f64.sqrt());
    let teeth = ((curve.len() as f64 / 2.0 / high) as usize).min(TEETH);
    if power <= 0.0 || teeth == 0 || low < 4.0 {
        return None;
    }
    let likeness: Vec<f64> =
        (0..=(high * teeth as f64) as usize + 1).into_par_iter().map(|lag| repeats(&curve, lag, power)).collect();
    let steps = (low * STEPS as f64) as usize..=(high * STEPS as f64) as usize;
    let combs = steps.map(|step| step as f64 / STEPS as f64).map(|lag| (comb(&likeness, lag, teeth), lag));
    let (score, lag) = combs.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let least = LEAST_COMB + NOISE_COMB / (curve.len() as f64).sqrt();
    (score > least).then(|| 60.0 * FLUX_RATE / refined(&curve, lag, power, score))
}

/// The flux without its slow course, smoothed so that its peaks stay peaks when a beat is not a whole number of values.
fn prepared(flux: &[f64]) -> Vec<f64> {
    let half = (FLUX_RATE / 2.0) as usize;
    let sums: Vec<f64> = std::iter::once(0.0)
        .chain(flux.iter().scan(0.0, |sum, value| {
            *sum += value;
            Some(*sum)
        }))
        .collect();
    let level = |at: usize| {
        let (from, to) = (at.saturating_sub(half), (at + half + 1).min(flux.len()));
        (sums[to] - sums[from]) / (to - from) as f64
    };
    let flat: Vec<f64> = flux.iter().enumerate().map(|(at, value)| value - level(at)).collect();
    let at = |index: Option<usize>| index.and_then(|index| flat.get(index)).copied().unwrap_or(0.0);
    let near = |n: usize, by: usize| at(n.checked_sub(by)) + at(Some(n + by));
    (0..flat.len()).map(|n| (6.0 * flat[n] + 4.0 * near(n, 1) + near(n, 2)) / 16.0).collect()
}

/// Autocorrelation at `lag`, 1 for a perfect repeat.
fn repeats(curve: &[f64], lag: usize, power: f64) -> f64 {
    let Some(later) = curve.get(lag..).filter(|later| !later.is_empty()) else { return 0.0 };
    let product: f64 = curve.iter().zip(later).map(|(now, later)| now * later).sum();
    product / power * curve.len() as f64 / later.len() as f64
}

/// Mean of the autocorrelation at the first multiples of `lag`.
fn comb(likeness: &[f64], lag: f64, teeth: usize) -> f64 {
    let at = |position: f64| {
        let (whole, part) = (position as usize, position.fract());
        let value = |index: usize| likeness.get(index).copied().unwrap_or(0.0);
        value(whole) * (1.0 - part) + value(whole + 1) * part
    };
    (1..=teeth).map(|tooth| at(lag * tooth as f64)).sum::<f64>() / teeth as f64
}

/// The lag of one beat, from the farthest multiple that still repeats. One of the comb's own may be missing: music of
/// half the tempo repeats at every other one.
fn refined(curve: &[f64], lag: f64, power: f64, score: f64) -> f64 {
    let (mut lag, mut multiple) = (lag, 1);
    while multiple <= FARTHEST && lag * (multiple as f64) + (REACH as f64) < curve.len() as f64 / 2.0 {
        match summit_near(curve, lag * multiple as f64, power, TRUSTED * score) {
            Some(found) => lag = found / multiple as f64,
            None if multiple < TEETH => {}
            None => break,
        }
        multiple *= 2;
    }
    lag
}

/// Where the autocorrelation has its peak near `position`, if it is at least `least` there and falls off to both sides.
fn summit_near(curve: &[f64], position: f64, power: f64, least: f64) -> Option<f64> {
    let first = (position.round() as usize).saturating_sub(REACH);
    let values: Vec<f64> = (first..=first + 2 * REACH).map(|lag| repeats(curve, lag, power)).collect();
    let best = (1..values.len() - 1).max_by(|&a, &b| values[a].total_cmp(&values[b]))?;
    let [before, here, after] = [values[best - 1], values[best], values[best + 1]];
    let bend = before - 2.0 * here + after;
    let peaks = here >= least && here >= before && here >= after && bend < 0.0;
    peaks.then(|| (first + best) as f64 + 0.5 * (before - after) / bend)
}
