//! A look-ahead limiter for true peaks.
//!
//! For every frame the gain that would bring its true peak under the ceiling is known ahead of time. The limiter takes
//! the least of these over a window around each frame, lets it rise back slowly, and smooths it by two running means
//! (a triangle) that together are as long as the window is: the gain is down before the peak comes, moves without a
//! step, and nothing is ever clipped. All channels share one gain, so the stereo image stays.

use super::smoothing::Smoothing;
use super::true_peak::TruePeak;
use adm_core::SampleRate;

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

    /// Frames by which the sound leaves later than it came.
    pub(super) fn latency(&self) -> usize {
        self.latency
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
}
