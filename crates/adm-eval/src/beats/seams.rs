//! Whether the joins between beats can be heard.
//!
//! A beat starts with an onset anyway, so the rise at a join says nothing. What gives a join away is what music does not
//! do just before an onset: to fall silent within milliseconds (a slice that ends early), or to click, which is to rise
//! within a millisecond and to be gone in the next (a waveform that jumps). Both are measured as changes of level in
//! bands an octave wide, at the joins and at the sixteenths between them, where onsets are as likely but nothing was
//! joined:
//!
//! ```text
//! fall   the steepest fall of level from one 3 ms to the next, within 12 ms before the join to 1 ms after it
//! click  by how much the 1.5 ms around the join stand out from the 3 ms before and the 3 ms after
//! ```

use super::passage::Passage;
use crate::checks::flux::hann;
use rayon::prelude::*;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// Window in seconds, before it is rounded to a power of two: 64 frames at 44.1 kHz.
const WINDOW_SECONDS: f64 = 0.00145;

/// Windows before and after a join that are looked at, half a window apart: 16 ms before, 5 ms after.
const BEFORE: usize = 22;
const AFTER: usize = 7;

/// Windows that make a stretch whose level is compared with the next one's, in half windows.
const STRETCH: usize = 3;

/// Half windows after the join at which the last fall that counts begins.
const LAST_FALL: usize = 1;

/// Power of a band that counts as none, relative to its mean over all that is looked at: 60 dB below.
const FLOOR: f64 = 1e-6;

/// Added to both sides of a ratio in dB, so that music without any falls or clicks does not make little ones seem large.
const EASE_DB: f64 = 1.0;

/// Places between two joins, as parts of a beat.
const BETWEEN: [f64; 3] = [0.25, 0.5, 0.75];

/// Falls and clicks, summed over places.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Changes {
    pub(super) fall_db: f64,
    pub(super) click_db: f64,
    pub(super) places: usize,
}

impl Changes {
    pub(super) fn add(&mut self, other: Self) {
        self.fall_db += other.fall_db;
        self.click_db += other.click_db;
        self.places += other.places;
    }
}

/// What happens at the joins of some beats, and between them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Seams {
    pub(super) joins: Changes,
    pub(super) between: Changes,
}

impl Seams {
    pub(super) fn add(&mut self, other: &Self) {
        self.joins.add(other.joins);
        self.between.add(other.between);
    }

    /// How much more there is at joins than between them: the mean of both ratios; 1 where there are no joins.
    pub(super) fn flux(&self) -> f64 {
        let (joins, between) = (self.joins, self.between);
        if joins.places == 0 || between.places == 0 {
            return 1.0;
        }
        let ratio = |joined: f64, free: f64| {
            (joined / joins.places as f64 + EASE_DB) / (free / between.places as f64 + EASE_DB)
        };
        0.5 * (ratio(joins.fall_db, between.fall_db) + ratio(joins.click_db, between.click_db))
    }
}

/// The seams of each beat of `passage`, whose `mono` mix is given: the join at its start and the places until the next.
pub(super) fn seams(passage: &Passage<'_>, mono: &[f32]) -> Vec<Seams> {
    let ear = Ear::new(passage.rate.as_f64(), mono);
    let beat = |beat: usize| {
        let start = passage.grid[beat];
        let mut seams = Seams { joins: ear.changes(passage, mono, start), ..Seams::default() };
        if let Some(next) = passage.grid.get(beat + 1) {
            BETWEEN
                .iter()
                .for_each(|part| seams.between.add(ear.changes(passage, mono, start + part * (next - start))));
        }
        seams
    };
    (0..passage.grid.len()).into_par_iter().map(beat).collect()
}

/// Levels of octaves in windows around a place.
struct Ear {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    bands: usize,
    floor: f32,
}

impl Ear {
    fn new(rate: f64, mono: &[f32]) -> Self {
        let size = 1usize << ((rate * WINDOW_SECONDS).log2().round() as u32).max(4);
        let change = |pair: &[f32]| f64::from(pair[1] - pair[0]).powi(2);
        let power = mono.windows(2).map(change).sum::<f64>() / mono.len().max(1) as f64;
        Self {
            fft: RealFftPlanner::new().plan_fft_forward(size),
            window: (0..size).map(|n| hann(n, size)).collect(),
            bands: size.ilog2() as usize - 1,
            floor: (power * FLOOR * 0.375 * size as f64).max(1e-30) as f32,
        }
    }

    /// What happens at `seconds`; nothing where the passage has not enough before and after it.
    fn changes(&self, passage: &Passage<'_>, mono: &[f32], seconds: f64) -> Changes {
        let half = self.window.len() / 2;
        let place = passage.frame_at(seconds);
        let start = place.checked_sub(BEFORE * half + half + 1);
        let Some(around) = start.and_then(|start| mono.get(start..=place + (AFTER + 1) * half)) else {
            return Changes::default();
        };
        let powers = self.powers(around);
        Changes { fall_db: self.fall(&powers), click_db: self.click(&powers), places: 1 }
    }

    /// Power of the octaves, shape `[BEFORE + 1 + AFTER, bands]`, each window half a window after the last; window
    /// `BEFORE` has the place in its middle. Differences of neighbouring samples keep the bass out of the octaves above.
    fn powers(&self, around: &[f32]) -> Vec<Vec<f32>> {
        let (size, half) = (self.window.len(), self.window.len() / 2);
        let (mut input, mut spectrum) = (self.fft.make_input_vec(), self.fft.make_output_vec());
        let mut octaves = |index: usize| {
            for (n, (input, window)) in (index * half..).zip(input.iter_mut().zip(&self.window)) {
                *input = (around[n + 1] - around[n]) * window;
            }
            let _ = self.fft.process(&mut input, &mut spectrum);
            let power = |band: usize| mean_power(&spectrum[1 << band..(2 << band).min(size / 2 + 1)]) + self.floor;
            (0..self.bands).map(power).collect()
        };
        (0..=BEFORE + AFTER).map(&mut octaves).collect()
    }

    /// The steepest fall in dB, the mean over the octaves.
    fn fall(&self, powers: &[Vec<f32>]) -> f64 {
        let level = |from: usize, band: usize| {
            10.0 * f64::from(powers[from..from + STRETCH].iter().map(|power| power[band]).sum::<f32>()).log10()
        };
        let fall = |at: usize, band: usize| (level(at - STRETCH, band) - level(at, band)).max(0.0);
        let mean = |at: usize| (0..self.bands).map(|band| fall(at, band)).sum::<f64>() / self.bands as f64;
        (STRETCH..=BEFORE + LAST_FALL + 1).map(mean).fold(0.0, f64::max)
    }

    /// How far the window around the place stands out on both sides in dB, the mean over the octaves.
    fn click(&self, powers: &[Vec<f32>]) -> f64 {
        let loudest =
            |from: usize, band: usize| powers[from..from + 2].iter().map(|power| power[band]).fold(0.0, f32::max);
        let click = |band: usize| {
            let beside = loudest(BEFORE - 3, band).max(loudest(BEFORE + 2, band));
            10.0 * f64::from(powers[BEFORE][band] / beside).log10().max(0.0)
        };
        (0..self.bands).map(click).sum::<f64>() / self.bands as f64
    }
}

fn mean_power(bins: &[Complex<f32>]) -> f32 {
    bins.iter().map(Complex::norm_sqr).sum::<f32>() / bins.len().max(1) as f32
}
