//! How much the spectrum grows from moment to moment, and what that says of tempo and of joins.
//!
//! Spectral flux is the sum over frequencies of what `ln(1 + 1000·|X|)` grew by since the frame before (Böck, Krebs & Schedl,
//! "Evaluating the online capabilities of onset detection methods", ISMIR 2012, section 2). Windows of about 23 ms, a quarter of
//! it from frame to frame.

use adm_core::{Bpm, SampleRate};
use rayon::prelude::*;
use realfft::RealFftPlanner;

/// Length of the window in seconds, before it is rounded to a power of two.
const WINDOW_SECONDS: f64 = 0.0232;

/// What magnitudes are stretched by before their logarithm: a full-scale sine has a magnitude of 1.
const STRETCH: f32 = 1_000.0;

/// Spectral flux of a recording.
#[derive(Debug, Clone)]
pub struct Flux {
    /// Growth into each frame; frame `t` is centred on sample `t·hop`.
    values: Vec<f32>,
    /// Seconds from frame to frame.
    hop: f64,
}

impl Flux {
    /// Of interleaved samples, shape `[frames, channels]`.
    pub fn of(samples: &[f32], channels: usize, rate: SampleRate) -> Self {
        let size = 1usize << ((rate.as_f64() * WINDOW_SECONDS).log2().round() as u32).max(5);
        let hop = size / 4;
        let levels = levels(samples, channels.max(1), size, hop);
        let grown = |pair: &[Vec<f32>]| pair[0].iter().zip(&pair[1]).map(|(a, b)| (b - a).max(0.0)).sum::<f32>();
        let values = std::iter::once(0.0).chain(levels.windows(2).map(grown)).take(levels.len()).collect();
        Self { values, hop: hop as f64 / rate.as_f64() }
    }

    /// The tempo nearest to an expected one, in beats a minute, within a twelfth of it either way; none where nothing comes again
    /// after a beat.
    pub fn tempo(&self, expected: Bpm) -> Option<f64> {
        let beat = 60.0 / expected.get() / self.hop;
        let mean = self.values.iter().sum::<f32>() / self.values.len().max(1) as f32;
        let off: Vec<f32> = self.values.iter().map(|value| value - mean).collect();
        let power = off.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>() / off.len().max(1) as f64;
        // Several beats at once: their length is known as many times better.
        let beats = ((off.len() as f64 / beat / 2.0) as usize).min(MOST_BEATS);
        if beats == 0 || power == 0.0 {
            return None;
        }
        let score = |lag: f64| {
            let of_multiple = |multiple: usize| correlation(&off, lag * multiple as f64) / power;
            (1..=beats).map(of_multiple).sum::<f64>() / beats as f64
        };
        let step = 0.25 / beats as f64;
        let count = (2.0 * REACH * beat / step) as usize;
        let lags = (0..=count).map(|at| beat * (1.0 - REACH) + at as f64 * step);
        let scored: Vec<(f64, f64)> = lags.map(|lag| (lag, score(lag))).collect();
        let (best, (lag, height)) = scored.iter().copied().enumerate().max_by(|(_, a), (_, b)| a.1.total_cmp(&b.1))?;
        let inside = best > 0 && best < count;
        (inside && height > LEAST_LIKENESS).then(|| 60.0 / (lag * self.hop))
    }

    /// Mean flux at some times over the mean of all: 1 where nothing is special about them. Beats start with a kick, so even
    /// joins of recorded beats that followed one another stand out; a click at every join stands out more. None where there is
    /// nothing to compare.
    pub fn at(&self, times: &[f64]) -> Option<f64> {
        let near = |time: &f64| {
            let frame = (time / self.hop).round() as usize;
            let frames = self.values.get(frame.saturating_sub(2)..(frame + 3).min(self.values.len()))?;
            frames.iter().copied().reduce(f32::max)
        };
        let found: Vec<f32> = times.iter().filter_map(near).collect();
        let mean =
            |values: &[f32]| values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len().max(1) as f64;
        let all = mean(&self.values);
        (all > 0.0 && !found.is_empty()).then(|| mean(&found) / all)
    }
}

/// Most beats that a tempo is taken over at once.
const MOST_BEATS: usize = 8;

/// How far from the expected beat is looked, as a share of it.
const REACH: f64 = 1.0 / 12.0;

/// Autocorrelation under which nothing comes again: that of white noise stays under a tenth over a few seconds.
const LEAST_LIKENESS: f64 = 0.15;

/// Mean product of values a lag apart; between whole lags the line through both.
fn correlation(values: &[f32], lag: f64) -> f64 {
    let at = |lag: usize| {
        let pairs = values.iter().zip(values.iter().skip(lag));
        let (sum, count) = pairs.fold((0.0, 0usize), |(sum, count), (a, b)| (sum + f64::from(a * b), count + 1));
        sum / count.max(1) as f64
    };
    let (whole, part) = (lag.floor() as usize, lag.fract());
    (1.0 - part) * at(whole) + part * at(whole + 1)
}

/// `ln(1 + stretch·|X|)` of every frame.
fn levels(samples: &[f32], channels: usize, size: usize, hop: usize) -> Vec<Vec<f32>> {
    let fft = RealFftPlanner::<f32>::new().plan_fft_forward(size);
    let hann = |n: usize| 0.5 - 0.5 * (std::f64::consts::TAU * n as f64 / size as f64).cos();
    let window: Vec<f32> = (0..size).map(|n| (hann(n) * 4.0 / size as f64) as f32).collect();
    let frames = samples.len() / channels;
    let level = |(input, spectrum): &mut (Vec<f32>, Vec<_>), t: usize| {
        let first = (t * hop) as isize - (size / 2) as isize;
        for (n, (input, window)) in (first..).zip(input.iter_mut().zip(&window)) {
            let frame = usize::try_from(n).ok().and_then(|n| samples.get(n * channels..(n + 1) * channels));
            *input = frame.map_or(0.0, |frame| frame.iter().sum::<f32>() / channels as f32) * window;
        }
        // The buffers were made by the plan itself, so their sizes are right.
        let _ = fft.process(input, spectrum);
        spectrum.iter().map(|bin: &realfft::num_complex::Complex<f32>| (STRETCH * bin.norm()).ln_1p()).collect()
    };
    let buffers = || (fft.make_input_vec(), fft.make_output_vec());
    (0..frames.div_ceil(hop)).into_par_iter().map_init(buffers, level).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use adm_core::seeds::RngExt;

    const RATE: u32 = 22_050;

    fn rate() -> SampleRate {
        SampleRate::new(RATE).unwrap()
    }

    /// Decaying noise at every beat over a quiet tone.
    fn music(bpm: f64, seconds: f64) -> Vec<f32> {
        let mut rng = Seeds::new(1).stream("music", 0);
        let beat = 60.0 / bpm;
        (0..(seconds * f64::from(RATE)) as usize)
            .map(|n| {
                let now = n as f64 / f64::from(RATE);
                let age = now % beat;
                let hit = (-age / 0.05).exp() * f64::from(rng.random_range(-0.5f32..0.5));
                (hit + 0.05 * (now * 1_500.0).sin()) as f32
            })
            .collect()
    }

    #[test]
    fn tempo_is_found_to_a_twentieth_of_a_percent() {
        for (bpm, expected) in [(130.0, 130.0), (131.3, 130.0), (95.0, 98.0), (174.0, 170.0)] {
            let flux = Flux::of(&music(bpm, 12.0), 1, rate());
            let found = flux.tempo(Bpm::new(expected).unwrap()).unwrap();
            assert!((found / bpm - 1.0).abs() < 5e-4, "{bpm} BPM: {found}");
        }
    }

    #[test]
    fn noise_and_silence_have_no_tempo() {
        let mut rng = Seeds::new(3).stream("noise", 0);
        let noise: Vec<f32> = (0..RATE as usize * 12).map(|_| rng.random_range(-0.5f32..0.5)).collect();
        for samples in [noise, vec![0.0; RATE as usize * 3], Vec::new()] {
            assert_eq!(Flux::of(&samples, 1, rate()).tempo(Bpm::FOUNDING), None);
        }
    }

    #[test]
    fn joins_stand_out_the_more_they_click() {
        let joins: Vec<f64> = (1..24).map(|beat| f64::from(beat) * 0.5 + 0.2).collect();
        let before = Flux::of(&music(120.0, 12.5), 1, rate()).at(&joins).unwrap();
        let mut least = before;
        for step in [0.05f32, 0.2, 0.8] {
            let mut damaged = music(120.0, 12.5);
            for join in &joins {
                damaged[(join * f64::from(RATE)) as usize] += step;
            }
            let now = Flux::of(&damaged, 1, rate()).at(&joins).unwrap();
            assert!(now > least * 1.1, "{step}: {now} after {least}");
            least = now;
        }
        assert!(before < 1.0, "nothing happens there: {before}");
        assert_eq!(Flux::of(&[0.0; 9_000], 1, rate()).at(&joins), None);
    }
}
