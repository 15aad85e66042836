//! What keeps the ends of a slice from clicking.

use std::f32::consts::FRAC_PI_2;

/// Takes the last `fade` frames down to nothing along a quarter of a cosine squared.
pub(super) fn fade_out(samples: &mut [f32], fade: usize, channels: usize) {
    let fade = fade.min(samples.len() / channels);
    let start = samples.len() - fade * channels;
    for (n, frame) in samples[start..].chunks_exact_mut(channels).enumerate() {
        let gain = (FRAC_PI_2 * (n as f32 + 1.0) / (fade as f32 + 1.0)).cos();
        frame.iter_mut().for_each(|sample| *sample *= gain * gain);
    }
}

/// Takes the first frame's value out of `bend` frames, of half of all at most, along a quarter of a cosine squared, so that
/// the first is zero.
pub(super) fn bend_start(samples: &mut [f32], bend: usize, channels: usize) {
    let bend = bend.min(samples.len() / channels / 2);
    let mut frames = samples.chunks_exact_mut(channels);
    let Some(first) = frames.next().filter(|_| bend > 0) else { return };
    for (n, frame) in frames.take(bend - 1).enumerate() {
        let gain = (FRAC_PI_2 * (n as f32 + 1.0) / bend as f32).cos();
        frame.iter_mut().zip(&*first).for_each(|(sample, &step)| *sample -= step * gain * gain);
    }
    first.fill(0.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fade_falls_to_near_silence_and_no_earlier() {
        let mut samples = [1.0; 200];
        fade_out(&mut samples, 20, 2);
        assert!(samples[..160].iter().all(|&sample| sample == 1.0));
        assert!(samples[160..].is_sorted_by(|a, b| a >= b) && samples[160] < 1.0);
        assert!(samples[199] > 0.0 && samples[199] < 0.01, "{}", samples[199]);
    }

    #[test]
    fn a_fade_longer_than_the_sound_starts_with_it() {
        let mut samples = [1.0; 8];
        fade_out(&mut samples, 10, 2);
        assert!(samples.is_sorted_by(|a, b| a >= b) && samples[0] < 1.0 && samples[6] > 0.0, "{samples:?}");
    }

    #[test]
    fn bending_takes_the_step_out_of_both_channels_and_leaves_the_rest() {
        let original: Vec<f32> = (0..100).flat_map(|n| [0.3 + 0.01 * n as f32, -0.2]).collect();
        let mut samples = original.clone();
        bend_start(&mut samples, 10, 2);
        assert_eq!((&samples[..2], &samples[20..]), (&[0.0, 0.0][..], &original[20..]));
        // No step is left anywhere: the whole of it is spread over ten frames, at most π/2 tenths of it in one.
        let steps = samples.windows(3).map(|frames| (frames[2] - frames[0]).abs());
        assert!(steps.fold(0.0, f32::max) < 0.01 + 1.3 * 0.16, "{samples:?}");
    }

    #[test]
    fn what_is_too_short_to_bend_is_left_alone() {
        for (length, bent) in [(0, 0), (1, 0), (2, 1), (3, 1)] {
            let mut samples = vec![1.0; length];
            bend_start(&mut samples, 10, 1);
            assert_eq!(samples.iter().filter(|&&sample| sample == 0.0).count(), bent, "{length} frames");
        }
    }
}
