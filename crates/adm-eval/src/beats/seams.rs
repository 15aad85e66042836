//! Whether the joins between beats can be heard.
//!
//! A beat starts with an onset anyway, so the rise at a join says nothing. What gives a join away is what music seldom
//! does just before an onset or at its very start. Three changes of level are measured, in bands an octave wide, at the
//! joins and at the sixteenths between them, where onsets are as likely but nothing was joined:
//!
//! ```text
//! fall   the steepest fall from one 3 ms to the next, from 40 ms before the join until just after it: a slice that ends
//!        early, or starts late
//! cut    how far the last 1.5 ms before the join lie below the 40 ms before them: a slice that is faded out
//! click  how far the 1.5 ms around the join stand out from the 3 ms before and the 6 ms after: a waveform that jumps
//! ```
//!
//! Music made by machines has its drums start with a click on the very frame of the beat, which nothing tells from a jump
//! of the waveform: it reads some 1.2 where it was never cut. A gap of more than 40 ms is no matter of the join.

use super::passage::Passage;
use crate::checks::flux::hann;
use rayon::prelude::*;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::ops::Range;
use std::sync::Arc;

/// Window in seconds, before it is rounded to a power of two: 64 frames at 44.1 kHz.
const WINDOW_SECONDS: f64 = 0.00145;

/// Windows before and after a join that are looked at, half a window apart: 40 ms before, 6 ms after.
const BEFORE: usize = 55;
const AFTER: usize = 7;

/// Windows that make a stretch whose level is compared with the next one's: 3 ms.
const STRETCH: usize = 3;

/// Power of a band that counts as none, relative to its mean over all that is looked at: 60 dB below.
const FLOOR: f64 = 1e-6;

/// Added to both sides of a ratio in dB, about what a fall or a click must have to be heard: below it, much more than
/// nothing is still nothing.
const EASE_DB: f64 = 3.0;

/// Places between two joins, as parts of a beat.
const BETWEEN: [f64; 3] = [0.25, 0.5, 0.75];

/// Falls, cuts and clicks in dB, summed over places.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Changes {
    sums: [f64; 3],
    places: usize,
}

impl Changes {
    fn add(&mut self, other: Self) {
        self.sums.iter_mut().zip(other.sums).for_each(|(sum, other)| *sum += other);
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

    /// How much more there is at joins than between them: the mean of the three ratios; 1 where there are no joins.
    pub(super) fn flux(&self) -> f64 {
        let mean = |changes: &Changes, kind: usize| changes.sums[kind] / changes.places as f64 + EASE_DB;
        if self.joins.places == 0 || self.between.places == 0 {
            return 1.0;
        }
        (0..3).map(|kind| mean(&self.joins, kind) / mean(&self.between, kind)).sum::<f64>() / 3.0
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
        Changes { sums: [self.fall(&powers), self.cut(&powers), self.click(&powers)], places: 1 }
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

    /// The steepest fall from one stretch to the next; the last one that counts lies across the place.
    fn fall(&self, powers: &[Vec<f32>]) -> f64 {
        let stretch = |from: usize, band: usize| mean(powers, from..from + STRETCH, band);
        let fall = |at: usize| self.drop(|band| (stretch(at - STRETCH, band), stretch(at, band)));
        (STRETCH..=BEFORE + 2).map(fall).fold(0.0, f64::max)
    }

    /// How far the last window that ends before the place lies below those that it does not touch.
    fn cut(&self, powers: &[Vec<f32>]) -> f64 {
        self.drop(|band| (mean(powers, 0..BEFORE - 2, band), powers[BEFORE - 1][band]))
    }

    /// How far the window around the place stands out from those on either side that it does not touch.
    fn click(&self, powers: &[Vec<f32>]) -> f64 {
        let loudest =
            |windows: Range<usize>, band: usize| powers[windows].iter().map(|power| power[band]).fold(0.0, f32::max);
        let beside =
            |band: usize| loudest(BEFORE - 3..BEFORE - 1, band).max(loudest(BEFORE + 2..BEFORE + 1 + AFTER, band));
        self.drop(|band| (powers[BEFORE][band], beside(band)))
    }

    /// By how much the first of two powers is above the second in dB, rises counting nothing: the mean over the octaves.
    fn drop(&self, powers: impl Fn(usize) -> (f32, f32)) -> f64 {
        let drop = |(from, to): (f32, f32)| 10.0 * f64::from(from / to).log10().max(0.0);
        (0..self.bands).map(|band| drop(powers(band))).sum::<f64>() / self.bands as f64
    }
}

fn mean(powers: &[Vec<f32>], windows: Range<usize>, band: usize) -> f32 {
    let count = windows.len().max(1) as f32;
    powers[windows].iter().map(|power| power[band]).sum::<f32>() / count
}

fn mean_power(bins: &[Complex<f32>]) -> f32 {
    bins.iter().map(Complex::norm_sqr).sum::<f32>() / bins.len().max(1) as f32
}
