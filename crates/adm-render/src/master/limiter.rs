//! A look-ahead limiter for true peaks.
//!
//! For every frame the gain that would bring its true peak under the ceiling is known ahead of time. The limiter takes
//! the least of these over a window around each frame, lets it rise back slowly, and smooths it by two running means
//! (a triangle) that together are as long as the window is: the gain is down before the peak comes, moves without a
//! step, and nothing is ever clipped. All channels share one gain, so the stereo image stays.

use super::true_peak::TruePeak;
use adm_core::SampleRate;
use std::collections::VecDeque;

/// Look-ahead in seconds: the time in which the gain falls. Shorter dulls attacks less and distorts bass more.
const LOOK_AHEAD: f64 = 0.002;
/// Time constant in seconds of the gain's way back. Shorter sounds louder and distorts bass more.
const RELEASE: f64 = 0.04;
/// Gain that counts as back at 1: 0.001 dB under it.
const RELEASED: f32 = 0.9999;

/// Keeps true peaks under a ceiling.
#[derive(Debug)]
pub(super) struct Limiter {
    channels: usize,
    ceiling: f32,
    detector: TruePeak,
    peaks: Vec<f32>,
    smoothing: Smoothing,
    gains: Vec<f32>,
    /// Sound on its way through, shape `[frames, channels]`.
    delayed: Vec<f32>,
    /// Frames by which the sound leaves later than it came.
    latency: usize,
    /// Frames of that still to be taken in before the first one leaves.
    waiting: usize,
    least_gain: f32,
}

impl Limiter {
    /// A limiter with a ceiling as a linear magnitude.
    pub(super) fn new(rate: SampleRate, channels: usize, ceiling: f32) -> Self {
        let detector = TruePeak::new(rate, channels);
        let smoothing = Smoothing::new(rate, detector.delay());
        let latency = smoothing.latency + detector.delay();
        Self {
            channels,
            ceiling,
            latency,
            waiting: latency,
            detector,
            peaks: Vec::new(),
            smoothing,
            gains: Vec::new(),
            delayed: Vec::new(),
            least_gain: 1.0,
        }
    }

    /// Takes interleaved samples, shape `[frames, channels]`, and appends what is ready to `out`.
    pub(super) fn process(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.detector.scan(samples, &mut self.peaks);
        self.smoothing.gains(&self.peaks, self.ceiling, &mut self.gains);
        self.delayed.extend_from_slice(samples);
        let early = self.waiting.min(self.gains.len());
        self.waiting -= early;
        let gains = &self.gains[early..];
        self.least_gain = gains.iter().copied().fold(self.least_gain, f32::min);
        let start = out.len();
        out.extend(self.delayed.drain(..gains.len() * self.channels));
        scale(&mut out[start..], self.channels, gains);
    }

    /// Appends the sound that is still on its way.
    pub(super) fn finish(&mut self, out: &mut Vec<f32>) {
        let silence = vec![0.0; self.latency * self.channels];
        self.process(&silence, out);
    }

    /// The most that was taken from a peak so far, in dB.
    pub(super) fn limited_db(&self) -> f64 {
        20.0 * (1.0 / f64::from(self.least_gain)).log10()
    }
}

/// Multiplies each frame of interleaved samples by its gain.
fn scale(samples: &mut [f32], channels: usize, gains: &[f32]) {
    match channels {
        1 => samples.iter_mut().zip(gains).for_each(|(sample, gain)| *sample *= gain),
        // Told the number of channels, the compiler finds vector instructions here too.
        2 => samples.as_chunks_mut::<2>().0.iter_mut().zip(gains).for_each(|([left, right], gain)| {
            *left *= gain;
            *right *= gain;
        }),
        _ => samples.chunks_exact_mut(channels).zip(gains).for_each(|(frame, gain)| {
            frame.iter_mut().for_each(|sample| *sample *= gain);
        }),
    }
}

/// From the gain that each frame needs to one that moves smoothly and is never above it.
#[derive(Debug)]
struct Smoothing {
    /// Frames by which the gain comes after the need that it answers.
    latency: usize,
    least: WindowMinimum,
    release: f32,
    held: f32,
    /// Frames since the held gain was last under 1, and how many it takes until the means have forgotten it.
    at_rest: usize,
    forgotten: usize,
    means: [RunningMean; 2],
}

impl Smoothing {
    /// Smooths so that all frames within `reach` of a peak have a gain that is low enough for it: so far reaches the
    /// filter that found the peak.
    fn new(rate: SampleRate, reach: usize) -> Self {
        let window = (LOOK_AHEAD * rate.as_f64()).round().max(2.0) as usize;
        let half = window / 2;
        Self {
            latency: window + reach - 1,
            least: WindowMinimum::new(window + 2 * reach),
            release: (-1.0 / (RELEASE * rate.as_f64())).exp() as f32,
            held: 1.0,
            at_rest: 0,
            forgotten: window + 1,
            // Two means of lengths a and b reach a + b - 1 frames.
            means: [RunningMean::new(half), RunningMean::new(window + 1 - half)],
        }
    }

    /// Replaces `gains` by one gain a frame, answering the peaks of [`latency`](Self::latency) frames ago.
    fn gains(&mut self, peaks: &[f32], ceiling: f32, gains: &mut Vec<f32>) {
        gains.clear();
        if self.at_rest >= self.forgotten && peaks.iter().all(|peak| *peak <= ceiling) {
            // Every number in the window is 1, and so is every mean of them.
            return gains.resize(peaks.len(), 1.0);
        }
        gains.extend(peaks.iter().map(|peak| self.next(if *peak > ceiling { ceiling / peak } else { 1.0 })));
    }

    fn next(&mut self, needed: f32) -> f32 {
        let released = 1.0 - (1.0 - self.held) * self.release;
        let released = if released > RELEASED { 1.0 } else { released };
        self.held = self.least.next(needed).min(released);
        self.at_rest = if self.held < 1.0 { 0 } else { self.at_rest + 1 };
        let [first, second] = &mut self.means;
        second.next(first.next(self.held))
    }
}

/// The least of the last `length` numbers.
#[derive(Debug)]
struct WindowMinimum {
    length: u64,
    time: u64,
    /// Numbers that may yet be the least, rising, with the time each came.
    candidates: VecDeque<(u64, f32)>,
}

impl WindowMinimum {
    fn new(length: usize) -> Self {
        Self { length: length as u64, time: 0, candidates: VecDeque::with_capacity(length + 1) }
    }

    fn next(&mut self, value: f32) -> f32 {
        while self.candidates.back().is_some_and(|(_, candidate)| *candidate >= value) {
            self.candidates.pop_back();
        }
        self.candidates.push_back((self.time, value));
        self.time += 1;
        if self.candidates.front().is_some_and(|(time, _)| time + self.length < self.time) {
            self.candidates.pop_front();
        }
        self.candidates.front().map_or(value, |(_, least)| *least)
    }
}

/// The mean of the last `length` numbers, all 1 before the first.
///
/// Gains are single-precision numbers in (0.01, 1], whose sums in double precision are exact: the mean never drifts.
#[derive(Debug)]
struct RunningMean {
    numbers: VecDeque<f32>,
    sum: f64,
}

impl RunningMean {
    fn new(length: usize) -> Self {
        Self { numbers: VecDeque::from(vec![1.0; length]), sum: length as f64 }
    }

    fn next(&mut self, value: f32) -> f32 {
        self.numbers.push_back(value);
        self.sum += f64::from(value) - f64::from(self.numbers.pop_front().unwrap_or(value));
        (self.sum / self.numbers.len() as f64) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use adm_core::seeds::RngExt;

    fn limit(samples: &[f32], channels: usize, ceiling: f32, block: usize) -> (Vec<f32>, f64) {
        let mut limiter = Limiter::new(SampleRate::CD, channels, ceiling);
        let mut out = Vec::new();
        samples.chunks(block * channels).for_each(|block| limiter.process(block, &mut out));
        limiter.finish(&mut out);
        (out, limiter.limited_db())
    }

    fn peak(samples: &[f32], channels: usize) -> f32 {
        let mut peaks = Vec::new();
        TruePeak::new(SampleRate::CD, channels).scan(samples, &mut peaks);
        peaks.iter().copied().fold(0.0, f32::max)
    }

    #[test]
    fn what_is_under_the_ceiling_passes_bit_for_bit() {
        let samples: Vec<f32> = (0..6_000).map(|n| (n as f32 * 0.1).sin() * 0.5).collect();
        for (channels, block) in [(1, 1), (1, 1_000), (2, 333)] {
            let (out, limited) = limit(&samples, channels, 0.9, block);
            assert_eq!(out, samples);
            assert_eq!(limited, 0.0);
        }
    }

    #[test]
    fn peaks_stay_under_the_ceiling_and_in_place() {
        let mut rng = Seeds::new(5).stream("test", 0);
        let mut samples: Vec<f32> = (0..40_000).map(|_| rng.random_range(-0.4..0.4)).collect();
        for at in (3_000..40_000).step_by(6_007) {
            samples[at] = 1.9;
            samples[at + 1] = -1.7;
        }
        let (out, limited) = limit(&samples, 2, 0.8, 512);
        assert_eq!(out.len(), samples.len());
        let over = 20.0 * (peak(&out, 2) / 0.8).log10();
        assert!(over < 0.05, "{over} dB over the ceiling");
        assert!((6.0..14.0).contains(&limited), "{limited} dB");
        // Nothing changed its sign or place, and nothing grew.
        assert!(samples.iter().zip(&out).all(|(before, after)| after.abs() <= before.abs() && before * after >= 0.0));
        assert_eq!(out[..2_000], samples[..2_000], "far from a peak nothing is touched");
    }

    #[test]
    fn blocks_do_not_matter() {
        let mut rng = Seeds::new(6).stream("test", 0);
        let samples: Vec<f32> = (0..10_000).map(|_| rng.random_range(-2.0..2.0)).collect();
        let whole = limit(&samples, 2, 0.5, 5_000);
        for block in [1, 13, 512] {
            assert_eq!(limit(&samples, 2, 0.5, block), whole, "blocks of {block}");
        }
    }

    #[test]
    fn the_window_minimum_is_the_least_of_the_window() {
        let mut rng = Seeds::new(7).stream("test", 0);
        let numbers: Vec<f32> = (0..500).map(|_| rng.random()).collect();
        for length in [1, 2, 10, 100] {
            let mut minimum = WindowMinimum::new(length);
            for end in 0..numbers.len() {
                let slow = numbers[(end + 1).saturating_sub(length)..=end].iter().copied().fold(1.0, f32::min);
                assert_eq!(minimum.next(numbers[end]), slow, "window {length}, number {end}");
            }
        }
    }
}
