//! Peaks between the samples.
//!
//! The sound is oversampled by a windowed sinc (ITU-R BS.1770-4, annex 2): four times below 96 kHz, twice below 192 kHz,
//! not at all above. The filter has 48 taps under a Hann window; it is the one that `ebur128` measures with, so the two
//! agree to rounding.

use adm_core::SampleRate;
use std::f64::consts::PI;

/// Taps of the whole oversampling filter.
const TAPS: usize = 48;

/// Follows the true peak of a stream.
#[derive(Debug)]
pub(super) struct TruePeak {
    /// One filter for each point between a sample and the next, shape `[point, tap]`.
    filters: Vec<Vec<f32>>,
    /// Frames by which a peak comes after its sample.
    delay: usize,
    /// The last samples of every channel and then the current block's, shape `[channel, 2 * delay + frames]`.
    planes: Vec<Vec<f32>>,
    points: Vec<f32>,
}

impl TruePeak {
    pub(super) fn new(rate: SampleRate, channels: usize) -> Self {
        let factor = match rate.hz() {
            ..96_000 => 4,
            96_000..192_000 => 2,
            _ => 1,
        };
        let filters: Vec<_> = (1..factor).map(|point| filter(factor, point)).collect();
        let delay = filters.first().map_or(0, |filter| filter.len() / 2);
        Self { filters, delay, planes: vec![vec![0.0; 2 * delay]; channels], points: Vec::new() }
    }

    /// Frames by which a peak comes after its sample; its filter reaches as many to either side.
    pub(super) fn delay(&self) -> usize {
        self.delay
    }

    /// Takes interleaved samples, shape `[frames, channels]`, and replaces `peaks` by one number a frame: the highest
    /// magnitude of any channel from the sample [`delay`](Self::delay) frames ago up to, but without, its successor.
    pub(super) fn scan(&mut self, samples: &[f32], peaks: &mut Vec<f32>) {
        let channels = self.planes.len();
        peaks.clear();
        peaks.resize(samples.len() / channels, 0.0);
        self.points.resize(peaks.len(), 0.0);
        for (channel, plane) in self.planes.iter_mut().enumerate() {
            plane.extend(samples.iter().skip(channel).step_by(channels));
            raise(peaks, &plane[self.delay..]);
            for filter in &self.filters {
                convolve(filter, &plane[1..], &mut self.points);
                raise(peaks, &self.points);
            }
            plane.drain(..peaks.len());
        }
    }
}

/// The taps of the sinc that lies `point` of `factor` parts of a frame after the middle sample, oldest sample first.
fn filter(factor: usize, point: usize) -> Vec<f32> {
    let taps = TAPS / factor;
    (0..taps).rev().map(|tap| coefficient(factor, (tap * factor + point) as f64)).collect()
}

fn coefficient(factor: usize, position: f64) -> f32 {
    let length = TAPS as f64;
    let window = 0.5 * (1.0 - (2.0 * PI * position / length).cos());
    let phase = PI * (position - 0.5 * length) / factor as f64;
    (window * phase.sin() / phase) as f32
}

/// Points computed together: as many as stay in vector registers while all taps pass over them.
const LANES: usize = 16;

/// Each point is the filter over as many samples of `plane`, the first point over the first of them.
fn convolve(filter: &[f32], plane: &[f32], points: &mut [f32]) {
    let (whole, rest) = points.as_chunks_mut::<LANES>();
    let done = whole.len() * LANES;
    for (points, start) in whole.iter_mut().zip((0..).step_by(LANES)) {
        let mut sums = [0.0; LANES];
        for (weight, samples) in filter.iter().zip(plane[start..].windows(LANES)) {
            sums.iter_mut().zip(samples).for_each(|(sum, sample)| *sum += weight * sample);
        }
        *points = sums;
    }
    for (point, samples) in rest.iter_mut().zip(plane[done..].windows(filter.len())) {
        *point = filter.iter().zip(samples).map(|(weight, sample)| weight * sample).sum();
    }
}

fn raise(peaks: &mut [f32], values: &[f32]) {
    for (peak, value) in peaks.iter_mut().zip(values) {
        *peak = peak.max(value.abs());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use adm_core::seeds::RngExt;
    use ebur128::{EbuR128, Mode};

    fn highest(samples: &[f32], hz: u32, channels: usize, block: usize) -> f64 {
        let mut detector = TruePeak::new(SampleRate::new(hz).unwrap(), channels);
        let (mut peaks, mut highest) = (Vec::new(), 0.0f32);
        for block in samples.chunks(block * channels) {
            detector.scan(block, &mut peaks);
            highest = peaks.iter().copied().fold(highest, f32::max);
        }
        f64::from(highest)
    }

    #[test]
    fn it_agrees_with_ebur128_whatever_the_blocks() {
        for (seed, hz, channels) in [(1, 44_100, 1), (2, 44_100, 2), (3, 96_000, 2), (4, 192_000, 1), (5, 22_050, 2)] {
            let mut rng = Seeds::new(seed).stream("test", 0);
            let samples: Vec<f32> = (0..4_000 * channels).map(|_| rng.random_range(-1.0..1.0)).collect();
            let mut reference = EbuR128::new(channels as u32, hz, Mode::TRUE_PEAK).unwrap();
            reference.add_frames_f32(&samples).unwrap();
            let expected = (0..channels as u32).map(|c| reference.true_peak(c).unwrap()).fold(0.0, f64::max);
            for block in [1, 7, 512, 4_000] {
                let peak = highest(&samples, hz, channels, block);
                // Single precision, added up in another order.
                assert!(
                    (peak / expected - 1.0).abs() < 1e-5,
                    "{hz} Hz, {channels} channels by {block}: {peak}, not {expected}"
                );
            }
        }
    }

    /// A sine at a quarter of the rate whose samples all miss its crest by 3 dB.
    #[test]
    fn it_sees_the_crest_between_the_samples() {
        let samples: Vec<f32> = (0..1_000).map(|n| (PI * (0.5 * f64::from(n) + 0.25)).sin() as f32).collect();
        // The tone's sudden start rings a little above the crest.
        let peak = highest(&samples, 44_100, 1, 64);
        assert!((0.99..1.1).contains(&peak), "{peak}");
    }
}
