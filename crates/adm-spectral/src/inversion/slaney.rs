//! Phases by time alignment, as in Malcolm Slaney's SpectrogramInversion.
//!
//! Each frame begins as a pulse: all its bins in phase at the middle of the frame. It is shifted, in a circle, to the
//! delay at which it correlates best with the sum of the frames before it, windowed, and added to that sum (Slaney,
//! Naar and Lyon, 1994, "Auditory model inversion for sound separation"; document 004 inverts its spectrograms so). A
//! shift is a phase that is linear in frequency, so what comes out is a phase for each point, and the iteration on the
//! phases that follows is Griffin and Lim's.

use super::transform::{CentredStft, Rows};
use super::turns::{from_turns, polar};
use rustfft::num_complex::Complex32;

/// Finds the phases of magnitudes.
///
/// # Shapes
/// `magnitudes`, `turns`: `[frames, bins]`. `sum`: a padded signal; what it holds means nothing.
pub(super) fn align(stft: &CentredStft, magnitudes: &[f32], turns: &mut [u32], sum: &mut [f32], rows: &mut Rows) {
    let (bins, hop, size) = (stft.shape().bins(), stft.shape().hop, stft.shape().n_fft);
    let (row, fft) = rows.sized(stft);
    sum.fill(0.0);
    for (frame, (magnitudes, turns)) in magnitudes.chunks_exact(bins).zip(turns.chunks_exact_mut(bins)).enumerate() {
        let sum = &mut sum[frame * hop..];
        stft.analyse_frame(sum, row, fft);
        shift(turns, size / 2, size);
        correlate(&mut row[..bins], magnitudes, turns);
        let delay = stft.peak(row, fft);
        shift(turns, size / 2 + delay, size);
        polar(magnitudes, turns, 0, &mut row[..bins]);
        stft.add_frame(row, sum, fft);
    }
}

/// The phases of a pulse `delay` samples after the start of a frame.
fn shift(turns: &mut [u32], delay: usize, size: usize) {
    let step = from_turns(-(delay as f64) / size as f64);
    for (bin, turns) in turns.iter_mut().enumerate() {
        *turns = step.wrapping_mul(bin as u32);
    }
}

/// The spectrum of the correlation of a row's frame with the frame of these magnitudes and phases.
fn correlate(row: &mut [Complex32], magnitudes: &[f32], turns: &[u32]) {
    for ((value, magnitude), turns) in row.iter_mut().zip(magnitudes).zip(turns) {
        *value *= super::turns::unit(turns.wrapping_neg()) * *magnitude;
    }
}
