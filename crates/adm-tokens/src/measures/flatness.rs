//! *Spectral flatness*: whether it is tones or noise.

use super::Detail;
use super::share::decibels_apart;

/// Values at the fine level: one a quarter of the slice.
pub const FINE: usize = 4;
/// Values at the coarse level: one for all of the slice.
pub const COARSE: usize = 1;
/// The least flatness in dB; pure tones lie about there.
pub const FLOOR_DB: f32 = -60.0;
/// Difference in dB that makes two slices as different as can be: that between a pad and a snare roll.
const COARSE_SPAN_DB: f32 = 20.0;
/// The same between tokens of one class.
const FINE_SPAN_DB: f32 = 10.0;
/// Bins whose powers are multiplied before one logarithm is taken of them; their product stays far above the least f64.
const TOGETHER: usize = 8;
/// Power that is added to every bin, -120 dBFS, so that silence has a logarithm.
const LEAST: f32 = 1e-12;

/// Flatness of one spectrum in dB, [`FLOOR_DB`] (a pure tone) to 0 (white noise): its geometric over its arithmetic mean.
/// Silence is white.
pub(super) fn of_frame(power: &[f32]) -> f32 {
    let (mut logarithms, mut sum) = (0f64, 0f64);
    for powers in power.chunks(TOGETHER) {
        let product: f64 = powers.iter().map(|&power| f64::from(power + LEAST)).product();
        logarithms += product.ln();
        sum += f64::from(powers.iter().sum::<f32>()) + f64::from(LEAST) * powers.len() as f64;
    }
    let count = power.len().max(1) as f64;
    let flatness = logarithms / count - (sum / count).ln();
    ((flatness * 10.0 / std::f64::consts::LN_10) as f32).clamp(FLOOR_DB, 0.0)
}

/// The mean flatness in dB, [`FLOOR_DB`] to 0, finely of each quarter of the slice, coarsely of all. Larger is noisier.
///
/// # Shapes
/// `frames`: flatness of each frame, a multiple of `FINE`; `fine`: `[FINE]`; `coarse`: `[COARSE]`.
pub(super) fn measure(frames: &[f32], fine: &mut [f32], coarse: &mut [f32]) {
    let together = frames.len() / FINE;
    for (fine, frames) in fine.iter_mut().zip(frames.chunks_exact(together)) {
        *fine = frames.iter().sum::<f32>() / together as f32;
    }
    coarse[0] = fine.iter().sum::<f32>() / FINE as f32;
}

/// The mean difference as a part of 20 dB, finely of 10 dB; a threshold of 0.3 is 6 dB, finely 3 dB.
pub fn distance(detail: Detail, a: &[f32], b: &[f32]) -> f32 {
    decibels_apart(a, b, if detail == Detail::Fine { FINE_SPAN_DB } else { COARSE_SPAN_DB })
}
