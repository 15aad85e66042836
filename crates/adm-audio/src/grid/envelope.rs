//! A recording boiled down to two curves while it streams by.

use adm_core::SampleRate;
use std::f64::consts::{FRAC_1_SQRT_2, TAU};

/// Kicks are between these frequencies, in Hz; hats, claps and voices are above them.
const LOW_BAND: (f64, f64) = (35.0, 160.0);
/// The low band is filtered at about this rate, in Hz: high enough that a plain average will do to get down to it.
const FILTER_RATE: f64 = 4000.0;
/// Values of the low-band curve a second: 10 MiB for a recording of seven hours.
const LOW_RATE: f64 = 100.0;
/// Values of the level curve a second.
const LEVEL_RATE: f64 = 1000.0;
/// Most values of the level curve: an hour tells how far the attack is from the low-band rise for any longer recording.
const MOST_LEVELS: usize = 3_600_000;
/// Steps of the level curve in one decibel.
pub(super) const STEPS_PER_DB: f32 = 2.0;
/// The level that the curve calls 0, in dBFS.
const FLOOR_DB: f32 = -120.0;
/// Numbers at equal distances in time.
pub(super) struct Curve<T> {
    pub(super) values: Vec<T>,
    /// Seconds from one value to the next.
    pub(super) step: f64,
    /// Time of the first value in seconds.
    pub(super) start: f64,
}

/// Both curves of a recording, being made.
pub(super) struct Envelope {
    channels: usize,
    low: LowBand,
    /// Level of the first difference of the signal, which lifts attacks out of the bass, in `STEPS_PER_DB`.
    level: Curve<u8>,
    last: f32,
    energy: f32,
    count: usize,
    level_hop: usize,
}

impl Envelope {
    pub(super) fn new(rate: SampleRate, channels: usize) -> Self {
        let level_hop = (rate.as_f64() / LEVEL_RATE).round().max(1.0) as usize;
        let step = level_hop as f64 / rate.as_f64();
        let level = Curve { values: Vec::new(), step, start: step / 2.0 };
        Self { channels, low: LowBand::new(rate), level, last: 0.0, energy: 0.0, count: 0, level_hop }
    }

    /// Takes interleaved samples, shape `[frames, channels]`.
    pub(super) fn add(&mut self, samples: &[f32]) {
        let scale = 1.0 / self.channels as f32;
        for frame in samples.chunks_exact(self.channels) {
            let mono = frame.iter().sum::<f32>() * scale;
            self.add_level(mono);
            self.low.add(mono);
        }
    }

    fn add_level(&mut self, sample: f32) {
        let change = sample - self.last;
        self.last = sample;
        self.energy += change * change;
        self.count += 1;
        if self.count == self.level_hop {
            let decibels = 10.0 * (self.energy / self.count as f32).max(1e-30).log10();
            // The conversion saturates: whatever is out of range becomes the nearest level there is.
            if self.level.values.len() < MOST_LEVELS {
                self.level.values.push(((decibels - FLOOR_DB) * STEPS_PER_DB) as u8);
            }
            (self.energy, self.count) = (0.0, 0);
        }
    }

    /// The level curve, and how much the low band's level rises from one value to the next; falling counts as 0.
    ///
    /// The low band's level is `ln(1 + amplitude)` with the recording's own RMS as the unit: half compressed, so that a
    /// quiet intro still votes beside a loud drop, while a kick still counts for more than the bass note between two
    /// kicks.
    pub(super) fn finish(self) -> (Curve<u8>, Curve<f32>) {
        let Curve { mut values, step, start } = self.low.curve;
        let mean = values.iter().map(|&energy| f64::from(energy)).sum::<f64>() / values.len().max(1) as f64;
        let unit = 1.0 / (mean as f32).max(f32::MIN_POSITIVE);
        values.iter_mut().for_each(|value| *value = (unit * *value).sqrt().ln_1p());
        smooth(&mut values);
        for n in 1..values.len() {
            values[n - 1] = (values[n] - values[n - 1]).max(0.0);
        }
        values.pop();
        // A difference belongs between the two values it is made of.
        (self.level, Curve { values, step, start: start + step / 2.0 })
    }
}

/// A Hann window of 60 ms evens out the cycles of the band itself; being symmetric it moves nothing.
fn smooth(values: &mut [f32]) {
    const REACH: usize = 2;
    const WEIGHTS: [f32; 2 * REACH + 1] = [1.0 / 12.0, 0.25, 1.0 / 3.0, 0.25, 1.0 / 12.0];
    let mut window = [0.0; 2 * REACH + 1];
    for n in 0..values.len() + REACH {
        window.rotate_left(1);
        window[2 * REACH] = values.get(n).copied().unwrap_or(0.0);
        if let Some(value) = n.checked_sub(REACH).and_then(|n| values.get_mut(n)) {
            *value = window.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
        }
    }
}

/// Energy of the low band.
struct LowBand {
    curve: Curve<f32>,
    decimation: usize,
    sum: f32,
    summed: usize,
    filters: [Biquad; 3],
    hop: usize,
    energy: f64,
    count: usize,
}

impl LowBand {
    fn new(rate: SampleRate) -> Self {
        let decimation = (rate.as_f64() / FILTER_RATE).floor().max(1.0) as usize;
        let filter_rate = rate.as_f64() / decimation as f64;
        let hop = (filter_rate / LOW_RATE).round().max(1.0) as usize;
        let step = hop as f64 / filter_rate;
        // The two quality factors make a Butterworth low-pass of order 4.
        let filters = [
            Biquad::low_pass(LOW_BAND.1 / filter_rate, 0.541_196_1),
            Biquad::low_pass(LOW_BAND.1 / filter_rate, 1.306_563),
            Biquad::high_pass(LOW_BAND.0 / filter_rate, FRAC_1_SQRT_2),
        ];
        let curve = Curve { values: Vec::new(), step, start: step / 2.0 };
        Self { curve, decimation, sum: 0.0, summed: 0, filters, hop, energy: 0.0, count: 0 }
    }

    fn add(&mut self, sample: f32) {
        self.sum += sample;
        self.summed += 1;
        if self.summed == self.decimation {
            let average = f64::from(self.sum) / self.decimation as f64;
            (self.sum, self.summed) = (0.0, 0);
            self.add_decimated(average);
        }
    }

    fn add_decimated(&mut self, sample: f64) {
        let filtered = self.filters.iter_mut().fold(sample, |sample, filter| filter.next(sample));
        self.energy += filtered * filtered;
        self.count += 1;
        if self.count == self.hop {
            self.curve.values.push((self.energy / self.count as f64) as f32);
            (self.energy, self.count) = (0.0, 0);
        }
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
