//! The short-time Fourier transform that magnitudes are inverted with: any frame size, window length and hop.
//!
//! Frame `t` is the spectrum of the `n_fft` samples from `t · hop - ⌊n_fft / 2⌋` on, weighted by a periodic Hann window
//! of `win_length` samples in the middle of them; beyond the signal's ends there are zeros. That is
//! `librosa.stft(signal, n_fft, hop_length=hop, win_length=win_length, window='hann', center=True,
//! pad_mode='constant')`. Spectra are `[frames, n_fft / 2 + 1]`: all bins of a frame side by side, as each step of an
//! inversion meets them.
//!
//! [`crate::stft`] is the same transform for networks: even sizes alone, bin by bin, Nyquist packed into DC.

use super::InversionScratch;
use super::frame_fft::FrameFft;
use super::shape::StftShape;
use super::vector::vectorised;
use crate::error::{SpectralError, check_length, check_values};
use crate::scratch::sized;
use rustfft::num_complex::Complex32;
use std::fmt;

/// Largest value that a signal or a spectrum may hold: squares of sums of such values do not overflow.
pub const LARGEST_MAGNITUDE: f32 = 1e9;

/// The transform of signals of one length. It is planned once and shared by all threads.
pub struct CentredStft {
    shape: StftShape,
    fft: FrameFft,
    /// `[n_fft]`, with zeros around the window.
    window: Vec<f32>,
    /// What each sample of a padded overlap-add is to be multiplied by; 0 beyond the signal's ends.
    gains: Vec<f32>,
}

impl fmt::Debug for CentredStft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CentredStft").field(&self.shape).finish()
    }
}

impl CentredStft {
    /// Plans a transform.
    ///
    /// # Errors
    /// A size out of range.
    pub fn new(shape: StftShape) -> Result<Self, SpectralError> {
        shape.validate()?;
        let window = shape.window();
        let gains = shape.gains(&window);
        let window = window.into_iter().map(|value| value as f32).collect();
        Ok(Self { shape, fft: FrameFft::new(shape.n_fft), window, gains })
    }

    /// What it is made of.
    pub fn shape(&self) -> &StftShape {
        &self.shape
    }

    /// The spectrum of a signal.
    ///
    /// # Shapes
    /// `signal`: `[samples]`. `spectrum`: `[frames, bins]`.
    ///
    /// # Errors
    /// Buffers of other lengths; values that are not finite or above [`LARGEST_MAGNITUDE`].
    pub fn analyse(
        &self,
        signal: &[f32],
        spectrum: &mut [Complex32],
        scratch: &mut InversionScratch,
    ) -> Result<(), SpectralError> {
        check_length("the signal", self.shape.samples, signal.len())?;
        check_length("the spectrum", self.shape.points(), spectrum.len())?;
        check_values("the signal", LARGEST_MAGNITUDE, signal)?;
        let padded = sized(&mut scratch.padded, self.padded_len());
        self.pad(signal, padded);
        let mut rows = spectrum.chunks_exact_mut(self.shape.bins());
        self.each_frame(padded, &mut scratch.rows, |_, row| {
            if let Some(to) = rows.next() {
                to.copy_from_slice(row);
            }
        });
        Ok(())
    }

    /// The signal whose spectrum is nearest to this one in the least-squares sense (Griffin and Lim, 1984).
    ///
    /// # Shapes
    /// `spectrum`: `[frames, bins]`; imaginary parts of DC and Nyquist count for nothing. `signal`: `[samples]`.
    ///
    /// # Errors
    /// Buffers of other lengths; values that are not finite or above [`LARGEST_MAGNITUDE`].
    pub fn synthesise(
        &self,
        spectrum: &[Complex32],
        signal: &mut [f32],
        scratch: &mut InversionScratch,
    ) -> Result<(), SpectralError> {
        check_length("the signal", self.shape.samples, signal.len())?;
        self.check_spectrum(spectrum)?;
        let padded = sized(&mut scratch.padded, self.padded_len());
        self.invert_rows(padded, &mut scratch.rows, |frame, row| {
            row.copy_from_slice(&spectrum[frame * self.shape.bins()..][..self.shape.bins()]);
        });
        signal.copy_from_slice(self.unpadded(padded));
        Ok(())
    }

    /// Refuses a spectrum of another length, or one that holds anything but ordinary numbers.
    pub(super) fn check_spectrum(&self, spectrum: &[Complex32]) -> Result<(), SpectralError> {
        check_length("the spectrum", self.shape.points(), spectrum.len())?;
        let bad = |value: f32| value.is_nan() || value.abs() > LARGEST_MAGNITUDE;
        match spectrum.iter().enumerate().find(|(_, point)| bad(point.re) || bad(point.im)) {
            Some((index, point)) => {
                let value = if bad(point.re) { point.re } else { point.im };
                Err(SpectralError::BadValue { what: "the spectrum", index, value, limit: LARGEST_MAGNITUDE })
            }
            None => Ok(()),
        }
    }

    /// Samples of a signal with half a frame of zeros on either side.
    pub(super) fn padded_len(&self) -> usize {
        self.gains.len()
    }

    /// The signal within a padded one.
    pub(super) fn unpadded<'a>(&self, padded: &'a [f32]) -> &'a [f32] {
        &padded[self.shape.n_fft / 2..][..self.shape.samples]
    }

    /// Sets a signal between zeros.
    pub(super) fn pad(&self, signal: &[f32], padded: &mut [f32]) {
        padded.fill(0.0);
        padded[self.shape.n_fft / 2..][..self.shape.samples].copy_from_slice(signal);
    }

    /// Hands over the spectrum of each frame of a padded signal, with the frame's number.
    pub(super) fn each_frame(&self, padded: &[f32], rows: &mut Rows, mut visit: impl FnMut(usize, &mut [Complex32])) {
        let (row, fft) = rows.sized(self);
        for frame in 0..self.shape.frames() {
            self.analyse_frame(&padded[frame * self.shape.hop..], row, fft);
            visit(frame, &mut row[..self.shape.bins()]);
        }
    }

    /// The padded signal of the spectrum that `fill` writes row by row.
    pub(super) fn invert_rows(
        &self,
        padded: &mut [f32],
        rows: &mut Rows,
        mut fill: impl FnMut(usize, &mut [Complex32]),
    ) {
        let (row, fft) = rows.sized(self);
        padded.fill(0.0);
        for frame in 0..self.shape.frames() {
            fill(frame, &mut row[..self.shape.bins()]);
            self.add_frame(row, &mut padded[frame * self.shape.hop..], fft);
        }
        self.normalise(padded);
    }

    /// The padded signal of the spectrum that `change` makes of another padded signal's, row by row.
    pub(super) fn remake(
        &self,
        from: &[f32],
        to: &mut [f32],
        rows: &mut Rows,
        mut change: impl FnMut(usize, &mut [Complex32]),
    ) {
        let (row, fft) = rows.sized(self);
        to.fill(0.0);
        for frame in 0..self.shape.frames() {
            let start = frame * self.shape.hop;
            self.analyse_frame(&from[start..], row, fft);
            change(frame, &mut row[..self.shape.bins()]);
            self.add_frame(row, &mut to[start..], fft);
        }
        self.normalise(to);
    }

    /// The spectrum of the frame at the start of `from`.
    pub(super) fn analyse_frame(&self, from: &[f32], row: &mut [Complex32], fft: &mut [Complex32]) {
        vectorised(
            #[inline(always)]
            || self.cut(from, row),
        );
        self.fft.transform(row, fft);
        vectorised(
            #[inline(always)]
            || self.fft.split(row),
        );
    }

    /// Adds the frame of a spectrum, windowed, to the start of `to`. The row is lost.
    pub(super) fn add_frame(&self, row: &mut [Complex32], to: &mut [f32], fft: &mut [Complex32]) {
        vectorised(
            #[inline(always)]
            || self.fft.merge(row),
        );
        self.fft.invert(row, fft);
        vectorised(
            #[inline(always)]
            || self.overlap(row, to),
        );
    }

    /// The place of the largest sample of the frame of a spectrum. The row is lost.
    pub(super) fn peak(&self, row: &mut [Complex32], fft: &mut [Complex32]) -> usize {
        self.fft.merge(row);
        self.fft.invert(row, fft);
        let numbers = row.iter().flat_map(|value| [value.re, value.im]);
        let louder = |best: (usize, f32), next: (usize, f32)| if next.1 > best.1 { next } else { best };
        // Of an odd frame the imaginary parts are no samples.
        let step = if self.fft.is_even() { 1 } else { 2 };
        numbers.step_by(step).take(self.shape.n_fft).enumerate().fold((0, f32::NEG_INFINITY), louder).0
    }

    /// Divides an overlap-add by the sum of the squared windows.
    pub(super) fn normalise(&self, padded: &mut [f32]) {
        vectorised(
            #[inline(always)]
            || padded.iter_mut().zip(&self.gains).for_each(|(sample, gain)| *sample *= gain),
        );
    }

    #[inline(always)]
    fn cut(&self, from: &[f32], row: &mut [Complex32]) {
        if self.fft.is_even() {
            let pairs = from.chunks_exact(2).zip(self.window.chunks_exact(2));
            for (to, (sample, weight)) in row.iter_mut().zip(pairs) {
                *to = Complex32::new(sample[0] * weight[0], sample[1] * weight[1]);
            }
        } else {
            for (to, (sample, weight)) in row.iter_mut().zip(from.iter().zip(&self.window)) {
                *to = Complex32::new(sample * weight, 0.0);
            }
        }
    }

    #[inline(always)]
    fn overlap(&self, row: &[Complex32], to: &mut [f32]) {
        if self.fft.is_even() {
            let pairs = to.chunks_exact_mut(2).zip(self.window.chunks_exact(2));
            for (from, (sum, weight)) in row.iter().zip(pairs) {
                sum[0] += from.re * weight[0];
                sum[1] += from.im * weight[1];
            }
        } else {
            for (from, (sum, weight)) in row.iter().zip(to.iter_mut().zip(&self.window)) {
                *sum += from.re * weight;
            }
        }
    }
}

/// Working memory of one frame.
#[derive(Debug, Default)]
pub(super) struct Rows {
    row: Vec<Complex32>,
    fft: Vec<Complex32>,
}

impl Rows {
    /// A row and the FFT's own space.
    pub fn sized(&mut self, stft: &CentredStft) -> (&mut [Complex32], &mut [Complex32]) {
        (sized(&mut self.row, stft.fft.row_len()), sized(&mut self.fft, stft.fft.scratch_len()))
    }
}
