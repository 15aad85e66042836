//! The short-time Fourier transform and its inverse.
//!
//! Frame `t` is the spectrum of the `size` samples around sample `t · hop`, weighted by a periodic Hann window; beyond
//! the signal's ends there are zeros. That is `librosa.stft(signal, n_fft=size, hop_length=hop, window='hann',
//! center=True, pad_mode='constant')` without any scaling.
//!
//! A spectrum is a real and an imaginary plane `[size / 2, frames]`: the frames of bin 0, then those of bin 1 and so
//! on. Of the `size / 2 + 1` bins the first (DC) and the last (Nyquist) are real numbers, so the last one stands in the
//! first one's imaginary part: as many numbers as before, and a round number of bins.
//!
//! The inverse is weighted overlap-add: each frame's inverse times the window, added up, over the sum of the squared
//! windows. It is exact for an analysed spectrum, and for any other it gives the signal whose spectrum is nearest to it
//! in the least-squares sense (Griffin and Lim, 1984, "Signal estimation from modified short-time Fourier transform").

mod real_fft;
mod window;

pub use window::longest_hop;
pub(crate) use window::{hann, overlaps};

use crate::error::{SpectralError, check_length, check_range, check_values};
use crate::scratch::{Scratch, sized};
use real_fft::{Columns, LANES, RealFft};
use rustfft::num_complex::Complex32;
use std::fmt;

/// Largest value that a signal or a spectrum may hold: no sum in here overflows below it.
pub(crate) const LARGEST_VALUE: f32 = 1e25;

/// A short-time Fourier transform of signals of one length. It is planned once and shared by all threads.
pub struct Stft {
    fft: RealFft,
    window: Vec<f32>,
    /// What each sample of an overlap-add is to be multiplied by.
    gains: Vec<f32>,
    hop: usize,
    frames: usize,
}

impl fmt::Debug for Stft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stft {{ size: {}, hop: {}, samples: {} }}", self.size(), self.hop, self.samples())
    }
}

impl Stft {
    /// A transform of signals of `samples` samples.
    ///
    /// # Arguments
    /// - `bins`: 1 to 32,768; a frame has `size = 2 · bins` samples. More bins tell near frequencies apart better and
    ///   near moments worse: 256 at 44,100 Hz are 86 Hz apart, in frames of 11.6 ms.
    /// - `hop`: samples from one frame to the next, at least 1. A larger one gives fewer frames; above
    ///   [`longest_hop`] some samples come back from the inverse badly or not at all.
    /// - `samples`: 1 to 2³⁰.
    ///
    /// # Errors
    /// An argument out of range.
    pub fn new(bins: usize, hop: usize, samples: usize) -> Result<Self, SpectralError> {
        check_range("the number of bins", 1, 32_768, bins)?;
        check_range("the hop in samples", 1, 1 << 30, hop)?;
        check_range("the length of a signal in samples", 1, 1 << 30, samples)?;
        let size = 2 * bins;
        let window = hann(size);
        let gain = |overlap: f64| if overlap > 1e-12 { (1.0 / (overlap * size as f64)) as f32 } else { 0.0 };
        let gains = overlaps(&window, hop, samples).into_iter().map(gain).collect();
        let window = window.into_iter().map(|value| value as f32).collect();
        Ok(Self { fft: RealFft::new(bins), window, gains, hop, frames: 1 + samples / hop })
    }

    /// Samples in a frame.
    pub fn size(&self) -> usize {
        self.window.len()
    }

    /// Bins of a spectrum: `size / 2`, Nyquist packed into the first one.
    pub fn bins(&self) -> usize {
        self.window.len() / 2
    }

    /// Samples from one frame to the next.
    pub fn hop(&self) -> usize {
        self.hop
    }

    /// Samples of a signal.
    pub fn samples(&self) -> usize {
        self.gains.len()
    }

    /// Frames of a spectrum: `1 + samples / hop`.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// The spectrum of a signal.
    ///
    /// # Shapes
    /// `signal`: `[samples]`. `real`, `imaginary`: `[bins, frames]`.
    ///
    /// # Errors
    /// Buffers of other lengths; values that are not finite.
    pub fn analyse(
        &self,
        signal: &[f32],
        real: &mut [f32],
        imaginary: &mut [f32],
        scratch: &mut Scratch,
    ) -> Result<(), SpectralError> {
        check_length("the signal", self.samples(), signal.len())?;
        self.check_planes(real, imaginary)?;
        check_values("the signal", LARGEST_VALUE, signal)?;
        self.analyse_samples(self.bins(), signal.iter().copied(), real, imaginary, scratch);
        Ok(())
    }

    /// The signal of a spectrum.
    ///
    /// # Shapes
    /// `real`, `imaginary`: `[bins, frames]`. `signal`: `[samples]`.
    ///
    /// # Errors
    /// Buffers of other lengths; values that are not finite.
    pub fn synthesise(
        &self,
        real: &[f32],
        imaginary: &[f32],
        signal: &mut [f32],
        scratch: &mut Scratch,
    ) -> Result<(), SpectralError> {
        check_length("the signal", self.samples(), signal.len())?;
        self.check_planes(real, imaginary)?;
        check_values("the real plane", LARGEST_VALUE, real)?;
        check_values("the imaginary plane", LARGEST_VALUE, imaginary)?;
        for (to, from) in signal.iter_mut().zip(self.synthesise_samples(real, imaginary, scratch)) {
            *to = from;
        }
        Ok(())
    }

    fn check_planes(&self, real: &[f32], imaginary: &[f32]) -> Result<(), SpectralError> {
        check_length("the real plane", self.bins() * self.frames, real.len())?;
        check_length("the imaginary plane", self.bins() * self.frames, imaginary.len())
    }

    /// [`Self::analyse`] for checked buffers and samples wherever they stand: `lead` zeros, `bins` of which lie before
    /// the first frame's centre, then samples up to `bins` beyond the last one's, and zeros where these run out.
    pub(crate) fn analyse_samples(
        &self,
        lead: usize,
        samples: impl Iterator<Item = f32>,
        real: &mut [f32],
        imaginary: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let padded = sized(&mut scratch.padded, self.samples() + self.size());
        padded.fill(0.0);
        for (to, from) in padded[lead..].iter_mut().zip(samples) {
            *to = from;
        }
        let block = sized(&mut scratch.block, self.fft.block_len());
        let fft = sized(&mut scratch.fft, self.fft.scratch_len());
        for first in (0..self.frames).step_by(LANES) {
            let columns = Columns { frames: self.frames, first };
            for (lane, row) in block.chunks_exact_mut(self.fft.stride()).take(columns.live()).enumerate() {
                self.cut(&padded[(first + lane) * self.hop..], row);
            }
            self.fft.forward(block, columns, real, imaginary, fft);
        }
    }

    /// [`Self::synthesise`] for checked buffers, sample by sample.
    pub(crate) fn synthesise_samples<'a>(
        &'a self,
        real: &[f32],
        imaginary: &[f32],
        scratch: &'a mut Scratch,
    ) -> impl Iterator<Item = f32> + 'a {
        let padded = sized(&mut scratch.padded, self.samples() + self.size());
        padded.fill(0.0);
        let block = sized(&mut scratch.block, self.fft.block_len());
        let fft = sized(&mut scratch.fft, self.fft.scratch_len());
        for first in (0..self.frames).step_by(LANES) {
            let columns = Columns { frames: self.frames, first };
            self.fft.inverse(real, imaginary, columns, block, fft);
            for (lane, row) in block.chunks_exact(self.fft.stride()).take(columns.live()).enumerate() {
                self.overlap(row, &mut padded[(first + lane) * self.hop..]);
            }
        }
        padded[self.bins()..].iter().zip(&self.gains).map(|(sum, gain)| sum * gain)
    }

    /// Windows the frame at the start of `from` into a row of a block.
    fn cut(&self, from: &[f32], row: &mut [Complex32]) {
        let pairs = from.chunks_exact(2).zip(self.window.chunks_exact(2));
        for (to, (sample, weight)) in row.iter_mut().zip(pairs) {
            *to = Complex32::new(sample[0] * weight[0], sample[1] * weight[1]);
        }
    }

    /// Windows a row of a block and adds it to the start of `to`.
    fn overlap(&self, row: &[Complex32], to: &mut [f32]) {
        let pairs = to.chunks_exact_mut(2).zip(self.window.chunks_exact(2));
        for (from, (sum, weight)) in row.iter().zip(pairs) {
            sum[0] += from.re * weight[0];
            sum[1] += from.im * weight[1];
        }
    }
}

#[cfg(test)]
mod tests;
