//! *Level*: how loud it is, the measure that document 000 counts and does not name.

use super::Detail;

/// The least level in dBFS; silence lies there.
pub const FLOOR_DB: f32 = -70.0;
/// Difference in dB that makes two slices as different as can be: that between a drop and an intro's first hats.
const COARSE_SPAN_DB: f32 = 20.0;
/// The same between tokens of one class.
const FINE_SPAN_DB: f32 = 10.0;

/// Root mean square of all samples of all channels in dBFS, [`FLOOR_DB`] to about 0 (a square wave at full scale).
pub(super) fn measure(samples: &[f32]) -> f32 {
    // Blocks keep each f32 sum short.
    let block = |block: &[f32]| f64::from(block.iter().map(|sample| sample * sample).sum::<f32>());
    let energy: f64 = samples.chunks(256).map(block).sum();
    let mean = energy / samples.len().max(1) as f64;
    ((10.0 * mean.log10()) as f32).max(FLOOR_DB)
}

/// The difference as a part of 20 dB, finely of 10 dB; a threshold of 0.3 is 6 dB, finely 3 dB.
pub fn distance(detail: Detail, a: &[f32], b: &[f32]) -> f32 {
    let span = if detail == Detail::Fine { FINE_SPAN_DB } else { COARSE_SPAN_DB };
    ((a[0] - b[0]).abs() / span).min(1.0)
}
