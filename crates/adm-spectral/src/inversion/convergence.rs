//! How near a signal's magnitudes, or a spectrum, come to what was asked for.

use super::transform::CentredStft;
use super::vector::vectorised;
use super::{InversionScratch, LARGEST_MAGNITUDE};
use crate::error::{SpectralError, check_length, check_values};
use crate::scratch::sized;
use rustfft::num_complex::Complex32;
use std::iter::Sum;
use std::ops::Add;

/// Sums kept apart in a loop, so that it takes vector instructions.
const LANES: usize = 16;

/// Furthest that a convergence is told, in dB either way.
const FURTHEST: f64 = 200.0;

/// A squared distance and the squared norm that it is measured by. Those of several slices add up to that of them all.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Convergence {
    /// `‖ got - wanted ‖²`.
    pub error: f64,
    /// `‖ wanted ‖²`.
    pub reference: f64,
}

impl Convergence {
    /// The spectral convergence `20 · log₁₀(‖ got - wanted ‖ / ‖ wanted ‖)` in dB, lower is better: 0 is as bad as
    /// silence, and -25 is good for an inversion. It is kept within ±200, so exact agreement, silence for silence
    /// among it, is -200.
    pub fn decibels(&self) -> f64 {
        let least = f64::MIN_POSITIVE;
        let exact = self.error <= least;
        let ratio = 10.0 * (self.error.max(least) / self.reference.max(least)).log10();
        if exact { -FURTHEST } else { ratio.clamp(-FURTHEST, FURTHEST) }
    }

    /// From two lanes' sums a point: squared errors and squared references.
    fn of_lanes(lanes: ([f32; LANES], [f32; LANES])) -> Self {
        let sum = |lanes: [f32; LANES]| lanes.into_iter().map(f64::from).sum();
        Self { error: sum(lanes.0), reference: sum(lanes.1) }
    }
}

impl Add for Convergence {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { error: self.error + other.error, reference: self.reference + other.reference }
    }
}

impl Sum for Convergence {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

impl CentredStft {
    /// How near a signal's magnitudes come to `magnitudes`.
    ///
    /// # Shapes
    /// `magnitudes`: `[frames, bins]`. `signal`: `[samples]`.
    ///
    /// # Errors
    /// Buffers of other lengths; values that are not finite or above [`LARGEST_MAGNITUDE`]; negative magnitudes.
    pub fn convergence(
        &self,
        magnitudes: &[f32],
        signal: &[f32],
        scratch: &mut InversionScratch,
    ) -> Result<Convergence, SpectralError> {
        check_magnitudes(self.shape().points(), magnitudes)?;
        check_length("the signal", self.shape().samples, signal.len())?;
        check_values("the signal", LARGEST_MAGNITUDE, signal)?;
        let padded = sized(&mut scratch.padded, self.padded_len());
        self.pad(signal, padded);
        Ok(self.convergence_of(magnitudes, padded, &mut scratch.rows))
    }

    /// How consistent a spectrum is: how near that of its own signal comes to it. A transform of a real signal is
    /// consistent to float precision, and a generated one is as good as it is consistent (Marafioti et al., 2019,
    /// "Adversarial generation of time-frequency features", where this is measured on magnitudes).
    ///
    /// # Shapes
    /// `spectrum`: `[frames, bins]`.
    ///
    /// # Errors
    /// A buffer of another length; values that are not finite or above [`LARGEST_MAGNITUDE`].
    pub fn consistency(
        &self,
        spectrum: &[Complex32],
        scratch: &mut InversionScratch,
    ) -> Result<Convergence, SpectralError> {
        self.check_spectrum(spectrum)?;
        let (bins, padded) = (self.shape().bins(), sized(&mut scratch.padded, self.padded_len()));
        let wanted = |frame: usize| &spectrum[frame * bins..][..bins];
        self.invert_rows(padded, &mut scratch.rows, |frame, row| row.copy_from_slice(wanted(frame)));
        let mut sum = Convergence::default();
        self.each_frame(padded, &mut scratch.rows, |frame, row| {
            sum = sum
                + vectorised(
                    #[inline(always)]
                    || Convergence::of_lanes(lanes(row, wanted(frame), between_points)),
                );
        });
        Ok(sum)
    }

    /// [`Self::convergence`] of a padded signal.
    pub(super) fn convergence_of(
        &self,
        magnitudes: &[f32],
        padded: &[f32],
        rows: &mut super::transform::Rows,
    ) -> Convergence {
        let bins = self.shape().bins();
        let mut sum = Convergence::default();
        self.each_frame(padded, rows, |frame, row| {
            let wanted = &magnitudes[frame * bins..][..bins];
            sum = sum
                + vectorised(
                    #[inline(always)]
                    || Convergence::of_lanes(lanes(row, wanted, between_magnitudes)),
                );
        });
        sum
    }
}

#[inline(always)]
fn between_magnitudes(got: &Complex32, wanted: &f32) -> (f32, f32) {
    let off = got.norm_sqr().sqrt() - wanted;
    (off * off, wanted * wanted)
}

#[inline(always)]
fn between_points(got: &Complex32, wanted: &Complex32) -> (f32, f32) {
    ((got - wanted).norm_sqr(), wanted.norm_sqr())
}

/// The sums of both numbers that `of` gives for each pair.
#[inline(always)]
fn lanes<T>(
    got: &[Complex32],
    wanted: &[T],
    of: impl Fn(&Complex32, &T) -> (f32, f32),
) -> ([f32; LANES], [f32; LANES]) {
    let mut sums = ([0.0; LANES], [0.0; LANES]);
    let mut add = |got: &[Complex32], wanted: &[T]| {
        for (lane, (got, wanted)) in got.iter().zip(wanted).enumerate() {
            let (error, reference) = of(got, wanted);
            sums.0[lane] += error;
            sums.1[lane] += reference;
        }
    };
    let (got, wanted) = (got.chunks_exact(LANES), wanted.chunks_exact(LANES));
    let rest = (got.remainder(), wanted.remainder());
    got.zip(wanted).for_each(|(got, wanted)| add(got, wanted));
    add(rest.0, rest.1);
    sums
}

/// Refuses magnitudes of another length, or such as are no magnitudes.
pub(super) fn check_magnitudes(points: usize, magnitudes: &[f32]) -> Result<(), SpectralError> {
    check_length("the magnitudes", points, magnitudes.len())?;
    check_values("the magnitudes", LARGEST_MAGNITUDE, magnitudes)?;
    match magnitudes.iter().enumerate().find(|(_, value)| **value < 0.0) {
        Some((index, &value)) => Err(SpectralError::NegativeMagnitude { index, value }),
        None => Ok(()),
    }
}
