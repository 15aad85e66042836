//! *Level*: how loud it is, the measure that document 000 counts and does not name.

use super::Detail;
use super::share::decibels_apart;

/// Values at the fine level: one a quarter of the slice.
pub const FINE: usize = 4;
/// Values at the coarse level: one for all of the slice.
pub const COARSE: usize = 1;
/// Decibels below the whole slice down to which a quarter is told from another; a tail fades into nothing in many ways.
const TAIL_DB: f32 = 15.0;
/// The least level in dBFS; silence lies there.
pub const FLOOR_DB: f32 = -70.0;
/// Difference in dB that makes two slices as different as can be: that between a drop and an intro's first hats.
const COARSE_SPAN_DB: f32 = 20.0;
/// The same between tokens of one class.
const FINE_SPAN_DB: f32 = 10.0;

/// Root mean square of all samples of all channels in dBFS, [`FLOOR_DB`] to about 0 (a square wave at full scale): finely of
/// each quarter of the slice, coarsely of all. A quarter is no more than [`TAIL_DB`] below the whole.
///
/// # Shapes
/// `samples`: `[frames, channels]`; `fine`: `[FINE]`; `coarse`: `[COARSE]`.
pub(super) fn measure(samples: &[f32], channels: usize, fine: &mut [f32], coarse: &mut [f32]) {
    coarse[0] = level(samples);
    let frames = samples.len() / channels;
    for (quarter, fine) in fine.iter_mut().enumerate() {
        let edge = |quarter: usize| frames * quarter / FINE * channels;
        *fine = level(&samples[edge(quarter)..edge(quarter + 1)]).max(coarse[0] - TAIL_DB);
    }
}

fn level(samples: &[f32]) -> f32 {
    // Blocks keep each f32 sum short.
    let block = |block: &[f32]| f64::from(block.iter().map(|sample| sample * sample).sum::<f32>());
    let energy: f64 = samples.chunks(256).map(block).sum();
    let mean = energy / samples.len().max(1) as f64;
    ((10.0 * mean.log10()) as f32).max(FLOOR_DB)
}

/// The mean difference as a part of 20 dB, finely of 10 dB; a threshold of 0.3 is 6 dB, finely 3 dB.
pub fn distance(detail: Detail, a: &[f32], b: &[f32]) -> f32 {
    decibels_apart(a, b, if detail == Detail::Fine { FINE_SPAN_DB } else { COARSE_SPAN_DB })
}
