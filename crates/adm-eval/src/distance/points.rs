//! Points in few dimensions for what needs covariances: every six neighbouring mel bands as one.
//!
//! A covariance of [`FEATURES`] numbers needs thousands of beats before it says anything; with 64 numbers a hundred do. So
//! the (standardised) features are added up over neighbours and divided by the square root of how many, which keeps
//! distances: those of the 64 numbers are never larger than those of all. Nothing is left out, only blurred: each
//! statistic of mid and side in eight registers, and the time course of a low and a high half. (Directions learnt from the
//! reference would be blind to whatever it has nothing of.)

use super::pairs::Points;
use crate::features::{COURSE_BANDS, COURSE_STEPS, FEATURES, MEL_BANDS};

/// Neighbouring mel bands that are one number: six of them span four semitones in the highs and 270 Hz in the lows.
const BANDS: usize = 6;

/// Neighbouring bands of the time course that are one number.
const COURSE: usize = COURSE_BANDS / 2;

/// Numbers of a point.
pub const SIZE: usize = 6 * MEL_BANDS / BANDS + COURSE_STEPS * COURSE_BANDS / COURSE;

/// Points as `f64`, all of one size.
#[derive(Debug, Clone)]
pub struct Wide {
    values: Vec<f64>,
    size: usize,
}

impl Wide {
    /// Points from rows one after the other, shape `[points, size]`.
    pub fn new(values: Vec<f64>, size: usize) -> Self {
        Self { values, size: size.max(1) }
    }

    /// The blurred features of every beat, shape `[beats, SIZE]`.
    pub fn blurred(points: &Points) -> Self {
        Self::new(points.rows().iter().flat_map(|point| blur(point)).collect(), SIZE)
    }

    /// Numbers of a point.
    pub fn size(&self) -> usize {
        self.size
    }

    /// One point.
    pub fn point(&self, index: usize) -> &[f64] {
        &self.values[index * self.size..(index + 1) * self.size]
    }
}

fn blur(point: &[f32]) -> Vec<f64> {
    debug_assert_eq!(point.len(), FEATURES);
    let (statistics, course) = point.split_at(point.len().min(6 * MEL_BANDS));
    let sum = |part: &[f32]| part.iter().copied().map(f64::from).sum::<f64>() / (part.len() as f64).sqrt();
    statistics.chunks(BANDS).map(sum).chain(course.chunks(COURSE).map(sum)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blurring_keeps_what_neighbours_share_and_never_lengthens() {
        assert_eq!(SIZE, 64);
        let level = blur(&vec![1.0; FEATURES]);
        let squared: f64 = level.iter().map(|value| value * value).sum();
        assert!((squared - FEATURES as f64).abs() < 1e-9, "{squared}");
        let mut single = vec![0.0; FEATURES];
        single[50] = 2.0;
        let blurred = blur(&single);
        assert_eq!(blurred.iter().filter(|&&value| value != 0.0).count(), 1);
        assert!((blurred[8] - 2.0 / 6f64.sqrt()).abs() < 1e-9);
    }
}
