//! Where anything starts, at whatever pitch: how much louder the mel bands become from one moment to the next.
//!
//! This is the spectral flux of Böck, Krebs and Schedl, "Evaluating the online capabilities of onset detection methods"
//! (ISMIR 2012): levels in mel bands, their differences in time, falls set to zero, the mean over the bands.

use super::onsets::pick;
use crate::features::mel::MelBank;
use adm_core::SampleRate;
use rayon::prelude::*;
use realfft::RealFftPlanner;

/// Flux values a second.
pub const FLUX_RATE: f64 = 200.0;

/// Length of the window in seconds, before it is rounded to a power of two: 1,024 frames at 44.1 kHz.
const WINDOW_SECONDS: f64 = 0.0232;

/// Bands, and the frequency up to which they reach in Hz.
const BANDS: usize = 40;
const HIGHEST_HZ: f64 = 16_000.0;

/// Power of a band that counts as none, relative to the mean power of the whole spectrum: 50 dB below.
const FLOOR: f64 = 1e-5;

/// The end of the window feels an onset before its middle does, and a logarithm makes much of that: peaks come early by
/// this, in seconds; 4 ms in dense music and 8 ms out of silence.
const LEAD_SECONDS: f64 = 0.006;

/// Rises that count as onsets, relative to the strong ones.
const THRESHOLD: f64 = 0.4;

/// Mean rise of the bands' levels in dB at each 200th of a second of `mono`; value `k` is the rise up to `k/200` s.
pub fn flux(mono: &[f32], rate: SampleRate) -> Vec<f64> {
    let count = (mono.len() as f64 / rate.as_f64() * FLUX_RATE) as usize;
    let levels = levels(mono, rate.as_f64(), count);
    let rise = |pair: &[f32]| {
        let (before, now) = pair.split_at(BANDS);
        before.iter().zip(now).map(|(before, now)| f64::from((now - before).max(0.0))).sum::<f64>() / BANDS as f64
    };
    let rises = (1..count).map(|frame| rise(&levels[(frame - 1) * BANDS..(frame + 1) * BANDS]));
    (0..count.min(1)).map(|_| 0.0).chain(rises).collect()
}

/// Onset times in a [`flux`] in seconds, in order.
pub fn flux_onsets(flux: &[f64]) -> Vec<f64> {
    // A rise lies between the two moments that it is the difference of.
    pick(flux, FLUX_RATE, THRESHOLD).into_iter().map(|at| (at - 0.5) / FLUX_RATE + LEAD_SECONDS).collect()
}

/// Levels of the bands in dB, shape `[count, BANDS]`, each frame centred on its time.
fn levels(mono: &[f32], rate: f64, count: usize) -> Vec<f32> {
    let size = 1usize << ((rate * WINDOW_SECONDS).log2().round() as u32).max(5);
    let fft = RealFftPlanner::<f32>::new().plan_fft_forward(size);
    let bank = MelBank::new(rate, size, BANDS, 0.0, HIGHEST_HZ.min(rate / 2.0));
    let window: Vec<f32> = (0..size).map(|n| hann(n, size)).collect();
    let power = mono.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / mono.len().max(1) as f64;
    // White noise of this power has this power in each bin: the window's square adds up to 3/8 of its length.
    let floor = (power * FLOOR * 0.375 * size as f64).max(1e-30) as f32;
    let mut levels = vec![0.0; count * BANDS];
    let buffers = || (fft.make_input_vec(), fft.make_output_vec(), fft.make_scratch_vec(), vec![0.0; bank.bins()]);
    levels.par_chunks_mut(BANDS).enumerate().for_each_init(buffers, |buffers, (frame, levels)| {
        let (input, spectrum, scratch, power) = buffers;
        let first = (frame as f64 * rate / FLUX_RATE).round() as isize - (size / 2) as isize;
        for (n, (input, window)) in (first..).zip(input.iter_mut().zip(&window)) {
            *input = usize::try_from(n).ok().and_then(|n| mono.get(n)).map_or(0.0, |sample| sample * window);
        }
        // The buffers were made by the plan itself, so their sizes are right.
        let _ = fft.process_with_scratch(input, spectrum, scratch);
        power.iter_mut().zip(&*spectrum).for_each(|(power, bin)| *power = bin.norm_sqr());
        bank.apply(power, levels);
        levels.iter_mut().for_each(|level| *level = 10.0 * (*level + floor).log10());
    });
    levels
}

/// Hann window, periodic: its value at `n` of `size`.
pub(crate) fn hann(n: usize, size: usize) -> f32 {
    (0.5 - 0.5 * (std::f64::consts::TAU * n as f64 / size as f64).cos()) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_bursts_are_found_where_they_start_at_any_level_and_rate() {
        for (hz, level) in [(22_050, 1.0), (44_100, 1e-6), (48_000, 1e6)] {
            let rate = SampleRate::new(hz).unwrap();
            let beats: Vec<f64> = (0..12).map(|beat| 0.3 + f64::from(beat) * 0.47).collect();
            let mut state = 1u32;
            let mut noise = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (f64::from(state >> 8) / 8_388_608.0 - 1.0) as f32
            };
            let sample = |n: usize| {
                let now = n as f64 / f64::from(hz);
                let age = beats.iter().map(|beat| now - beat).filter(|age| *age >= 0.0).fold(9.0, f64::min);
                level * noise() * (0.001 + (-age / 0.03).exp() as f32)
            };
            let mono: Vec<f32> = (0..6 * hz as usize).map(sample).collect();
            let onsets = flux_onsets(&flux(&mono, rate));
            assert_eq!(onsets.len(), beats.len(), "{hz} Hz: {onsets:?}");
            for (onset, beat) in onsets.iter().zip(&beats) {
                assert!((onset - beat).abs() < 0.004, "{hz} Hz: {onset} for {beat}");
            }
        }
    }

    #[test]
    fn nothing_and_silence_have_no_flux() {
        let rate = SampleRate::new(22_050).unwrap();
        assert!(flux(&[], rate).is_empty());
        assert!(flux(&[0.0; 22_050], rate).iter().all(|&flux| flux == 0.0));
        assert!(flux_onsets(&flux(&[0.0; 22_050], rate)).is_empty());
    }
}
