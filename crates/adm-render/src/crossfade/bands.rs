//! A sound in two bands that add up to it exactly.

use adm_core::SampleRate;

/// Where the low band ends, in Hz: above the fundamentals of kicks and basses, below those of most else.
const CORNER: f64 = 150.0;
/// Running means in a row: three are near enough to a Gaussian, which never rings.
const MEANS: usize = 3;

/// The low band of a short stretch, as long as the stretch; what it is taken from less this is the high band.
///
/// Running means have no ringing, so an attack is never announced by its own low band. Beyond its ends the stretch goes on
/// as its own point reflection, which keeps its value and slope there.
#[derive(Debug, Clone, Copy)]
pub(super) struct LowPass {
    /// Frames on either side of each that a mean takes in.
    half: usize,
}

impl LowPass {
    pub(super) fn new(rate: SampleRate) -> Self {
        // Three means of b frames take 3 dB where sinc(f b / rate)³ = 0.707: at f b / rate = 0.262.
        Self { half: (0.5 * 0.262 * rate.as_f64() / CORNER).round().max(1.0) as usize }
    }

    /// The low band of interleaved samples, shape `[frames, channels]`.
    pub(super) fn of(self, samples: &[f32], channels: usize) -> Vec<f32> {
        let mut low = vec![0.0; samples.len()];
        for channel in 0..channels {
            let mut plane: Vec<f64> =
                samples.iter().skip(channel).step_by(channels).map(|sample| f64::from(*sample)).collect();
            (0..MEANS).for_each(|_| self.mean(&mut plane));
            low.iter_mut().skip(channel).step_by(channels).zip(plane).for_each(|(low, mean)| *low = mean as f32);
        }
        low
    }

    /// Replaces each number by the mean of those around it.
    fn mean(self, plane: &mut Vec<f64>) {
        let half = self.half.min(plane.len().saturating_sub(1));
        let (Some(&first), Some(&last)) = (plane.first(), plane.last()) else { return };
        let before = (1..=half).rev().map(|n| 2.0 * first - plane[n]);
        let after = (1..=half).map(|n| 2.0 * last - plane[plane.len() - 1 - n]);
        let sums: Vec<f64> = std::iter::once(0.0)
            .chain(before.chain(plane.iter().copied()).chain(after).scan(0.0, |sum, number| {
                *sum += number;
                Some(*sum)
            }))
            .collect();
        let width = 2 * half + 1;
        *plane = sums.windows(width + 1).map(|window| (window[width] - window[0]) / width as f64).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn level(hz: f64) -> f64 {
        let sine: Vec<f32> = (0..44_100).map(|n| (TAU * hz * f64::from(n) / 44_100.0).sin() as f32).collect();
        let low = LowPass::new(SampleRate::CD).of(&sine, 1);
        let power = |samples: &[f32]| samples.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>();
        10.0 * (power(&low[4_410..39_690]) / power(&sine[4_410..39_690])).log10()
    }

    #[test]
    fn bass_stays_and_the_rest_goes() {
        for (hz, least, most) in
            [(40.0, -0.3, 0.0), (150.0, -3.3, -2.7), (500.0, -100.0, -25.0), (5_000.0, -200.0, -60.0)]
        {
            assert!((least..=most).contains(&level(hz)), "{hz} Hz: {} dB", level(hz));
        }
    }

    #[test]
    fn lines_pass_untouched_to_their_ends_and_channels_stay_apart() {
        for frames in [1, 2, 30, 1_000] {
            let line: Vec<f32> = (0..frames).flat_map(|n| [0.001 * n as f32, 0.5]).collect();
            let low = LowPass::new(SampleRate::CD).of(&line, 2);
            let worst = line.iter().zip(&low).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-6, "{frames} frames: {worst}");
        }
        assert!(LowPass::new(SampleRate::CD).of(&[], 2).is_empty());
    }
}
