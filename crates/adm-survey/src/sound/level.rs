//! One loudness for all.

use super::format::Format;
use adm_audio::AudioError;
use adm_core::SampleRate;
use ebur128::{EbuR128, Mode};

/// How near to its loudness a sound is brought, in LU: a tenth of what EBU Tech 3341 allows meters to differ by.
const NEAR: f64 = 0.01;
/// Blocks below the absolute gate, −70 LUFS, may come to count when a sound is raised, so once is not always enough.
const TURNS: usize = 8;

/// What interleaved samples must be multiplied by, in dB, to have a loudness in LUFS; `lufs` is what they have.
pub(super) fn gain(samples: &[f32], format: &Format, lufs: f64, target: f64) -> Result<f64, AudioError> {
    let mut gain = target - lufs;
    for _ in 0..TURNS {
        let off = target - loudness(samples, gain, format.channels, format.rate)?;
        if !off.is_finite() || off.abs() <= NEAR {
            break;
        }
        gain += off;
    }
    Ok(gain)
}

/// Gated loudness in LUFS of samples times a gain in dB; its peaks, which take longer, are not looked for.
pub(super) fn loudness(samples: &[f32], gain: f64, channels: usize, rate: SampleRate) -> Result<f64, AudioError> {
    let wrong = |_| AudioError::WrongShape {
        what: "the number of samples",
        expected: format!("a multiple of {channels}"),
        actual: samples.len(),
    };
    let mut meter = EbuR128::new(channels as u32, rate.hz(), Mode::I).map_err(wrong)?;
    let factor = factor(gain) as f32;
    let louder: Vec<f32> = samples.iter().map(|sample| sample * factor).collect();
    meter.add_frames_f32(&louder).map_err(wrong)?;
    Ok(meter.loudness_global().unwrap_or(f64::NEG_INFINITY))
}

/// A gain in dB as a factor.
pub(super) fn factor(decibels: f64) -> f64 {
    10f64.powf(decibels / 20.0)
}
