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
        let (low, high) = self.mirrored(row);
        for ((low, high), twiddle) in low.iter_mut().zip(high.iter_mut().rev()).zip(&self.twiddles) {
            let (sum, difference) = (*low + high.conj(), *low - high.conj());
            // i times the twiddle times the difference.
            let turned = Complex32::new(
                difference.re * twiddle.im + difference.im * twiddle.re,
                difference.im * twiddle.im - difference.re * twiddle.re,
            );
            let even = sum * 0.5;
            *low = even + turned;
            *high = (even - turned).conj();
        }
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
        let (low, high) = self.mirrored(row);
        for ((low, high), twiddle) in low.iter_mut().zip(high.iter_mut().rev()).zip(&self.twiddles) {
            let (even, difference) = (*low + high.conj(), *low - high.conj());
            // i times the conjugate twiddle, which holds a half, times twice the difference.
            let odd = Complex32::new(
                2.0 * (difference.re * twiddle.im - difference.im * twiddle.re),
                2.0 * (difference.re * twiddle.re + difference.im * twiddle.im),
            );
            *low = even + odd;
            *high = (even - odd).conj();
        }
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

    /// Bins 1 and up, and as many below Nyquist, lowest first.
    #[inline(always)]
    fn mirrored<'a>(&self, row: &'a mut [Complex32]) -> (&'a mut [Complex32], &'a mut [Complex32]) {
        let (half, count) = (self.size / 2, self.twiddles.len());
        let (low, high) = row[1..half].split_at_mut(count);
        let from = high.len() - count;
        (low, &mut high[from..])
    }
}
