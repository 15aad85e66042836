//! Griffin and Lim's iteration, with the momentum of Perraudin, Balazs and Søndergaard.
//!
//! With `r_k` the spectrum of the signal at iteration `k`, magnitudes `S` and momentum `m`, one iteration is
//!
//! ```text
//! a = r_k - m/(1 + m) · r_{k-1},    c = S · a / |a|,    signal = inverse(c)
//! ```
//!
//! where `r_{-1} = 0`. This is the order of `librosa.griffinlim` 0.11, whose momentum of 0.99 extrapolates (Perraudin,
//! Balazs, Søndergaard, 2013, "A fast Griffin-Lim algorithm"); without momentum it is the iteration of 1984. A frame is
//! taken from spectrum to spectrum while it is in the processor's nearest memory: `c` is never stored, and what an
//! iteration needs of the one before is its signal and `r_{k-1}`.

use super::transform::{CentredStft, Rows};
use super::vector::vectorised;
use rustfft::num_complex::Complex32;

/// Added to squared magnitudes so that nothing is divided by 0. Values below its root, 1e-18, shrink to nothing.
pub(super) const LEAST_POWER: f32 = 1e-36;

/// What the iterations on one channel go on from.
#[derive(Debug, Clone, Default)]
pub(super) struct Estimate {
    /// The signal of the current estimate, padded.
    pub signal: Vec<f32>,
    /// Where the next one is added up.
    pub next: Vec<f32>,
    /// `r_{k-1}`, `[frames, bins]`.
    pub previous: Vec<Complex32>,
}

impl Estimate {
    /// Sizes for a transform; no iteration yet.
    pub fn reset(&mut self, stft: &CentredStft) {
        self.signal.resize(stft.padded_len(), 0.0);
        self.next.resize(stft.padded_len(), 0.0);
        self.previous.resize(stft.shape().points(), Complex32::default());
        self.previous.fill(Complex32::default());
    }

    /// One iteration.
    pub fn improve(&mut self, stft: &CentredStft, magnitudes: &[f32], momentum: f32, rows: &mut Rows) {
        let (bins, lag) = (stft.shape().bins(), momentum / (1.0 + momentum));
        let Self { signal, next, previous } = self;
        stft.remake(signal, next, rows, |frame, row| {
            let at = frame * bins..(frame + 1) * bins;
            vectorised(
                #[inline(always)]
                || project(row, &mut previous[at.clone()], &magnitudes[at], lag),
            );
        });
        std::mem::swap(signal, next);
    }
}

/// Steps on from a rebuilt row and gives it its magnitudes; `previous` becomes the rebuilt row.
#[inline(always)]
fn project(row: &mut [Complex32], previous: &mut [Complex32], magnitudes: &[f32], lag: f32) {
    for ((value, previous), magnitude) in row.iter_mut().zip(previous).zip(magnitudes) {
        let rebuilt = *value;
        let ahead = rebuilt - *previous * lag;
        *value = ahead * (magnitude / (ahead.norm_sqr() + LEAST_POWER).sqrt());
        *previous = rebuilt;
    }
}
