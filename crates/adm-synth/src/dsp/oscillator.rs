//! Band-limited oscillators.
//!
//! Saw and pulse waves jump, and a jump sampled as it is folds the spectrum above half the rate back down as
//! inharmonic tones. The two samples beside each jump are therefore replaced by those of a jump that was band-limited
//! first (polynomial band-limited steps: Välimäki and Huovilainen, "Antialiasing oscillators in subtractive
//! synthesis", IEEE Signal Processing Magazine 24(2), 2007).

use std::f32::consts::TAU;

/// A position in a wave's cycle, 0 to 1, and how far it moves each sample.
#[derive(Debug, Clone, Copy)]
pub struct Phase {
    at: f32,
    step: f32,
}

impl Phase {
    /// A cycle that starts at `at` (0 to 1) and repeats `hz` times a second.
    pub fn new(at: f32, hz: f32, rate: f32) -> Self {
        let mut phase = Self { at, step: 0.0 };
        phase.set_hz(hz, rate);
        phase
    }

    /// Changes the frequency and keeps the position; frequencies are held below half the rate.
    #[inline]
    pub fn set_hz(&mut self, hz: f32, rate: f32) {
        self.step = (hz / rate).clamp(0.0, 0.49);
    }

    #[inline]
    fn advance(&mut self) -> f32 {
        let at = self.at;
        self.at += self.step;
        if self.at >= 1.0 {
            self.at -= 1.0;
        }
        at
    }

    /// The next sample of a sine wave.
    #[inline]
    pub fn sine(&mut self) -> f32 {
        (TAU * self.advance()).sin()
    }

    /// The next sample of a falling-edge saw wave, from -1 up to 1.
    #[inline]
    pub fn saw(&mut self) -> f32 {
        let at = self.advance();
        2.0 * at - 1.0 - step_residual(at, self.step)
    }

    /// The next sample of a pulse that is up for `width` (0 to 1) of its cycle; its mean is taken away.
    #[inline]
    pub fn pulse(&mut self, width: f32) -> f32 {
        let at = self.advance();
        let fall = if at >= width { at - width } else { at - width + 1.0 };
        let naive = if at < width { 1.0 } else { -1.0 };
        naive + step_residual(at, self.step) - step_residual(fall, self.step) + 1.0 - 2.0 * width
    }
}

/// What a band-limited step of height 2 at phase 0 differs by from a sharp one, `at` a cycle position.
#[inline]
fn step_residual(at: f32, step: f32) -> f32 {
    if at < step {
        let x = at / step - 1.0;
        -x * x
    } else if at > 1.0 - step {
        let x = (at - 1.0) / step + 1.0;
        x * x
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f32 = 44_100.0;

    /// Squared amplitude of the sine at `hz`, by one slow Fourier sum with a Hann window.
    fn power_at(samples: &[f32], hz: f64) -> f64 {
        let length = samples.len() as f64;
        let (mut re, mut im) = (0.0, 0.0);
        for (n, &sample) in samples.iter().enumerate() {
            let angle = std::f64::consts::TAU * n as f64;
            let weighted = f64::from(sample) * (0.5 - 0.5 * (angle / length).cos());
            re += weighted * (angle * hz / f64::from(RATE)).cos();
            im += weighted * (angle * hz / f64::from(RATE)).sin();
        }
        (re * re + im * im) * 16.0 / (length * length)
    }

    fn saw_at(hz: f32) -> Vec<f32> {
        let mut phase = Phase::new(0.0, hz, RATE);
        (0..8_192).map(|_| phase.saw()).collect()
    }

    #[test]
    fn a_saw_has_the_amplitudes_of_its_fourier_series() {
        let samples = saw_at(441.0);
        for harmonic in 1..6 {
            let amplitude = power_at(&samples, 441.0 * f64::from(harmonic)).sqrt();
            let expected = 2.0 / (std::f64::consts::PI * f64::from(harmonic));
            assert!((amplitude / expected - 1.0).abs() < 0.02, "harmonic {harmonic}: {amplitude} for {expected}");
        }
    }

    #[test]
    fn folded_harmonics_are_far_below_those_of_a_sharp_saw() {
        // The 19th harmonic of 2,500 Hz would stand at 47,500 Hz; sampled sharply, it folds to 3,400 Hz.
        let mut at = 0.0f32;
        let sharp: Vec<f32> = (0..8_192)
            .map(|_| {
                at = (at + 2_500.0 / RATE).fract();
                2.0 * at - 1.0
            })
            .collect();
        let gain = power_at(&saw_at(2_500.0), 3_400.0) / power_at(&sharp, 3_400.0);
        assert!(10.0 * gain.log10() < -25.0, "{} dB", 10.0 * gain.log10());
    }

    #[test]
    fn a_pulse_of_any_width_has_no_offset() {
        for width in [0.1, 0.25, 0.5, 0.8] {
            let mut phase = Phase::new(0.0, 441.0, RATE);
            let mean = (0..44_100).map(|_| phase.pulse(width)).sum::<f32>() / RATE;
            assert!(mean.abs() < 1e-3, "width {width}: {mean}");
        }
    }
}
