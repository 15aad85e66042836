//! Bands of a spectrum that are evenly wide to the ear.

use std::ops::Range;

/// Lowest frequency that is looked at, in Hz: below the lowest note that a club's speakers play.
pub(super) const LOWEST_HZ: f64 = 30.0;
/// Highest frequency that is looked at, in Hz; lossy codecs keep little above it.
pub(super) const HIGHEST_HZ: f64 = 16_000.0;

/// Bands of one width in octaves from [`LOWEST_HZ`] to [`HIGHEST_HZ`], or to the highest frequency that there is.
///
/// A bin counts for a band by the part of it that lies inside, so narrow bands low down are never empty.
#[derive(Debug, Clone)]
pub(super) struct Bands(Vec<Band>);

#[derive(Debug, Clone)]
struct Band {
    bins: Range<usize>,
    /// The parts of the first and of the last bin that lie inside; those between lie inside wholly.
    ends: [f32; 2],
}

impl Bands {
    /// `count` bands over the `size / 2 + 1` bins of a transform of `size` frames at `rate` Hz.
    pub fn new(count: usize, rate: f64, size: usize) -> Self {
        let bin = |band: usize| edge(band as f64, count, rate) * size as f64 / rate;
        Self((0..count).map(|band| Band::between(bin(band), bin(band + 1), size / 2)).collect())
    }

    /// Sums the powers of the bins into `out`, one sum a band.
    pub fn sum(&self, power: &[f32], out: &mut [f32]) {
        for (band, out) in self.0.iter().zip(out) {
            *out = band.sum(power);
        }
    }
}

/// Where band `band` of `count` begins, in Hz; a half is its middle.
fn edge(band: f64, count: usize, rate: f64) -> f64 {
    LOWEST_HZ * (HIGHEST_HZ.min(rate / 2.0) / LOWEST_HZ).powf(band / count as f64)
}

/// The middle of band `band` of `count`, in Hz.
pub(super) fn centre(band: usize, count: usize, rate: f64) -> f64 {
    edge(band as f64 + 0.5, count, rate)
}

impl Band {
    /// The band between two frequencies, counted in bins; bin `k` reaches from `k - 1/2` to `k + 1/2`.
    fn between(low: f64, high: f64, last_bin: usize) -> Self {
        let first = ((low + 0.5).floor() as usize).min(last_bin);
        let last = ((high + 0.5).ceil() as usize).saturating_sub(1).clamp(first, last_bin);
        let part = |bin: usize| (high.min(bin as f64 + 0.5) - low.max(bin as f64 - 0.5)).max(0.0) as f32;
        Self { bins: first..last + 1, ends: [part(first), part(last)] }
    }

    fn sum(&self, power: &[f32]) -> f32 {
        match &power[self.bins.clone()] {
            [] => 0.0,
            [only] => self.ends[0] * only,
            [first, between @ .., last] => self.ends[0] * first + between.iter().sum::<f32>() + self.ends[1] * last,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_add_up_to_what_lies_between_the_ends() {
        for (rate, size) in [(44_100.0, 2_048), (44_100.0, 32_768), (22_050.0, 1_024), (48_000.0, 2_048)] {
            for count in [4, 16, 32] {
                let mut out = vec![0.0; count];
                Bands::new(count, rate, size).sum(&vec![1.0; size / 2 + 1], &mut out);
                let bins = (HIGHEST_HZ.min(rate / 2.0) - LOWEST_HZ) * size as f64 / rate;
                let sum = out.iter().map(|&sum| f64::from(sum)).sum::<f64>();
                // At half the rate the last bin lies half outside.
                assert!((sum - bins).abs() < 0.51, "{count} bands of {size} at {rate}: {sum} and {bins}");
                assert!(out.iter().all(|&sum| sum > 0.0), "no band is empty: {out:?}");
            }
        }
    }

    #[test]
    fn strange_rates_and_sizes_give_bands() {
        for (rate, size) in [(1_000.0, 32), (768_000.0, 65_536), (1_000.0, 1_024)] {
            let mut out = vec![f32::NAN; 32];
            Bands::new(32, rate, size).sum(&vec![1.0; size / 2 + 1], &mut out);
            assert!(out.iter().all(|sum| sum.is_finite()), "{size} at {rate}: {out:?}");
        }
    }
}
