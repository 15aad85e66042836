//! Filters: a state-variable filter for the voices, and a one-pole for smoothing and splitting.
//!
//! The state-variable filter is Zavalishin's topology-preserving transform of the analogue one in Simper's form ("The
//! Art of VA Filter Design", chapter 4; "Solving the continuous SVF equations", Cytomic, 2013): it stays stable and
//! click-free while its cutoff sweeps.

use std::f32::consts::PI;

/// A cutoff and resonance, worked out once for many samples.
#[derive(Debug, Clone, Copy)]
pub struct Tuning {
    damping: f32,
    a1: f32,
    a2: f32,
    a3: f32,
}

impl Tuning {
    /// A cutoff in Hz, held within 10 Hz and 0.45 of the rate, and a quality of 0.5 or more: 0.7 is flat, higher
    /// values ring longer at the cutoff.
    pub fn new(cutoff_hz: f32, quality: f32, rate: f32) -> Self {
        let g = (PI * cutoff_hz.clamp(10.0, 0.45 * rate) / rate).tan();
        let damping = 1.0 / quality.max(0.5);
        let a1 = 1.0 / (1.0 + g * (g + damping));
        Self { damping, a1, a2: g * a1, a3: g * g * a1 }
    }
}

/// A state-variable filter of one channel.
#[derive(Debug, Clone, Copy, Default)]
pub struct Svf {
    band: f32,
    low: f32,
}

impl Svf {
    #[inline]
    fn tick(&mut self, tuning: &Tuning, input: f32) -> (f32, f32) {
        let v3 = input - self.low;
        let band = tuning.a1 * self.band + tuning.a2 * v3;
        let low = self.low + tuning.a2 * self.band + tuning.a3 * v3;
        self.band = 2.0 * band - self.band;
        self.low = 2.0 * low - self.low;
        (low, band)
    }

    /// Passes what lies below the cutoff, 12 dB an octave.
    #[inline]
    pub fn low(&mut self, tuning: &Tuning, input: f32) -> f32 {
        self.tick(tuning, input).0
    }

    /// Passes what lies around the cutoff, 6 dB an octave to both sides, with a gain of 1 at the cutoff.
    #[inline]
    pub fn band(&mut self, tuning: &Tuning, input: f32) -> f32 {
        self.tick(tuning, input).1 * tuning.damping
    }

    /// Passes what lies above the cutoff, 12 dB an octave.
    #[inline]
    pub fn high(&mut self, tuning: &Tuning, input: f32) -> f32 {
        let (low, band) = self.tick(tuning, input);
        input - tuning.damping * band - low
    }
}

/// A one-pole low-pass: 6 dB an octave, no overshoot. `input - low` is its exact complement.
#[derive(Debug, Clone, Copy)]
pub struct OnePole {
    share: f32,
    state: f32,
}

impl OnePole {
    /// A low-pass at `cutoff_hz`.
    pub fn new(cutoff_hz: f32, rate: f32) -> Self {
        Self { share: 1.0 - (-2.0 * PI * cutoff_hz / rate).exp(), state: 0.0 }
    }

    /// The next smoothed sample.
    #[inline]
    pub fn low(&mut self, input: f32) -> f32 {
        self.state += self.share * (input - self.state);
        self.state
    }

    /// What [`Self::low`] takes away.
    #[inline]
    pub fn high(&mut self, input: f32) -> f32 {
        input - self.low(input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f32 = 44_100.0;

    /// Steady-state gain in dB of `filter` for a sine at `hz`.
    fn gain(hz: f32, mut filter: impl FnMut(f32) -> f32) -> f32 {
        let (mut input, mut output) = (0.0, 0.0);
        for n in 0..44_100 {
            let sample = (2.0 * PI * hz * n as f32 / RATE).sin();
            let filtered = filter(sample);
            if n >= 22_050 {
                input += sample * sample;
                output += filtered * filtered;
            }
        }
        10.0 * (output / input).log10()
    }

    #[test]
    fn each_output_passes_its_band() {
        let tuning = Tuning::new(1_000.0, std::f32::consts::FRAC_1_SQRT_2, RATE);
        type Output = fn(&mut Svf, &Tuning, f32) -> f32;
        for (name, output, low, at, high) in [
            ("low", Svf::low as Output, 0.0, -3.0, -24.4),
            ("band", Svf::band as Output, -15.1, 0.0, -9.2),
            ("high", Svf::high as Output, -36.1, -3.0, 0.0),
        ] {
            for (hz, expected) in [(125.0, low), (1_000.0, at), (4_000.0, high)] {
                let mut svf = Svf::default();
                let measured = gain(hz, |sample| output(&mut svf, &tuning, sample));
                assert!((measured - expected).abs() < 0.6, "{name} at {hz} Hz: {measured} dB, expected {expected}");
            }
        }
    }

    #[test]
    fn a_wild_sweep_stays_finite() {
        let mut svf = Svf::default();
        for n in 0..44_100u32 {
            let tuning = Tuning::new(if n.is_multiple_of(2) { 5.0 } else { 1e6 }, 50.0, RATE);
            assert!(svf.low(&tuning, if n % 100 < 50 { 1.0 } else { -1.0 }).abs() < 1e3);
        }
    }

    #[test]
    fn a_one_pole_halves_the_power_at_its_cutoff() {
        let mut pole = OnePole::new(500.0, RATE);
        assert!((gain(500.0, |sample| pole.low(sample)) + 3.0).abs() < 0.3);
    }
}
