//! Phase gradient heap integration.
//!
//! Under a Gaussian window the phase of a spectrum is bound to the logarithm of its magnitude (Průša, Balazs and
//! Søndergaard, 2017, "A noniterative method for reconstruction of phase from STFT magnitude"). With frames `n` a hop
//! of `a` apart, bins `m` of an FFT of `M`, and `s = ln |X|`, the phase grows, in turns,
//!
//! ```text
//! from frame to frame by   a·m/M + a·M/(2πγ) · (s[m+1, n] - s[m-1, n])/2,
//! from bin to bin by        -p/M -  γ/(2πaM) · (s[m, n+1] - s[m, n-1])/2,
//! ```
//!
//! where `p` is the sample that the window peaks at and `γ` its width: a Hann window of `L` samples is nearest to a
//! Gaussian of `γ = 0.25645·L²` (there, table I). The growth is summed up from the loudest point outwards, the loudest
//! known neighbour always first, so that errors gather where they are heard least. Points more than 120 dB below the
//! loudest one keep their random phases.
//!
//! The heap of the paper is a row of [`Buckets`] here, where any order will do within 0.36 dB.

use super::buckets::{BUCKETS_PER_NEPER, Buckets, END, WAITING};
use super::shape::StftShape;
use super::turns::from_turns;
use crate::scratch::sized;
use std::f64::consts::TAU;

/// Magnitudes below this share of the loudest one are left alone.
const TOLERANCE: f32 = 1e-6;

/// Magnitudes up to this one are silence.
const LEAST_MAGNITUDE: f32 = 1e-30;

/// `γ` of a Hann window over its squared length.
const HANN_GAMMA: f64 = 0.25645;

/// The gradients of a transform.
#[derive(Debug)]
pub(super) struct Pghi {
    /// Growth of each bin's phase from frame to frame, in 2⁻³² turns.
    carriers: Vec<u32>,
    /// Growth from bin to bin at a steady magnitude.
    delay: u32,
    /// Further growth from frame to frame for the sum of two points' differences of logarithms, in 2⁻³² turns.
    along_time: f32,
    /// The same from bin to bin.
    along_frequency: f32,
    frames: usize,
}

/// Working memory of an integration.
#[derive(Debug, Default)]
pub(super) struct PghiScratch {
    logs: Vec<f32>,
    /// The next point in its bucket, [`WAITING`] or [`END`].
    links: Vec<u32>,
    /// Points above the tolerance, loudest bucket first.
    order: Vec<u32>,
    buckets: Buckets,
}

impl Pghi {
    pub fn new(shape: &StftShape) -> Self {
        let (size, hop) = (shape.n_fft as f64, shape.hop as f64);
        let gamma = HANN_GAMMA * (shape.win_length as f64).powi(2);
        // Two differences, each over two steps and counted in buckets, are averaged.
        let quarter = 0.25 * 4_294_967_296.0 / TAU / f64::from(BUCKETS_PER_NEPER);
        Self {
            carriers: (0..shape.bins()).map(|bin| from_turns(hop * bin as f64 / size)).collect(),
            delay: from_turns(-shape.window_peak() / size),
            along_time: (quarter * hop * size / gamma) as f32,
            along_frequency: (-quarter * gamma / (hop * size)) as f32,
            frames: shape.frames(),
        }
    }

    /// Overwrites the phases of all points but the faintest ones.
    ///
    /// # Shapes
    /// `magnitudes`, `turns`: `[frames, bins]`.
    pub fn integrate(&self, magnitudes: &[f32], turns: &mut [u32], scratch: &mut PghiScratch) {
        let PghiScratch { logs, links, order, buckets } = scratch;
        let (logs, links) = (sized(logs, magnitudes.len()), sized(links, magnitudes.len()));
        let loudest = magnitudes.iter().fold(0.0f32, |peak, value| peak.max(*value));
        let Some(floor) = log_floor(logs_of(loudest)) else { return };
        for ((log, link), magnitude) in logs.iter_mut().zip(links.iter_mut()).zip(magnitudes) {
            *log = logs_of(*magnitude) - floor;
            *link = if *log > 0.0 { WAITING } else { END };
        }
        buckets.sort(logs, 0.0, order);
        let mut field = Field { pghi: self, logs, links, turns, buckets };
        for &start in order.iter() {
            if field.links[start as usize] == WAITING {
                field.turns[start as usize] = 0;
                field.spread_from(start);
            }
        }
    }
}

/// Steps along the gradient, in 2⁻³² turns, from the sum of twice the slopes at both points.
impl Pghi {
    #[inline(always)]
    pub fn time_step(&self, bin: usize, slopes: f32) -> u32 {
        self.carriers[bin].wrapping_add(whole(self.along_time * slopes))
    }

    #[inline(always)]
    pub fn frequency_step(&self, slopes: f32) -> u32 {
        self.delay.wrapping_add(whole(self.along_frequency * slopes))
    }

    /// Twice the slope of the logarithm over bins. A real frame's magnitudes are even about DC and Nyquist: no slope.
    #[inline(always)]
    pub fn slope_over_bins(&self, logs: &[f32], point: usize, bin: usize) -> f32 {
        if bin == 0 || bin + 1 == self.carriers.len() {
            return 0.0;
        }
        logs[point + 1] - logs[point - 1]
    }
}

/// A magnitude's logarithm, counted in buckets.
#[inline(always)]
pub(super) fn logs_of(magnitude: f32) -> f32 {
    BUCKETS_PER_NEPER * magnitude.max(LEAST_MAGNITUDE).ln()
}

/// The logarithm of the faintest point that counts beside the loudest one; none beside silence.
pub(super) fn log_floor(loudest: f32) -> Option<f32> {
    (loudest > BUCKETS_PER_NEPER * LEAST_MAGNITUDE.ln()).then(|| loudest + BUCKETS_PER_NEPER * TOLERANCE.ln())
}

/// An integration at work.
struct Field<'a> {
    pghi: &'a Pghi,
    logs: &'a [f32],
    links: &'a mut [u32],
    turns: &'a mut [u32],
    buckets: &'a mut Buckets,
}

impl Field<'_> {
    /// Reaches every waiting point that hangs together with `start`.
    fn spread_from(&mut self, start: u32) {
        self.settle(start as usize);
        while let Some(point) = self.buckets.pop(self.links) {
            self.reach_neighbours(point as usize);
        }
    }

    fn settle(&mut self, point: usize) {
        self.buckets.push(self.logs[point], point, self.links);
    }

    fn reach_neighbours(&mut self, point: usize) {
        let bins = self.pghi.carriers.len();
        let (frame, bin) = (point / bins, point % bins);
        if frame > 0 {
            self.reach_in_time(point, point - bins, bin, false);
        }
        if frame + 1 < self.pghi.frames {
            self.reach_in_time(point, point + bins, bin, true);
        }
        if bin > 0 {
            self.reach_in_frequency(point, point - 1, frame, false);
        }
        if bin + 1 < bins {
            self.reach_in_frequency(point, point + 1, frame, true);
        }
    }

    #[inline(always)]
    fn reach_in_time(&mut self, from: usize, to: usize, bin: usize, forward: bool) {
        if self.links[to] != WAITING {
            return;
        }
        let slopes = self.pghi.slope_over_bins(self.logs, from, bin) + self.pghi.slope_over_bins(self.logs, to, bin);
        let step = self.pghi.time_step(bin, slopes);
        self.arrive(from, to, step, forward);
    }

    #[inline(always)]
    fn reach_in_frequency(&mut self, from: usize, to: usize, frame: usize, forward: bool) {
        if self.links[to] != WAITING {
            return;
        }
        let slopes = self.slope_over_frames(from, frame) + self.slope_over_frames(to, frame);
        let step = self.pghi.frequency_step(slopes);
        self.arrive(from, to, step, forward);
    }

    #[inline(always)]
    fn arrive(&mut self, from: usize, to: usize, step: u32, forward: bool) {
        let step = if forward { step } else { step.wrapping_neg() };
        self.turns[to] = self.turns[from].wrapping_add(step);
        self.settle(to);
    }

    /// Twice the slope of the logarithm over frames; at the ends it is told over one.
    #[inline(always)]
    fn slope_over_frames(&self, point: usize, frame: usize) -> f32 {
        let bins = self.pghi.carriers.len();
        let before = if frame > 0 { point - bins } else { point };
        let after = if frame + 1 < self.pghi.frames { point + bins } else { point };
        self.logs[after] - self.logs[before]
    }
}

/// Wraps a step in 2⁻³² turns.
#[inline(always)]
fn whole(step: f32) -> u32 {
    step as i64 as u32
}
