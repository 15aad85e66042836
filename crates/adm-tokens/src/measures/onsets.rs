//! *Onsets*: how much louder it gets, by frequency and time.

use super::share::share_apart;
use super::{Detail, LOUDNESS, stft};

/// Bands: lows, low middle, high middle, highs.
pub const BANDS: usize = 4;
/// Times at the fine level: a sixteenth of the slice each.
pub const TIMES: usize = stft::TIMES;
/// Times at the coarse level.
pub const COARSE_TIMES: usize = 4;
/// Values at the fine level, `[TIMES, BANDS]`.
pub const FINE: usize = TIMES * BANDS;
/// Values at the coarse level, `[COARSE_TIMES, BANDS]`.
pub const COARSE: usize = COARSE_TIMES * BANDS;
/// Rises that add up to less than this are none: a steady sound wavers by as much.
const FLOOR: f32 = 2.0;
/// The share that counts as 1 at the fine level; chosen as in [`super::fft`], where the same beat a bar later is 0.02 to 0.2
/// apart, the next beat of the bar 0.3, any other beat 0.45 and more.
const SPAN: f32 = 0.7;

/// Sum of the rises in loudness at each time in each band, 0 (nothing starts) to a few.
///
/// The slice is heard as a loop, so a steady sound does not start anywhere, also not with the slice.
///
/// # Shapes
/// `frames`: powers `[frames, stft::BANDS]`, frames a multiple of `TIMES`; `loudness`: as many; `fine`: `[FINE]`;
/// `coarse`: `[COARSE]`.
pub(super) fn measure(frames: &[f32], loudness: &mut [f32], fine: &mut [f32], coarse: &mut [f32]) {
    loudness.iter_mut().zip(frames).for_each(|(loudness, power)| *loudness = power.powf(LOUDNESS));
    fine.fill(0.0);
    coarse.fill(0.0);
    let count = loudness.len() / stft::BANDS;
    for frame in 0..count {
        let before = (frame + count - 1) % count;
        let (now, before) = (&loudness[frame * stft::BANDS..], &loudness[before * stft::BANDS..]);
        for band in 0..stft::BANDS {
            let rise = (now[band] - before[band]).max(0.0);
            let group = band * BANDS / stft::BANDS;
            fine[frame * TIMES / count * BANDS + group] += rise;
            coarse[frame * COARSE_TIMES / count * BANDS + group] += rise;
        }
    }
}

/// The share of the rises that are not in both at the same time.
pub fn distance(detail: Detail, a: &[f32], b: &[f32]) -> f32 {
    let share = share_apart(a, b, FLOOR);
    if detail == Detail::Fine { (share / SPAN).min(1.0) } else { share }
}
