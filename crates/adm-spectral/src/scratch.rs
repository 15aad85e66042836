//! Working memory of one thread.

use crate::inversion::InversionScratch;
use crate::representation::{BankScratch, SolveScratch};
use rustfft::num_complex::Complex32;

/// Buffers that are reused from slice to slice: one a thread, shared by all transforms and representations there.
///
/// A buffer grows at its first use and keeps its size, so nothing is allocated from then on. What a buffer holds
/// between two calls means nothing.
#[derive(Debug, Default)]
pub struct Scratch {
    /// One channel with half a window on either side of it.
    pub(crate) padded: Vec<f32>,
    /// A few frames' spectra, one after the other.
    pub(crate) block: Vec<Complex32>,
    /// The FFT's own.
    pub(crate) fft: Vec<Complex32>,
    /// One channel's planes with their phases turned.
    pub(crate) turned: Vec<f32>,
    /// The spectrum of a whole channel.
    pub(crate) spectrum: Vec<Complex32>,
    /// One channel's samples after the other's.
    pub(crate) signals: Vec<f32>,
    /// Magnitudes of all channels.
    pub(crate) magnitudes: Vec<f32>,
    /// What inverting bands needs.
    pub(crate) bank: BankScratch,
    /// What a least-squares inverse needs.
    pub(crate) solver: SolveScratch,
    /// What inversions of magnitudes need.
    pub(crate) inversion: InversionScratch,
}

impl Scratch {
    /// Empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// The part that inversions of magnitudes use.
    pub fn inversion(&mut self) -> &mut InversionScratch {
        &mut self.inversion
    }
}

/// The first `length` elements of a buffer that grows to hold them and never shrinks.
pub(crate) fn sized<T: Clone + Default>(buffer: &mut Vec<T>, length: usize) -> &mut [T] {
    if buffer.len() < length {
        buffer.resize(length, T::default());
    }
    &mut buffer[..length]
}
