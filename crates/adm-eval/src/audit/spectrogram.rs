//! The picture that a fingerprint is made of: a log-mel spectrogram of a slice taken as a loop.

use crate::EvalError;
use crate::features::mel::MelBank;
use adm_core::SampleRate;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::f64::consts::TAU;
use std::sync::Arc;

/// Mel bands of the picture: enough to tell instruments apart, few enough for a comparison within a microsecond.
pub const BANDS: usize = 32;

/// Length of the analysis window in seconds, before it is rounded to a power of two: as in [`crate::features`].
const WINDOW_SECONDS: f64 = 0.0464;

/// Highest frequency of the mel bands in Hz; lossy codecs keep little above it.
const HIGHEST_HZ: f64 = 16_000.0;

/// What lies this far below the loudest band fades into a floor, in dB. A larger value hears quieter detail, but noise
/// and lossy coding hide a copy from it sooner.
const RANGE_DB: f32 = 40.0;

/// Power below which a slice is silent: −100 dB below a full-scale sine.
const SILENCE: f32 = 1e-10;

/// Makes spectrograms of slices of one length; shared by all threads.
pub struct Spectrograms {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    bank: MelBank,
    frames: usize,
    steps: usize,
}

/// One thread's buffers.
pub struct Scratch {
    input: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    fft: Vec<Complex<f32>>,
    power: Vec<f32>,
    levels: [f32; BANDS],
}

impl Spectrograms {
    /// For slices of `frames` frames at `rate`.
    ///
    /// # Errors
    /// Slices shorter than the window.
    pub fn new(rate: SampleRate, frames: usize) -> Result<Self, EvalError> {
        let size = 1usize << ((rate.as_f64() * WINDOW_SECONDS).log2().round() as u32).max(5);
        if frames < size {
            return Err(EvalError::TooFew { what: "the frames of a slice", expected: size, actual: frames });
        }
        let hann = |n: usize| ((0.5 - 0.5 * (TAU * n as f64 / size as f64).cos()) * 4.0 / size as f64) as f32;
        Ok(Self {
            fft: RealFftPlanner::new().plan_fft_forward(size),
            window: (0..size).map(hann).collect(),
            bank: MelBank::new(rate.as_f64(), size, BANDS, 0.0, HIGHEST_HZ.min(rate.as_f64() / 2.0)),
            frames,
            steps: steps_for(frames, size),
        })
    }

    /// Frames that a slice must have.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Times in a picture, a power of two from 32 to 1,024; 64 for a beat at 130 BPM.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Buffers for one thread.
    pub fn scratch(&self) -> Scratch {
        Scratch {
            input: self.fft.make_input_vec(),
            spectrum: self.fft.make_output_vec(),
            fft: self.fft.make_scratch_vec(),
            power: vec![0.0; self.bank.bins()],
            levels: [0.0; BANDS],
        }
    }

    /// Fills `picture`, shape `[BANDS, steps]`, with levels in dB from the interleaved samples of a slice that was
    /// checked: 0 is the loudest band at the loudest time, and nothing is far below −[`RANGE_DB`].
    ///
    /// Levels are of the power of all channels together, so that left and right may change places and no phase between
    /// them cancels anything.
    pub fn fill(&self, beat: &[f32], channels: usize, picture: &mut [f32], scratch: &mut Scratch) {
        for step in 0..self.steps {
            let centre = step * self.frames / self.steps;
            scratch.power.fill(0.0);
            for channel in 0..channels {
                self.add_power(beat, channels, channel, centre, scratch);
            }
            self.bank.apply(&scratch.power, &mut scratch.levels);
            for (band, level) in scratch.levels.iter().enumerate() {
                picture[band * self.steps + step] = *level;
            }
        }
        let loudest = picture.iter().copied().fold(SILENCE, f32::max);
        let floor = 10f32.powf(-RANGE_DB / 10.0);
        picture.iter_mut().for_each(|level| *level = 10.0 * (*level / loudest + floor).log10());
    }

    /// Adds the power spectrum of one channel around `centre`; what lies beyond an end of the slice comes from its other end.
    fn add_power(&self, beat: &[f32], channels: usize, channel: usize, centre: usize, scratch: &mut Scratch) {
        let first = centre + self.frames - self.window.len() / 2;
        for (n, (input, window)) in scratch.input.iter_mut().zip(&self.window).enumerate() {
            *input = beat[(first + n) % self.frames * channels + channel] * window;
        }
        // The buffers were made by the plan itself, so their sizes are right.
        let _ = self.fft.process_with_scratch(&mut scratch.input, &mut scratch.spectrum, &mut scratch.fft);
        for (power, bin) in scratch.power.iter_mut().zip(&scratch.spectrum) {
            *power += bin.norm_sqr();
        }
    }
}

/// As many times as quarter windows fit into the slice, rounded up to a power of two.
fn steps_for(frames: usize, window: usize) -> usize {
    (4 * frames / window).next_power_of_two().clamp(32, 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beat_has_64_times_at_every_rate_and_long_slices_more() {
        for (rate, frames, steps) in [
            (22_050, 10_177, 64),
            (44_100, 20_354, 64),
            (48_000, 22_154, 64),
            (22_050, 1_024, 32),
            (44_100, 4 * 20_354, 256),
            (44_100, 64 * 20_354, 1_024),
        ] {
            let pictures = Spectrograms::new(SampleRate::new(rate).unwrap(), frames).unwrap();
            assert_eq!(pictures.steps(), steps, "{frames} frames at {rate} Hz");
        }
        let short = Spectrograms::new(SampleRate::CD, 2_047);
        assert!(matches!(short, Err(EvalError::TooFew { expected: 2_048, actual: 2_047, .. })));
    }
}
