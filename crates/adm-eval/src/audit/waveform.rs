//! Further evidence on one suspicious pair: whether the very waveforms agree.

use adm_core::{SampleRate, Seconds};

/// How far around the given shift is searched, in seconds: one step of a fingerprint.
const SEARCH_SECONDS: f64 = 0.012;

/// How alike two slices are as waveforms: 1 for a copy, whatever its gain and polarity, below about 0.3 for other music.
///
/// The normalised circular cross-correlation of the samples' first differences (so that a kick does not outweigh all
/// else), at its highest within 12 ms of `shift`, that of a [`super::Match`]: how much later `a` plays. A high value
/// proves a copy. A low one proves nothing: a generator that makes up its phases leaves no waveform to compare.
///
/// `a` and `b` are interleaved, shape `[frames, channels]`; of different lengths, the shorter decides. 0 for silence.
pub fn waveform_similarity(a: &[f32], b: &[f32], channels: usize, shift: Seconds, rate: SampleRate) -> f64 {
    let channels = channels.max(1);
    let frames = a.len().min(b.len()) / channels;
    if frames == 0 || !shift.0.is_finite() {
        return 0.0;
    }
    let (a, b) = (differences(a, channels, frames), differences(b, channels, frames));
    let scale = (energy(&a) * energy(&b)).sqrt();
    let (centre, reach) = ((shift.0 * rate.as_f64()).round() as i64, (SEARCH_SECONDS * rate.as_f64()).ceil() as i64);
    let at = |lag: i64| product(&a, &b, lag.rem_euclid(frames as i64) as usize * channels).abs();
    let best = (centre - reach..=centre + reach).map(at).fold(0.0, f64::max);
    if scale > 0.0 { (best / scale).min(1.0) } else { 0.0 }
}

/// What each sample adds to the one before it in its channel; the first follows the last.
fn differences(samples: &[f32], channels: usize, frames: usize) -> Vec<f32> {
    let count = frames * channels;
    (0..count).map(|n| samples[n] - samples[(n + count - channels) % count]).collect()
}

fn energy(samples: &[f32]) -> f64 {
    samples.iter().map(|&sample| f64::from(sample).powi(2)).sum()
}

/// Product of `a`, begun `offset` samples later, with `b`.
fn product(a: &[f32], b: &[f32], offset: usize) -> f64 {
    let turned = a[offset..]
        .chunks(256)
        .zip(b.chunks(256))
        .chain(a[..offset].chunks(256).zip(b[b.len() - offset..].chunks(256)));
    turned.map(|(a, b)| f64::from(a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>())).sum()
}
