//! *FFT*: loudness by frequency over the whole slice.

use super::bands::{Bands, centre};
use super::share::share_apart;
use super::{Detail, LOUDNESS};
use adm_core::SampleRate;

/// Bands at the fine level, a good quarter of an octave each.
pub const FINE: usize = 32;
/// Bands at the coarse level, a good octave each.
pub const COARSE: usize = 8;
/// Loudnesses that add up to less than this are silence: all bands of both slices at -60 dBFS.
const FLOOR: f32 = 1.0;
/// The share that counts as 1 at the fine level. In sets that are at hand the same beat a bar later is 0.02 to 0.1 apart, the
/// next beat of the bar 0.05 to 0.1, any other beat 0.2 and more; a threshold of 0.3 must lie between.
const SPAN: f32 = 0.4;

/// Loudness in each band, 0 (silence) to about 1 (a sine at full scale).
///
/// # Shapes
/// `power`: `[bins]`; `fine`: `[FINE]`; `coarse`: `[COARSE]`.
pub(super) fn measure(power: &[f32], bands: &Bands, fine: &mut [f32], coarse: &mut [f32]) {
    bands.sum(power, fine);
    for (coarse, fine) in coarse.iter_mut().zip(fine.chunks_exact(FINE / COARSE)) {
        *coarse = fine.iter().sum::<f32>().powf(LOUDNESS);
    }
    fine.iter_mut().for_each(|power| *power = power.powf(LOUDNESS));
}

/// The power of the bands below `hz` and of all bands, of fine values at `rate`. A band counts by where its middle lies.
pub(crate) fn power_below(hz: f64, rate: SampleRate, fine: &[f32]) -> (f32, f32) {
    let below = (0..FINE).take_while(|&band| centre(band, FINE, rate.as_f64()) < hz).count();
    let power = |values: &[f32]| values.iter().map(|value| value.powf(1.0 / LOUDNESS)).sum::<f32>();
    (power(&fine[..below]), power(fine))
}

/// The share of the loudness that is not in both.
pub fn distance(detail: Detail, a: &[f32], b: &[f32]) -> f32 {
    let share = share_apart(a, b, FLOOR);
    if detail == Detail::Fine { (share / SPAN).min(1.0) } else { share }
}
