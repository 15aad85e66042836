//! From a beat's samples to its features.

use super::mel::MelBank;
use super::{COURSE_BANDS, COURSE_STEPS, FEATURES, FLOOR_DB, Features, MEL_BANDS};
use crate::EvalError;
use adm_core::SampleRate;
use rayon::prelude::*;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// Length of the analysis window in seconds, before it is rounded to a power of two: 2,048 frames at 44.1 kHz.
const WINDOW_SECONDS: f64 = 0.0464;

/// Highest frequency of the mel bands in Hz; lossy codecs keep little above it.
const HIGHEST_HZ: f64 = 16_000.0;

/// Turns beats of one sample rate into features; shared by all threads.
pub struct Extractor {
    fft: Arc<dyn RealToComplex<f32>>,
    /// The window, scaled so that the power of a bin is that of the sine in it.
    window: Vec<f32>,
    hop: usize,
    bank: MelBank,
}

/// One thread's buffers.
struct Scratch {
    input: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    fft: Vec<Complex<f32>>,
    power: Vec<f32>,
    /// Log-mel levels in dB, shape `[frames, MEL_BANDS]`.
    levels: Vec<f32>,
}

impl Extractor {
    /// An extractor for beats at `rate`.
    pub fn new(rate: SampleRate) -> Self {
        let size = 1usize << ((rate.as_f64() * WINDOW_SECONDS).log2().round() as u32).max(5);
        let high = HIGHEST_HZ.min(rate.as_f64() / 2.0);
        Self {
            fft: RealFftPlanner::new().plan_fft_forward(size),
            window: scaled_hann(size),
            hop: size / 4,
            bank: MelBank::new(rate.as_f64(), size, MEL_BANDS, 0.0, high),
        }
    }

    /// Fewest frames that a beat may have.
    pub fn least_frames(&self) -> usize {
        self.hop * COURSE_STEPS
    }

    /// The features of one beat: interleaved samples, shape `[frames, channels]`, 1 or 2 channels. The side of a mono
    /// beat is silent.
    ///
    /// # Errors
    /// Other channels, a part of a frame, a beat shorter than [`Self::least_frames`], or a sample that is not finite.
    pub fn features(&self, beat: &[f32], channels: usize) -> Result<Features, EvalError> {
        self.features_with(beat, channels, &mut self.scratch())
    }

    /// The features of many beats, each as in [`Self::features`], on all threads, in order.
    ///
    /// # Errors
    /// That of the first beat that has one.
    pub fn features_of<B>(&self, beats: &[B], channels: usize) -> Result<Vec<Features>, EvalError>
    where
        B: AsRef<[f32]> + Sync,
    {
        let extract = |scratch: &mut Scratch, beat: &B| self.features_with(beat.as_ref(), channels, scratch);
        let features: Vec<Result<Features, EvalError>> =
            beats.par_iter().map_init(|| self.scratch(), extract).collect();
        features.into_iter().collect()
    }

    fn scratch(&self) -> Scratch {
        Scratch {
            input: self.fft.make_input_vec(),
            spectrum: self.fft.make_output_vec(),
            fft: self.fft.make_scratch_vec(),
            power: vec![0.0; self.bank.bins()],
            levels: Vec::new(),
        }
    }

    fn features_with(&self, beat: &[f32], channels: usize, scratch: &mut Scratch) -> Result<Features, EvalError> {
        self.check(beat, channels)?;
        let mut values = vec![0.0; FEATURES];
        let (statistics, course) = values.split_at_mut(6 * MEL_BANDS);
        for (signal, sign) in [1.0, -1.0].into_iter().enumerate() {
            let mixed = |frame: &[f32]| match frame {
                [left, right] => 0.5 * (left + sign * right),
                [only] if signal == 0 => *only,
                _ => 0.0,
            };
            self.analyse(beat, channels, mixed, scratch);
            summarise(&scratch.levels, statistics, signal * MEL_BANDS);
            if signal == 0 {
                follow(&scratch.levels, course);
            }
        }
        Ok(Features(values))
    }

    fn check(&self, beat: &[f32], channels: usize) -> Result<(), EvalError> {
        if !(1..=2).contains(&channels) {
            return Err(EvalError::WrongShape { what: "a beat's channels", expected: 2, actual: channels });
        }
        if !beat.len().is_multiple_of(channels) {
            let expected = beat.len() / channels * channels;
            return Err(EvalError::WrongShape { what: "the samples of a beat", expected, actual: beat.len() });
        }
        if let Some(index) = beat.iter().position(|sample| !sample.is_finite()) {
            return Err(EvalError::NotFinite { index });
        }
        let (expected, actual) = (self.least_frames(), beat.len() / channels);
        if actual < expected {
            return Err(EvalError::TooFew { what: "the frames of a beat", expected, actual });
        }
        Ok(())
    }

    /// Fills the levels: frame `t` is centred on sample `t·hop`.
    fn analyse(&self, beat: &[f32], channels: usize, mixed: impl Fn(&[f32]) -> f32, scratch: &mut Scratch) {
        let length = beat.len() / channels;
        let frames = length / self.hop + 1;
        scratch.levels.clear();
        scratch.levels.resize(frames * MEL_BANDS, 0.0);
        for (t, levels) in scratch.levels.chunks_exact_mut(MEL_BANDS).enumerate() {
            let first = (t * self.hop) as isize - (self.window.len() / 2) as isize;
            for (n, (input, window)) in (first..).zip(scratch.input.iter_mut().zip(&self.window)) {
                let frame = usize::try_from(n).ok().and_then(|n| beat.get(n * channels..(n + 1) * channels));
                *input = frame.map_or(0.0, &mixed) * window;
            }
            // The buffers were made by the plan itself, so their sizes are right.
            let _ = self.fft.process_with_scratch(&mut scratch.input, &mut scratch.spectrum, &mut scratch.fft);
            for (power, bin) in scratch.power.iter_mut().zip(&scratch.spectrum) {
                *power = bin.norm_sqr();
            }
            self.bank.apply(&scratch.power, levels);
            levels.iter_mut().for_each(|level| *level = decibels(*level));
        }
    }
}

/// A periodic Hann window under which a full-scale sine has a power of 1 in its bin.
fn scaled_hann(size: usize) -> Vec<f32> {
    let hann = |n: usize| 0.5 - 0.5 * (std::f64::consts::TAU * n as f64 / size as f64).cos();
    (0..size).map(|n| (hann(n) * 4.0 / size as f64) as f32).collect()
}

fn decibels(power: f32) -> f32 {
    (10.0 * power.log10()).max(FLOOR_DB)
}

/// Mean, standard deviation and mean absolute change over time of each band, each group two signals wide, this one at
/// `offset` within its group.
fn summarise(levels: &[f32], out: &mut [f32], offset: usize) {
    let frames = levels.len() / MEL_BANDS;
    for band in 0..MEL_BANDS {
        let course = || levels.iter().skip(band).step_by(MEL_BANDS);
        let mean = course().sum::<f32>() / frames as f32;
        let variance = course().map(|level| (level - mean).powi(2)).sum::<f32>() / frames as f32;
        let change = course().zip(course().skip(1)).map(|(now, next)| (next - now).abs()).sum::<f32>();
        let statistics = [mean, variance.sqrt(), change / (frames - 1) as f32];
        for (group, statistic) in statistics.into_iter().enumerate() {
            out[group * 2 * MEL_BANDS + offset + band] = statistic;
        }
    }
}

/// The time course, shape `[COURSE_STEPS, COURSE_BANDS]`.
fn follow(levels: &[f32], out: &mut [f32]) {
    let frames = levels.len() / MEL_BANDS;
    let together = MEL_BANDS / COURSE_BANDS;
    for (step, out) in out.chunks_exact_mut(COURSE_BANDS).enumerate() {
        let (first, end) = (step * frames / COURSE_STEPS, (step + 1) * frames / COURSE_STEPS);
        let span = &levels[first * MEL_BANDS..end * MEL_BANDS];
        for (frame, _) in span.chunks_exact(MEL_BANDS).zip(first..) {
            for (out, bands) in out.iter_mut().zip(frame.chunks_exact(together)) {
                *out += bands.iter().sum::<f32>() / (together * (end - first)) as f32;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    const RATE: f64 = 22_050.0;

    fn extractor() -> Extractor {
        Extractor::new(SampleRate::new(22_050).unwrap())
    }

    /// A beat with a tone in each channel that starts half way.
    fn beat(frames: usize) -> Vec<f32> {
        (0..frames)
            .flat_map(|n| {
                let on = if n >= frames / 2 { 0.5 } else { 0.001 };
                let tone = |hz: f64| (on * (TAU * hz * n as f64 / RATE).sin()) as f32;
                [tone(440.0) + tone(60.0), tone(440.0) - tone(3_000.0)]
            })
            .collect()
    }

    /// The whole definition once more, with a direct Fourier sum in f64 and whole matrices.
    fn slow_levels(beat: &[f32], sign: f64) -> Vec<Vec<f64>> {
        let (size, hop) = (1_024usize, 256usize);
        let bank = MelBank::new(RATE, size, MEL_BANDS, 0.0, RATE / 2.0);
        let signal: Vec<f64> = beat.chunks(2).map(|f| 0.5 * (f64::from(f[0]) + sign * f64::from(f[1]))).collect();
        (0..=signal.len() / hop)
            .map(|t| {
                let sample = |n: usize| {
                    let at = (t * hop + n).checked_sub(size / 2).and_then(|at| signal.get(at)).copied();
                    at.unwrap_or(0.0) * (0.5 - 0.5 * (TAU * n as f64 / size as f64).cos())
                };
                let windowed: Vec<f64> = (0..size).map(sample).collect();
                let power = |bin: usize| {
                    let (mut re, mut im) = (0.0, 0.0);
                    for (n, sample) in windowed.iter().enumerate() {
                        let angle = TAU * (bin * n % size) as f64 / size as f64;
                        re += sample * angle.cos();
                        im += sample * angle.sin();
                    }
                    ((re * re + im * im) * 16.0 / (size * size) as f64) as f32
                };
                let mut bands = vec![0.0; MEL_BANDS];
                bank.apply(&(0..=size / 2).map(power).collect::<Vec<f32>>(), &mut bands);
                bands.iter().map(|&band| (10.0 * f64::from(band).log10()).max(f64::from(FLOOR_DB))).collect()
            })
            .collect()
    }

    #[test]
    fn features_equal_their_definition() {
        for frames in [2_100, 5_003] {
            let beat = beat(frames);
            let features = extractor().features(&beat, 2).unwrap();
            assert_eq!(features.values().len(), FEATURES);
            for (signal, sign) in [1.0, -1.0].into_iter().enumerate() {
                let levels = slow_levels(&beat, sign);
                let count = levels.len() as f64;
                for band in 0..MEL_BANDS {
                    let mean = levels.iter().map(|frame| frame[band]).sum::<f64>() / count;
                    let variance = levels.iter().map(|frame| (frame[band] - mean).powi(2)).sum::<f64>() / count;
                    let change: f64 = levels.windows(2).map(|pair| (pair[1][band] - pair[0][band]).abs()).sum();
                    for (group, expected) in [mean, variance.sqrt(), change / (count - 1.0)].into_iter().enumerate() {
                        let got = features.values()[group * 2 * MEL_BANDS + signal * MEL_BANDS + band];
                        // Between tones the power is near the rounding of f32, hence a hundredth of a dB.
                        assert!((f64::from(got) - expected).abs() < 0.01, "{group} {signal} {band}: {got} {expected}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_time_course_says_when() {
        let features = extractor().features(&beat(8_192), 2).unwrap();
        let course = &features.values()[6 * MEL_BANDS..];
        let band = 2;
        let level = |step: usize| course[step * COURSE_BANDS + band];
        assert!(level(6) > level(1) + 20.0, "the second half is louder: {} {}", level(6), level(1));
    }

    #[test]
    fn many_beats_are_the_same_as_one_by_one_and_mono_has_no_side() {
        let extractor = extractor();
        let beats: Vec<Vec<f32>> = (0..9).map(|n| beat(4_000 + 100 * n)).collect();
        let together = extractor.features_of(&beats, 2).unwrap();
        for (beat, features) in beats.iter().zip(&together) {
            assert_eq!(&extractor.features(beat, 2).unwrap(), features);
        }
        let mono = extractor.features(&beats[0], 1).unwrap();
        assert!(mono.values()[MEL_BANDS..2 * MEL_BANDS].iter().all(|&level| level == FLOOR_DB));
    }

    #[test]
    fn silence_is_the_floor_and_bad_beats_are_named() {
        let extractor = extractor();
        let silent = extractor.features(&vec![0.0; 8_000], 2).unwrap();
        assert!(silent.values()[..2 * MEL_BANDS].iter().all(|&level| level == FLOOR_DB));
        assert!(silent.values()[2 * MEL_BANDS..6 * MEL_BANDS].iter().all(|&spread| spread == 0.0));
        let message = |beat: &[f32], channels| extractor.features(beat, channels).unwrap_err().to_string();
        assert_eq!(message(&[0.0; 100], 2), "the frames of a beat must hold at least 2048, got 50");
        assert_eq!(message(&[0.0; 9_001], 2), "the samples of a beat must be 9000, got 9001");
        assert_eq!(message(&[0.0; 9_000], 3), "a beat's channels must be 2, got 3");
        let mut broken = vec![0.0; 9_000];
        broken[17] = f32::NAN;
        assert_eq!(message(&broken, 2), "sample 17 of a beat is not a finite number");
    }
}
