//! The FFT of one real frame of any size, in place in a row of complex numbers.
//!
//! A frame of an even size goes through a complex FFT of half that size, even samples as real parts and odd ones as
//! imaginary parts; [`split`] then tells the two apart, and [`merge`] undoes it on the way back. A frame of an odd size
//! goes through a complex FFT of its own size. The rows of [`crate::stft`] lie across frames instead, and its spectra
//! have a bin less, so only the plan of the FFT is common to both.

use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlanner};
use std::f64::consts::TAU;
use std::sync::Arc;

/// Plans for frames of one size; immutable and shared by all threads.
pub(super) struct FrameFft {
    forward: Arc<dyn Fft<f32>>,
    inverse: Arc<dyn Fft<f32>>,
    /// `e^(-2πi·k/size)/2` for `k` from 1 to `⌈size / 4⌉ - 1`; empty for odd sizes.
    twiddles: Vec<Complex32>,
    size: usize,
}

impl FrameFft {
    /// Plans for frames of `size` samples, at least 1.
    pub fn new(size: usize) -> Self {
        let mut planner = FftPlanner::new();
        let even = size.is_multiple_of(2);
        let inner = if even { size / 2 } else { size };
        let turn = |k: usize| -TAU * k as f64 / size as f64;
        let twiddle = |k| Complex32::new((turn(k).cos() / 2.0) as f32, (turn(k).sin() / 2.0) as f32);
        let twiddles = if even { (1..inner.div_ceil(2)).map(twiddle).collect() } else { Vec::new() };
        Self { forward: planner.plan_fft_forward(inner), inverse: planner.plan_fft_inverse(inner), twiddles, size }
    }

    /// Elements of a row; a spectrum stands in the first `size / 2 + 1` of them.
    pub fn row_len(&self) -> usize {
        if self.is_even() { self.size / 2 + 1 } else { self.size }
    }

    /// Elements of scratch space that the FFTs need.
    pub fn scratch_len(&self) -> usize {
        self.forward.get_inplace_scratch_len().max(self.inverse.get_inplace_scratch_len())
    }

    /// Whether a row holds its frame's samples in pairs rather than as real parts.
    #[inline(always)]
    pub fn is_even(&self) -> bool {
        self.size.is_multiple_of(2)
    }

    /// The complex FFT of the samples in a row, before [`Self::split`].
    pub fn transform(&self, row: &mut [Complex32], scratch: &mut [Complex32]) {
        self.forward.process_with_scratch(&mut row[..self.forward.len()], scratch);
    }

    /// The inverse complex FFT of a row after [`Self::merge`]: the frame's samples, `size` times as large.
    pub fn invert(&self, row: &mut [Complex32], scratch: &mut [Complex32]) {
        self.inverse.process_with_scratch(&mut row[..self.inverse.len()], scratch);
    }

    /// The frame's spectrum from what [`Self::transform`] leaves.
    #[inline(always)]
    pub fn split(&self, row: &mut [Complex32]) {
        if !self.is_even() {
            return;
        }
        let half = self.size / 2;
        let first = row[0];
        row[0] = Complex32::new(first.re + first.im, 0.0);
        row[half] = Complex32::new(first.re - first.im, 0.0);
        self.butterflies::<true>(row);
        if half.is_multiple_of(2) {
            row[half / 2] = row[half / 2].conj();
        }
    }

    /// Readies a spectrum for [`Self::invert`]. Imaginary parts of DC and Nyquist count for nothing.
    #[inline(always)]
    pub fn merge(&self, row: &mut [Complex32]) {
        if !self.is_even() {
            return self.mirror(row);
        }
        let half = self.size / 2;
        row[0] = Complex32::new(row[0].re + row[half].re, row[0].re - row[half].re);
        self.butterflies::<false>(row);
        if half.is_multiple_of(2) && half > 0 {
            row[half / 2] = row[half / 2].conj() * 2.0;
        }
    }

    /// Fills the upper half of an odd row, the mirror of the lower one.
    #[inline(always)]
    fn mirror(&self, row: &mut [Complex32]) {
        row[0].im = 0.0;
        let (low, high) = row.split_at_mut(self.size / 2 + 1);
        for (low, high) in low[1..].iter().zip(high.iter_mut().rev()) {
            *high = low.conj();
        }
    }

    /// What [`Self::split`] (`SPLIT`) or [`Self::merge`] does to bins 1 and up, and as many below Nyquist.
    #[inline(always)]
    fn butterflies<const SPLIT: bool>(&self, row: &mut [Complex32]) {
        let (half, count) = (self.size / 2, self.twiddles.len());
        let (low, high) = row[1..half].split_at_mut(count);
        let high = {
            let from = high.len() - count;
            &mut high[from..]
        };
        let whole = count - count % LANES;
        let (low, low_rest) = low.split_at_mut(whole);
        let (high_rest, high) = high.split_at_mut(count - whole);
        let (twiddles, twiddles_rest) = self.twiddles.split_at(whole);
        blocks::<SPLIT, LANES>(low, high, twiddles);
        blocks::<SPLIT, 1>(low_rest, high_rest, twiddles_rest);
    }
}

/// Pairs of bins that are worked on side by side.
const LANES: usize = 16;

/// Pairs of the lowest bins with the highest ones, `WIDTH` at a time: arrays of them take vector instructions.
#[inline(always)]
fn blocks<const SPLIT: bool, const WIDTH: usize>(
    low: &mut [Complex32],
    high: &mut [Complex32],
    twiddles: &[Complex32],
) {
    let blocks = low.chunks_exact_mut(WIDTH).zip(high.rchunks_exact_mut(WIDTH)).zip(twiddles.chunks_exact(WIDTH));
    for ((low, high), twiddles) in blocks {
        let mut parts = ([0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH]);
        for lane in 0..WIDTH {
            let pair = (low[lane], high[WIDTH - 1 - lane].conj());
            let (first, second) = butterfly::<SPLIT>(pair.0 + pair.1, pair.0 - pair.1, twiddles[lane]);
            (parts.0[lane], parts.1[lane]) = (first.re, first.im);
            (parts.2[lane], parts.3[lane]) = (second.re, -second.im);
        }
        for lane in 0..WIDTH {
            low[lane] = Complex32::new(parts.0[lane], parts.1[lane]);
            high[WIDTH - 1 - lane] = Complex32::new(parts.2[lane], parts.3[lane]);
        }
    }
}

/// A bin and its mirror, still to be conjugated, from their sum and difference. The twiddle holds a half.
#[inline(always)]
fn butterfly<const SPLIT: bool>(sum: Complex32, difference: Complex32, twiddle: Complex32) -> (Complex32, Complex32) {
    if SPLIT {
        // -i times the twiddle.
        let odd = Complex32::new(
            difference.re * twiddle.im + difference.im * twiddle.re,
            difference.im * twiddle.im - difference.re * twiddle.re,
        );
        (sum * 0.5 + odd, sum * 0.5 - odd)
    } else {
        // i times the conjugate twiddle, twice for the half that it holds.
        let odd = Complex32::new(
            2.0 * (difference.re * twiddle.im - difference.im * twiddle.re),
            2.0 * (difference.re * twiddle.re + difference.im * twiddle.im),
        );
        (sum + odd, sum - odd)
    }
}
