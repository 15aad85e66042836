//! *Fundamentals*: which pitches sound, by the sum of their harmonics.
//!
//! A pitch is as salient as its harmonics are strong together (Hermes, "Measurement of pitch by subharmonic summation",
//! JASA 83, 1988). Only what stands out above the mean of all pitches counts, so noise has no pitch.

use super::share::share_apart;
use super::{Detail, LOUDNESS};
use std::ops::Range;

/// Pitches at the fine level: the semitones of five octaves from [`LOWEST_HZ`] on.
pub const FINE: usize = 60;
/// Pitches at the coarse level: the twelve pitch classes, octaves folded into one; 0 is C.
pub const COARSE: usize = 12;
/// The lowest pitch in Hz: C1, below which no club's bass plays notes.
pub const LOWEST_HZ: f64 = 32.703_195_662_574_83;
/// Harmonics that count.
const HARMONICS: usize = 5;
/// Weight of each harmonic against the one below it (Hermes 1988: 0.84).
const DECAY: f32 = 0.84;
/// Saliences that add up to less than this are no pitch: two shares of 1 are the usual sum.
const FLOOR: f32 = 0.5;
/// The share that counts as 1 at the fine level; chosen as in [`super::fft`].
const SPAN: f32 = 0.5;
/// Slices whose saliences add up to less than this in loudness have no pitch at all.
const SILENCE: f32 = 0.01;

/// The bins of every pitch's harmonics, a quarter tone to either side.
#[derive(Debug, Clone)]
pub(super) struct Combs(Vec<[Range<usize>; HARMONICS]>);

impl Combs {
    /// For the spectrum of a transform of `size` frames at `rate` Hz. Harmonics above half the rate are empty.
    pub fn new(rate: f64, size: usize) -> Self {
        let bins = size / 2 + 1;
        let quarter = 2f64.powf(1.0 / 24.0);
        let teeth = |pitch: usize| {
            std::array::from_fn(|harmonic| {
                let hz = LOWEST_HZ * 2f64.powf(pitch as f64 / 12.0) * (harmonic + 1) as f64;
                let bin = |hz: f64| hz * size as f64 / rate;
                let first = (bin(hz / quarter).round() as usize).min(bins);
                first..((bin(hz * quarter).round() as usize).max(first + 1)).min(bins)
            })
        };
        Self((0..FINE).map(teeth).collect())
    }

    fn salience(&self, pitch: usize, power: &[f32]) -> f32 {
        let strongest = |bins: &Range<usize>| power[bins.clone()].iter().fold(0f32, |most, &power| most.max(power));
        let mut weight = 1.0;
        let mut sum = 0.0;
        for bins in &self.0[pitch] {
            sum += weight * strongest(bins).powf(LOUDNESS);
            weight *= DECAY;
        }
        sum
    }
}

/// Salience of each pitch as a share of all, 0 to 1; all 0 where there is no pitch.
///
/// # Shapes
/// `power`: `[bins]`; `fine`: `[FINE]`; `coarse`: `[COARSE]`.
pub(super) fn measure(power: &[f32], combs: &Combs, fine: &mut [f32], coarse: &mut [f32]) {
    fine.iter_mut().enumerate().for_each(|(pitch, salience)| *salience = combs.salience(pitch, power));
    let mean = fine.iter().sum::<f32>() / FINE as f32;
    fine.iter_mut().for_each(|salience| *salience = (*salience - mean).max(0.0));
    let sum = fine.iter().sum::<f32>();
    let scale = if sum < SILENCE { 0.0 } else { 1.0 / sum };
    coarse.fill(0.0);
    for (pitch, salience) in fine.iter_mut().enumerate() {
        *salience *= scale;
        coarse[pitch % COARSE] += *salience;
    }
}

/// The share of the saliences that are of different pitches.
pub fn distance(detail: Detail, a: &[f32], b: &[f32]) -> f32 {
    let share = share_apart(a, b, FLOOR);
    if detail == Detail::Fine { (share / SPAN).min(1.0) } else { share }
}
