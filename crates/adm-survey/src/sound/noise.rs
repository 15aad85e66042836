//! Pink noise to set the volume by.

use super::format::Format;
use adm_core::Seeds;
use adm_core::seeds::RngExt;
use realfft::RealFftPlanner;
use realfft::num_complex::Complex64;
use std::f64::consts::TAU;

/// Lowest frequency in Hz: what is below moves cones and is not heard.
const LOWEST: f64 = 40.0;
/// RMS, as a factor of full scale.
const LEVEL: f64 = 0.05;

/// Noise of equal power in every octave, each channel its own, whose end goes on at its beginning. Stream: `survey noise`.
pub(super) fn pink(format: &Format, seeds: Seeds) -> Vec<f32> {
    let mut samples = vec![0.0; format.frames * format.channels];
    for channel in 0..format.channels {
        for (frame, value) in channel_of(format, seeds, channel).into_iter().enumerate() {
            samples[frame * format.channels + channel] = value as f32;
        }
    }
    samples
}

fn channel_of(format: &Format, seeds: Seeds, channel: usize) -> Vec<f64> {
    let mut random = seeds.stream("survey noise", channel as u64);
    let fft = RealFftPlanner::<f64>::new().plan_fft_inverse(format.frames);
    let mut spectrum = fft.make_input_vec();
    let bin = format.rate.as_f64() / format.frames as f64;
    let last = spectrum.len() - 1;
    // The first bin and, of even lengths, the last are real; both stay empty.
    for (index, value) in spectrum.iter_mut().enumerate().take(last).skip(1) {
        let phase = TAU * random.random::<f64>();
        let hz = index as f64 * bin;
        *value = if hz < LOWEST { Complex64::default() } else { Complex64::from_polar(hz.sqrt().recip(), phase) };
    }
    let mut samples = fft.make_output_vec();
    // Lengths are the plan's own.
    let _ = fft.process(&mut spectrum, &mut samples);
    let power = samples.iter().map(|x| x * x).sum::<f64>() / samples.len().max(1) as f64;
    let scale = LEVEL / power.sqrt().max(f64::MIN_POSITIVE);
    samples.into_iter().map(|x| x * scale).collect()
}
