//! Levels below the lowest notes.

use realfft::RealFftPlanner;
use std::f64::consts::TAU;

/// Levels below some frequencies in Hz, in dB of full scale, of all channels' sum. One transform of the whole, under Hann's window:
/// bands this narrow need all the time that there is.
pub(super) fn levels<const N: usize>(samples: &[f32], channels: usize, rate: f64, below: [f64; N]) -> [f64; N] {
    let frames = samples.len() / channels;
    let fft = RealFftPlanner::<f32>::new().plan_fft_forward(frames.next_power_of_two());
    let (mut input, mut spectrum) = (fft.make_input_vec(), fft.make_output_vec());
    let window = |frame: usize| 0.5 - 0.5 * (TAU * frame as f64 / frames as f64).cos();
    let mean = |frame: &[f32]| frame.iter().map(|&x| f64::from(x)).sum::<f64>() / channels as f64;
    for (frame, (value, samples)) in input.iter_mut().zip(samples.chunks_exact(channels)).enumerate() {
        *value = (window(frame) * mean(samples)) as f32;
    }
    // Lengths are the plan's own.
    let _ = fft.process(&mut input, &mut spectrum);
    let norm = 2.0 / (input.len() as f64 * (0..frames).map(|frame| window(frame).powi(2)).sum::<f64>().max(1e-9));
    below.map(|hz| {
        let bins = (hz * input.len() as f64 / rate).ceil() as usize;
        let power = spectrum.iter().take(bins).map(|bin| f64::from(bin.norm_sqr())).sum::<f64>();
        10.0 * (norm * power).max(1e-20).log10()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_counts_for_all_that_is_above_it() {
        for (hz, expected) in [(12.0, [true, true, true]), (25.0, [false, true, true]), (36.0, [false, false, true])] {
            let wave = |n: usize| (0.1 * (TAU * hz * n as f64 / 8_000.0).sin()) as f32;
            let samples: Vec<f32> = (0..40_000).flat_map(|n| [wave(n), wave(n)]).collect();
            let found = levels(&samples, 2, 8_000.0, [20.0, 30.0, 40.0]);
            for (level, expected) in found.into_iter().zip(expected) {
                // A sine of 0.1 has −23 dB.
                assert!(if expected { (level + 23.0).abs() < 0.1 } else { level < -60.0 }, "{hz}: {found:?}");
            }
        }
        assert!(levels(&[0.0], 1, 8_000.0, [20.0])[0] <= -100.0);
    }
}
