//! Stretches over which the beat is heard without doubt.
//!
//! Along the tempo path, with `Φ₀` its beats since the start, the onsets `o` of a window (weights `w`) have the harmonics
//!
//! ```text
//! X_h = Σ_t w(t)·o(t)·exp(−2πi·h·Φ₀(t))          pulse(θ) = Re Σ_h X_h·exp(2πi·h·θ)/h
//! ```
//!
//! and the pulse is highest where the beats are: at `Φ₀(t) = θ + k`. Windows whose pulse is strong *hear* the beat. A chain
//! is a run of such windows whose `θ` follow from each other; a breakdown ends it, and so does a hop to the off-beat.

use super::curves::Curve;
use super::path::TempoPath;
use super::tempogram::{HARMONICS, HOP, middle};
use realfft::num_complex::Complex;
use std::f64::consts::TAU;
use std::ops::Range;

/// Half of a window in seconds.
const REACH: f64 = 6.0;
/// A window hears the beat when its pulse is this share of what the clear windows of the recording have.
const AUDIBLE: f64 = 0.3;
/// And when this share of what its onsets could give at most, if all of them lay on beats.
const PURE: f64 = 0.12;
/// Where no window is this pure, nothing repeats: white noise reaches 0.18 at some tempo, sparse drum and bass 0.23 at least.
/// Noise is the purer the less of it there is, by the root.
const BEAT: f64 = 0.2;
/// A phase follows from the one before when it differs by less than this, in beats.
const FOLLOWS: f64 = 0.12;
/// Points of a beat at which the pulse is looked at before it is refined.
const RASTER: usize = 64;

/// What one window hears.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heard {
    harmonics: [Complex<f64>; HARMONICS],
    /// Phase of the highest pulse, 0 to 1.
    pub(super) theta: f64,
    /// Its height, over the sum of the window's weights.
    pub(super) height: f64,
    /// Its height over the most that the window's onsets could give.
    purity: f64,
    /// How much of the window lies within the recording, 0 to 1.
    filled: f64,
}

/// A run of windows that agree.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub(super) windows: Range<usize>,
    /// Phase of each, not wrapped.
    pub(super) thetas: Vec<f64>,
}

impl Heard {
    fn new(harmonics: [Complex<f64>; HARMONICS], onsets: f64, weights: f64, filled: f64) -> Self {
        let mut heard = Self { harmonics, theta: 0.0, height: 0.0, purity: 0.0, filled };
        let raster = (0..RASTER).map(|n| n as f64 / RASTER as f64);
        let rough = raster.max_by(|&a, &b| heard.pulse(a).total_cmp(&heard.pulse(b))).unwrap_or(0.0);
        heard.theta = heard.refined(rough);
        let (height, most) = (heard.pulse(heard.theta), (1..=HARMONICS).map(|h| 1.0 / h as f64).sum::<f64>() * onsets);
        heard.height = height / weights.max(f64::MIN_POSITIVE);
        heard.purity = if most > 0.0 { height / most } else { 0.0 };
        heard
    }

    fn pulse(&self, theta: f64) -> f64 {
        let line = |(n, x): (usize, &Complex<f64>)| {
            let h = (n + 1) as f64;
            (x * Complex::cis(TAU * h * theta)).re / h
        };
        self.harmonics.iter().enumerate().map(line).sum()
    }

    /// The top near a point of the raster, by a parabola through it and its neighbours.
    fn refined(&self, rough: f64) -> f64 {
        let step = 1.0 / RASTER as f64;
        let [before, at, after] = [rough - step, rough, rough + step].map(|theta| self.pulse(theta));
        let bend = before - 2.0 * at + after;
        let shift = if bend < 0.0 { 0.5 * (before - after) / bend } else { 0.0 };
        rough + step * shift.clamp(-1.0, 1.0)
    }
}

/// What every window hears of `onsets` along `path`.
pub(super) fn listen(onsets: &Curve<f32>, path: &TempoPath) -> Vec<Heard> {
    let phases = path.phases();
    let phase = |time: f64| {
        let (window, part) = path.place(time);
        let (from, to) = (path.frequencies[window], path.frequencies[(window + 1).min(path.frequencies.len() - 1)]);
        phases[window] + HOP * part * (from + 0.5 * part * (to - from))
    };
    let turns: Vec<Complex<f64>> =
        (0..onsets.values.len()).map(|n| Complex::cis(-TAU * phase(onsets.time(n as f64)).fract())).collect();
    (0..path.frequencies.len()).map(|window| hear(onsets, &turns, middle(window))).collect()
}

fn hear(onsets: &Curve<f32>, turns: &[Complex<f64>], middle: f64) -> Heard {
    let (first, values) = onsets.between(middle - REACH, middle + REACH);
    let (mut harmonics, mut total, mut weights) = ([Complex::default(); HARMONICS], 0.0, 0.0);
    for (n, &value) in values.iter().enumerate() {
        let weight = 0.5 + 0.5 * (TAU * (onsets.time((first + n) as f64) - middle) / (2.0 * REACH)).cos();
        weights += weight;
        let value = weight * f64::from(value);
        total += value;
        let mut turn = Complex::new(value, 0.0);
        for harmonic in &mut harmonics {
            turn *= turns[first + n];
            *harmonic += turn;
        }
    }
    Heard::new(harmonics, total, weights, weights * onsets.step / REACH)
}

/// The height that clear windows have: of all windows weighted by their height, the middle one.
pub(super) fn clear_height(heard: &[Heard]) -> f64 {
    let mut heights: Vec<f64> = heard.iter().map(|heard| heard.height).collect();
    heights.sort_by(f64::total_cmp);
    let half = 0.5 * heights.iter().sum::<f64>();
    let mut sum = 0.0;
    heights
        .iter()
        .copied()
        .find(|height| {
            sum += height;
            sum >= half
        })
        .unwrap_or(0.0)
}

/// All chains, in order; none where there is no beat.
pub(super) fn chains(heard: &[Heard]) -> Vec<Chain> {
    if heard.iter().all(|heard| heard.purity * heard.filled.sqrt() < BEAT) {
        return Vec::new();
    }
    let clear = clear_height(heard);
    let audible = |heard: &Heard| heard.height > AUDIBLE * clear && heard.purity > PURE;
    let mut chains: Vec<Chain> = Vec::new();
    for (window, heard) in heard.iter().enumerate().filter(|(_, heard)| audible(heard)) {
        if let Some(chain) = chains.last_mut().filter(|chain| chain.windows.end == window) {
            let last = chain.thetas[chain.thetas.len() - 1];
            let step = wrapped(heard.theta - last);
            if step.abs() < FOLLOWS {
                chain.thetas.push(last + step);
                chain.windows.end += 1;
                continue;
            }
        }
        chains.push(Chain { windows: window..window + 1, thetas: vec![heard.theta] });
    }
    chains
}

/// A phase between −½ and ½.
pub(super) fn wrapped(phase: f64) -> f64 {
    phase - phase.round()
}
