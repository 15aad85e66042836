//! Which multiple of the path's tempo is the beat's.
//!
//! A comb cannot tell a beat from its half, its double or, where kicks are syncopated, from two thirds or five quarters of
//! it. So each multiple of the path is listened along, and each window says how well its best bar fits a plan
//! ([`super::meter`]). The multiple that fits best over time is kept; changing it costs.

use super::chains::{Heard, listen};
use super::curves::Curve;
use super::drums::{Drums, Hit, NEAR};
use super::meter::{EIGHTHS, fit};
use super::path::TempoPath;
use super::tempogram::{HOP, middle};

/// Multiples of the path's tempo that are tried; those after the octaves are rare.
pub(super) const LEVELS: [f64; 9] = [1.0, 0.5, 2.0, 2.0 / 3.0, 0.75, 0.8, 1.25, 4.0 / 3.0, 1.5];
/// The common ones of them.
pub(super) const OCTAVES: [f64; 3] = [1.0, 0.5, 2.0];
/// Those of the rare ones that are no octave of each other.
pub(super) const ODD: [f64; 4] = [2.0 / 3.0, 0.75, 0.8, 1.25];
/// What a window of a rare multiple costs, in windows that fit wholly.
const RARE: f64 = 0.03;
/// Snares count for no more than this many times what kicks do: off-beat hats can sound like them.
const SUPPORT: f64 = 3.0;
/// What it costs to change the multiple, in windows that fit wholly.
const CHANGE: f64 = 10.0;
/// What a tempo out of range costs.
const OUT_OF_RANGE: f64 = 1.0;
/// How far out of the range a tempo may be, as the raster of tempi is not exact.
const MARGIN: f64 = 0.01;
/// Half of the stretch that a window is judged by, in seconds.
const REACH: f64 = 8.0;
/// A tempo that is an octave below or above [`USUAL`] loses this much; half an octave a quarter of it.
const UNUSUAL: [f64; 2] = [0.1, 0.3];
/// The middle of dance music's tempi, in BPM.
const USUAL: f64 = 125.0;
/// Parts of an eighth at which eighths may lie beside the pulse that is heard.
const LANES: usize = 3;
/// How much kicks between the eighths speak against a tempo: the share of all kicks that are on an eighth to this power.
const BETWEEN: f64 = 0.75;
/// Drums this loud on average, in clear hits an eighth, have their full say.
const FULL_VOICE: f64 = 0.25;

/// The path at the level of the beat, window by window, out of `levels` of it. `range`: beats a second.
pub(super) fn at_beat_level<const N: usize>(
    path: &TempoPath,
    levels: &[f64; N],
    (onsets, drums): (&Curve<f32>, &Drums),
    range: (f64, f64),
) -> TempoPath {
    let fits: [Vec<f64>; N] = levels.map(|level| fits(&path.scaled(level), onsets, drums, range));
    let mut totals = [0.0f64; N];
    let mut origins = Vec::with_capacity(path.frequencies.len());
    let windows = 0..path.frequencies.len();
    for own in windows.map(|window| -> [f64; N] { std::array::from_fn(|level| fits[level][window]) }) {
        let best = best(&totals);
        let ceiling = totals[best] - CHANGE;
        let origin: [usize; N] = std::array::from_fn(|at| if totals[at] < ceiling { best } else { at });
        origins.push(origin);
        let rare = |level: usize| if level < OCTAVES.len() { 0.0 } else { RARE };
        totals = std::array::from_fn(|level| totals[level].max(ceiling) + own[level] - rare(level));
    }
    let mut at = best(&totals);
    let mut frequencies = path.frequencies.clone();
    for (frequency, origin) in frequencies.iter_mut().zip(&origins).rev() {
        *frequency *= levels[at];
        at = origin[at];
    }
    TempoPath { frequencies }
}

/// The first of the largest.
fn best(totals: &[f64]) -> usize {
    (0..totals.len()).rev().max_by(|&a, &b| totals[a].total_cmp(&totals[b])).unwrap_or(0)
}

/// How well each window of a path fits a plan, 0 to 1.
fn fits(path: &TempoPath, onsets: &Curve<f32>, drums: &Drums, (lowest, highest): (f64, f64)) -> Vec<f64> {
    let (heard, phases) = (listen(onsets, path), path.phases());
    let range = lowest * (1.0 - MARGIN)..=highest * (1.0 + MARGIN);
    let fit = |window: usize| {
        let frequency = local_frequency(path, &heard, window);
        let turn = heard[window].theta - phases[window];
        // A pulse of the window, from which eighths of this tempo are counted; it may be a swung one's.
        let pulse = middle(window) + (turn - turn.round()) / frequency;
        let lane = |lane: usize| fit_around(drums, pulse + 0.5 * lane as f64 / (LANES as f64 * frequency), frequency);
        if range.contains(&frequency) { (0..LANES).map(lane).fold(f64::NEG_INFINITY, f64::max) } else { -OUT_OF_RANGE }
    };
    (0..heard.len()).map(fit).collect()
}

/// Beats a second around a window: what the raster of tempi leaves over shows in how the phase moves.
fn local_frequency(path: &TempoPath, heard: &[Heard], window: usize) -> f64 {
    let (before, after) = (window.saturating_sub(1), (window + 1).min(heard.len() - 1));
    let drift = heard[after].theta - heard[before].theta;
    path.frequencies[window] - (drift - drift.round()) / (HOP * (after - before).max(1) as f64)
}

/// How well the bars around a pulse fit a plan.
fn fit_around(drums: &Drums, pulse: f64, frequency: f64) -> f64 {
    let count = (REACH * 2.0 * frequency) as i64;
    let mut bar = [Hit::default(); EIGHTHS];
    for eighth in -count..=count {
        let hit = drums.at(pulse + 0.5 * eighth as f64 / frequency, NEAR);
        let sum = &mut bar[eighth.rem_euclid(EIGHTHS as i64) as usize];
        sum.kick += hit.kick;
        sum.snare += hit.snare;
    }
    let strength = bar.iter().map(|hit| hit.kick * hit.kick + hit.snare * hit.snare).sum::<f64>().sqrt();
    if strength <= 0.0 {
        return 0.0;
    }
    let mut best = 0.0f64;
    for _ in 0..EIGHTHS {
        best = best.max(fit(&bar, SUPPORT));
        bar.rotate_left(1);
    }
    // Kicks between the eighths speak against them.
    let reach = 0.5 * count as f64 / frequency;
    let all = drums.kicks_between(pulse - reach - NEAR, pulse + reach + NEAR);
    let explained = (bar.iter().map(|hit| hit.kick).sum::<f64>() / all.max(f64::MIN_POSITIVE)).min(1.0).powf(BETWEEN);
    let voice = (strength / (FULL_VOICE * 0.5 * count as f64)).min(1.0);
    voice * (explained * best / strength - unusual(60.0 * frequency))
}

/// What a tempo loses for being rare.
fn unusual(bpm: f64) -> f64 {
    let octaves = (bpm / USUAL).log2();
    UNUSUAL[usize::from(octaves > 0.0)] * octaves * octaves
}
