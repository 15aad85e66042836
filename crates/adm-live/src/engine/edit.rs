//! Small mends where the music is not played as it was made: pauses and repeats.

use crate::bar::Format;
use std::f32::consts::PI;

/// Length of a fade at a pause. Shorter clicks, longer eats into the attack of a beat.
pub(crate) const RAMP_MS: u32 = 5;

/// Length over which a repeat's jump is spread. Longer is smoother, and shifts more of the attack.
pub(crate) const SEAM_MS: u32 = 10;

/// Fades in over all of `samples`.
pub(crate) fn fade_in(samples: &mut [f32], format: Format) {
    scale(samples, format, |part| 1.0 - fall(part));
}

/// Fades out over all of `samples`.
pub(crate) fn fade_out(samples: &mut [f32], format: Format) {
    scale(samples, format, fall);
}

/// Lets `samples` begin where `before`, the frame that was heard last, ends: the step between the two is added and dies
/// away over `samples`. Unlike a fade, it takes nothing from a beat's attack.
pub(crate) fn join(samples: &mut [f32], before: &[f32], format: Format) {
    let step = [0, 1].map(|channel| before.get(channel).zip(samples.get(channel)).map_or(0.0, |(a, b)| a - b));
    let frames = format.frames(samples.len()) as f32;
    for (at, frame) in samples.chunks_exact_mut(format.channels).enumerate() {
        let weight = fall(at as f32 / frames);
        frame.iter_mut().zip(step).for_each(|(sample, step)| *sample += step * weight);
    }
}

fn scale(samples: &mut [f32], format: Format, gain: impl Fn(f32) -> f32) {
    let frames = format.frames(samples.len()) as f32;
    for (at, frame) in samples.chunks_exact_mut(format.channels).enumerate() {
        let gain = gain(at as f32 / frames);
        frame.iter_mut().for_each(|sample| *sample *= gain);
    }
}

/// Half a cosine from 1 at 0 to 0 at 1.
fn fall(part: f32) -> f32 {
    0.5 + 0.5 * (PI * part).cos()
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::SampleRate;

    const FORMAT: Format = Format { rate: SampleRate::CD, channels: 2 };

    #[test]
    fn fades_run_from_all_to_nothing() {
        let (mut out, mut back) = (vec![1.0; 440], vec![1.0; 440]);
        fade_out(&mut out, FORMAT);
        fade_in(&mut back, FORMAT);
        assert!(out[0] == 1.0 && out[438] < 1e-3 && back[0] == 0.0 && back[438] > 0.999);
        assert!(out.iter().zip(&back).all(|(a, b)| (a + b - 1.0).abs() < 1e-6), "the two are each other's rest");
    }

    #[test]
    fn a_join_has_no_step_and_leaves_the_end_alone() {
        let mut samples = vec![0.5; 882];
        join(&mut samples, &[-0.5, 0.25], FORMAT);
        assert_eq!((samples[0], samples[1]), (-0.5, 0.25));
        assert!((samples[880] - 0.5).abs() < 1e-4 && (samples[881] - 0.5).abs() < 1e-4);
        let most = samples.chunks(2).map(|frame| frame[0]).collect::<Vec<_>>();
        assert!(most.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 0.01), "1 spread over 441 frames");
    }
}
