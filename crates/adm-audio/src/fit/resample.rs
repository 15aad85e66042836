//! Beats played at another speed.
//!
//! Frame `n` of the slice is the recording at `start + n·span/length`, between its frames by a windowed sinc:
//!
//! ```text
//! y[n] = Σ_k x[k]·h(n·span/length − k),    h(t) = c·sinc(c·t)·kaiser(c·t/64)
//! ```
//!
//! with the cutoff `c`, 1 being half the sample rate. The sum reaches past the span into the recording, so nothing happens
//! at a slice's ends: where one ends the next goes on. A bank holds `h` at 512 places between two frames; between those
//! it is interpolated, which stays 100 dB below the signal (Smith and Gossett, "A flexible sampling-rate conversion
//! method", ICASSP 1984).

use super::MOST;
use std::f64::consts::PI;

/// Zero crossings of the sinc on either side. More narrow the band between what passes and what is cut.
const CROSSINGS: usize = 64;
/// Places between two frames at which the kernel is tabulated.
const PHASES: usize = 512;
/// Shape of the Kaiser window: sidelobes at −100 dB.
const BETA: f64 = 10.06;
/// The cutoff where nothing is lost to a lower rate: everything up to 20 kHz of 44.1 passes, nothing above 22.6 does.
const CUTOFF: f64 = 0.975;
/// The cutoff falls in steps of this, so that beats whose lengths differ by little share a bank.
const STEP: f64 = 1.0 / 64.0;
/// Lanes that a dot product runs in side by side.
const LANES: usize = 16;
/// Frames on either side of a span that its slice is made of: half the longest kernel.
pub(super) const CONTEXT: usize = half_of(CUTOFF / MOST as f64 - STEP);

/// Taps on either side of a kernel, a multiple of half the lanes.
const fn half_of(cutoff: f64) -> usize {
    ((CROSSINGS as f64 / cutoff) as usize + 1).next_multiple_of(LANES / 2)
}

/// The kernel bank and the channels of a span side by side.
#[derive(Default)]
pub(super) struct Resample {
    cutoff: f64,
    half: usize,
    /// Shape `[PHASES + 1, 2·half]`.
    bank: Vec<f32>,
    kernel: Vec<f32>,
    plane: Vec<f32>,
}

impl Resample {
    /// Resamples a span of `span` frames, with [`CONTEXT`] frames on either side in `around`, to the length of `slice`.
    pub(super) fn fit(&mut self, around: &[f32], channels: usize, span: usize, slice: &mut [f32]) {
        let length = slice.len() / channels;
        self.tune(span, length);
        for channel in 0..channels {
            self.plane.clear();
            self.plane.extend(around.iter().skip(channel).step_by(channels));
            for n in 0..length {
                // 64 bits hold the product: both are lengths in memory.
                let position = n as u64 * span as u64;
                let (whole, rest) = (position / length as u64, position % length as u64);
                slice[n * channels + channel] = self.at(whole as usize, rest as f64 / length as f64);
            }
        }
    }

    /// The recording `part` of a frame after frame `whole` of the span.
    fn at(&mut self, whole: usize, part: f64) -> f32 {
        let phase = part * PHASES as f64;
        let (row, share) = (phase as usize, phase.fract() as f32);
        let taps = 2 * self.half;
        let rows = &self.bank[row * taps..(row + 2) * taps];
        let (low, high) = rows.split_at(taps);
        let from = CONTEXT + 1 + whole - self.half;
        let frames = &self.plane[from..from + taps];
        for ((tap, low), high) in self.kernel.iter_mut().zip(low).zip(high) {
            *tap = low + share * (high - low);
        }
        dot(&self.kernel, frames)
    }

    /// Makes the bank for this ratio, unless it is there already.
    fn tune(&mut self, span: usize, length: usize) {
        let ratio = (length as f64 / span as f64).min(1.0);
        let cutoff = if ratio < 1.0 { CUTOFF * (ratio / STEP).floor() * STEP } else { CUTOFF };
        if cutoff == self.cutoff {
            return;
        }
        (self.cutoff, self.half) = (cutoff, half_of(cutoff));
        self.kernel.resize(2 * self.half, 0.0);
        self.bank.clear();
        for phase in 0..=PHASES {
            self.push_row(phase as f64 / PHASES as f64);
        }
    }

    fn push_row(&mut self, part: f64) {
        let (start, half, cutoff) = (self.bank.len(), self.half as f64, self.cutoff);
        self.bank.extend((0..2 * self.half).map(|k| kernel(cutoff * (k as f64 + 1.0 - half - part)) as f32));
        let row = &mut self.bank[start..];
        // Every row lets a constant pass as it is.
        let gain = row.iter().map(|&tap| f64::from(tap)).sum::<f64>().recip() as f32;
        row.iter_mut().for_each(|tap| *tap *= gain);
    }
}

/// `sinc(t)·kaiser(t/CROSSINGS)`, times a constant.
fn kernel(t: f64) -> f64 {
    let edge = t / CROSSINGS as f64;
    if edge.abs() >= 1.0 {
        return 0.0;
    }
    let sinc = if t == 0.0 { 1.0 } else { (PI * t).sin() / (PI * t) };
    sinc * bessel(BETA * (1.0 - edge * edge).sqrt())
}

/// The modified Bessel function of order 0, by its power series.
fn bessel(x: f64) -> f64 {
    let square = x * x / 4.0;
    let terms = (1..25).scan(1.0, |term, k| {
        *term *= square / f64::from(k * k);
        Some(*term)
    });
    1.0 + terms.sum::<f64>()
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        (0..LANES).for_each(|lane| sums[lane] += a[lane] * b[lane]);
    }
    sums.iter().sum()
}
