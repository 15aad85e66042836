//! Fewer numbers a beat, for figures that count in all directions at once.
//!
//! A covariance of 416 numbers takes thousands of beats. Six neighbouring bands of each statistic together, and eight of each
//! step of the time course, leave [`POOLED`]: noise, dullness, width and time all still show in them.

use crate::features::{COURSE_BANDS, COURSE_STEPS, MEL_BANDS};

/// Bands of a statistic that are one number.
const OF_STATISTIC: usize = 6;

/// Bands of a step that are one number.
const OF_COURSE: usize = 8;

/// Groups of statistics: mean, deviation and change, of mid and of side.
const GROUPS: usize = 6;

/// Numbers that are left.
pub const POOLED: usize = GROUPS * MEL_BANDS / OF_STATISTIC + COURSE_STEPS * COURSE_BANDS / OF_COURSE;

/// The pooled numbers of standardised features.
pub fn pooled(features: &[f32]) -> Vec<f64> {
    let (statistics, course) = features.split_at(GROUPS * MEL_BANDS);
    let mean = |bands: &[f32]| bands.iter().map(|&band| f64::from(band)).sum::<f64>() / bands.len() as f64;
    statistics.chunks_exact(OF_STATISTIC).chain(course.chunks_exact(OF_COURSE)).map(mean).collect()
}
