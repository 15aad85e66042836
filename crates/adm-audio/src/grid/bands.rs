//! The energy of a band, filtered while a recording streams by.

use super::curves::Curve;
use std::f64::consts::{FRAC_1_SQRT_2, TAU};

/// Energy of a band.
pub(super) struct Band {
    curve: Curve<f32>,
    filters: [Biquad; 3],
    /// Samples that are averaged into one before they are filtered, their sum so far and how many it holds.
    decimation: usize,
    sum: f32,
    summed: usize,
    /// Filtered values for one of the curve, the sum of their squares so far and how many it holds.
    hop: usize,
    energy: f64,
    count: usize,
}

impl Band {
    /// From `low` to `high` Hz of a signal at `rate` Hz: a value for every `hop` samples, of which `decimation` (a divisor of
    /// `hop`) become one before the filters.
    pub(super) fn new((low, high): (f64, f64), rate: f64, hop: usize, decimation: usize) -> Self {
        let (step, filtered) = (hop as f64 / rate, rate / decimation as f64);
        // The two quality factors make a Butterworth low-pass of order 4. Low sample rates end within the band.
        let (bottom, top) = ((low / filtered).min(0.3), (high / filtered).min(0.45));
        let filters = [
            Biquad::low_pass(top, 0.541_196_1),
            Biquad::low_pass(top, 1.306_563),
            Biquad::high_pass(bottom, FRAC_1_SQRT_2),
        ];
        let curve = Curve { values: Vec::new(), step, start: step / 2.0 };
        Self { curve, filters, decimation, sum: 0.0, summed: 0, hop: hop / decimation, energy: 0.0, count: 0 }
    }

    pub(super) fn add(&mut self, sample: f32) {
        self.sum += sample;
        self.summed += 1;
        if self.summed == self.decimation {
            self.filter(f64::from(self.sum) / self.decimation as f64);
            (self.sum, self.summed) = (0.0, 0);
        }
    }

    fn filter(&mut self, sample: f64) {
        let filtered = self.filters.iter_mut().fold(sample, |sample, filter| filter.next(sample));
        self.energy += filtered * filtered;
        self.count += 1;
        if self.count == self.hop {
            self.curve.values.push((self.energy / self.count as f64) as f32);
            (self.energy, self.count) = (0.0, 0);
        }
    }

    /// The mean square of each stretch of `hop` samples.
    pub(super) fn into_curve(self) -> Curve<f32> {
        self.curve
    }
}

/// A filter of second order by R. Bristow-Johnson's audio EQ cookbook, in transposed direct form II.
#[derive(Default)]
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    state: [f64; 2],
}

impl Biquad {
    /// `frequency` is a share of the sample rate.
    fn low_pass(frequency: f64, quality: f64) -> Self {
        let cosine = (TAU * frequency).cos();
        Self::new([(1.0 - cosine) / 2.0, 1.0 - cosine, (1.0 - cosine) / 2.0], frequency, quality)
    }

    fn high_pass(frequency: f64, quality: f64) -> Self {
        let cosine = (TAU * frequency).cos();
        Self::new([(1.0 + cosine) / 2.0, -1.0 - cosine, (1.0 + cosine) / 2.0], frequency, quality)
    }

    fn new(b: [f64; 3], frequency: f64, quality: f64) -> Self {
        let (sine, cosine) = (TAU * frequency).sin_cos();
        let alpha = sine / (2.0 * quality);
        let a = [-2.0 * cosine / (1.0 + alpha), (1.0 - alpha) / (1.0 + alpha)];
        Self { b: b.map(|b| b / (1.0 + alpha)), a, state: [0.0; 2] }
    }

    fn next(&mut self, input: f64) -> f64 {
        let output = self.b[0] * input + self.state[0];
        self.state[0] = self.b[1] * input - self.a[0] * output + self.state[1];
        self.state[1] = self.b[2] * input - self.a[1] * output;
        output
    }
}
