//! The short-time Fourier transform and its inverse.

use crate::error::SpectralError;

/// A centred short-time Fourier transform of one FFT size and hop.
#[derive(Debug)]
pub struct Stft {
    size: usize,
    hop: usize,
}

impl Stft {
    /// A transform of `size` (even, at least 2) samples a frame, `hop` (at least 1) samples apart.
    ///
    /// # Errors
    /// A size or hop out of range.
    pub fn new(size: usize, hop: usize) -> Result<Self, SpectralError> {
        Ok(Self { size, hop })
    }

    /// Samples a frame.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Samples from frame to frame.
    pub fn hop(&self) -> usize {
        self.hop
    }
}
