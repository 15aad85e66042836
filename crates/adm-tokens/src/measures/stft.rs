//! *STFT*: loudness by frequency and time.

use super::share::share_apart;
use super::{Detail, LOUDNESS};

/// Bands at the fine level, half an octave each; those that frames are pooled to.
pub const BANDS: usize = 16;
/// Times at the fine level: a sixteenth of the slice each, 29 ms of a beat at 130 BPM.
pub const TIMES: usize = 16;
/// Bands at the coarse level: lows, low middle, high middle, highs.
pub const COARSE_BANDS: usize = 4;
/// Times at the coarse level.
pub const COARSE_TIMES: usize = 4;
/// Values at the fine level, `[TIMES, BANDS]`.
pub const FINE: usize = TIMES * BANDS;
/// Values at the coarse level, `[COARSE_TIMES, COARSE_BANDS]`.
pub const COARSE: usize = COARSE_TIMES * COARSE_BANDS;
/// Loudnesses that add up to less than this are silence: half of the fine values of both slices at -60 dBFS.
const FLOOR: f32 = 4.0;
/// The share that counts as 1 at the fine level; chosen as in [`super::fft`], where the same beat a bar later is 0.01 to 0.12
/// apart, the next beat of the bar 0.13 to 0.2, any other beat 0.3 and more.
const SPAN: f32 = 0.5;

/// Loudness at each time in each band, 0 (silence) to about 1 (a sine at full scale).
///
/// # Shapes
/// `frames`: powers `[frames, BANDS]`, frames a multiple of `TIMES`; `fine`: `[FINE]`; `coarse`: `[COARSE]`.
pub(super) fn measure(frames: &[f32], fine: &mut [f32], coarse: &mut [f32]) {
    let together = frames.len() / FINE;
    for (fine, frames) in fine.chunks_exact_mut(BANDS).zip(frames.chunks_exact(BANDS * together)) {
        fine.fill(0.0);
        for frame in frames.chunks_exact(BANDS) {
            fine.iter_mut().zip(frame).for_each(|(fine, power)| *fine += power / together as f32);
        }
    }
    coarse.fill(0.0);
    for (index, power) in fine.iter().enumerate() {
        let (time, band) = (index / BANDS * COARSE_TIMES / TIMES, index % BANDS * COARSE_BANDS / BANDS);
        coarse[time * COARSE_BANDS + band] += power * COARSE_TIMES as f32 / TIMES as f32;
    }
    fine.iter_mut().chain(coarse).for_each(|power| *power = power.powf(LOUDNESS));
}

/// The share of the loudness that is not in both at the same time.
pub fn distance(detail: Detail, a: &[f32], b: &[f32]) -> f32 {
    let share = share_apart(a, b, FLOOR);
    if detail == Detail::Fine { (share / SPAN).min(1.0) } else { share }
}
