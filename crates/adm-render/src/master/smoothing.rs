//! A limiter's gain: from what each frame needs to something that moves without being heard.
//!
//! The least need of a window around each frame, an exponential way back, and two running means in a row.

use adm_core::SampleRate;
use std::collections::VecDeque;

/// Look-ahead in seconds: the time in which the gain falls. Shorter dulls attacks less and distorts bass more.
const LOOK_AHEAD: f64 = 0.002;
/// Time constant in seconds of the gain's way back. Shorter sounds louder and distorts bass more.
const RELEASE: f64 = 0.04;
/// Gain that counts as back at 1: 0.001 dB under it.
const RELEASED: f32 = 0.9999;

/// From the gain that each frame needs to one that moves smoothly and is never above it.
#[derive(Debug)]
pub(super) struct Smoothing {
    /// Frames by which the gain comes after the need that it answers.
    pub(super) latency: usize,
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
    pub(super) fn new(rate: SampleRate, reach: usize) -> Self {
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
    pub(super) fn gains(&mut self, peaks: &[f32], ceiling: f32, gains: &mut Vec<f32>) {
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
