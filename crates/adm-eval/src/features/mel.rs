//! A mel filterbank on Slaney's scale ("Auditory Toolbox", Interval technical report 1998-010): evenly spaced up to
//! 1 kHz, logarithmically above. The triangles are 1 high, so that a band's value is the power within it and neighbouring
//! bands add up to the whole.

/// Mels up to 1 kHz: one for each 200/3 Hz.
const HZ_PER_MEL: f64 = 200.0 / 3.0;

/// Where the scale turns logarithmic, in Hz and mels.
const BREAK_HZ: f64 = 1_000.0;
const BREAK_MEL: f64 = BREAK_HZ / HZ_PER_MEL;

/// Mels above the break for a factor of 6.4 in frequency.
const MELS_PER_FACTOR: f64 = 27.0;
const FACTOR: f64 = 6.4;

/// Frequency to mels.
pub fn hz_to_mel(hz: f64) -> f64 {
    if hz < BREAK_HZ { hz / HZ_PER_MEL } else { BREAK_MEL + (hz / BREAK_HZ).ln() / FACTOR.ln() * MELS_PER_FACTOR }
}

/// Mels to frequency.
pub fn mel_to_hz(mel: f64) -> f64 {
    if mel < BREAK_MEL { mel * HZ_PER_MEL } else { BREAK_HZ * FACTOR.powf((mel - BREAK_MEL) / MELS_PER_FACTOR) }
}

/// A bank of mel filters over the bins of a Fourier transform.
#[derive(Debug, Clone)]
pub struct MelBank {
    bands: Vec<Band>,
    bins: usize,
}

/// The bins in which one triangle is above zero.
#[derive(Debug, Clone)]
struct Band {
    start: usize,
    weights: Vec<f32>,
}

impl MelBank {
    /// `bands` triangles from `low_hz` to `high_hz` over the `fft_size/2 + 1` bins of a transform at `rate` Hz.
    pub fn new(rate: f64, fft_size: usize, bands: usize, low_hz: f64, high_hz: f64) -> Self {
        let (low, high) = (hz_to_mel(low_hz), hz_to_mel(high_hz));
        let edge = |index: usize| mel_to_hz(low + (high - low) * index as f64 / (bands + 1) as f64);
        let bins = fft_size / 2 + 1;
        let bin_hz = |bin: usize| bin as f64 * rate / fft_size as f64;
        let band = |index: usize| Band::new([edge(index), edge(index + 1), edge(index + 2)], bins, bin_hz);
        Self { bands: (0..bands).map(band).collect(), bins }
    }

    /// Bins that [`Self::apply`] expects.
    pub fn bins(&self) -> usize {
        self.bins
    }

    /// Sums `power` (one value a bin) into `out` (one value a band).
    pub fn apply(&self, power: &[f32], out: &mut [f32]) {
        for (band, out) in self.bands.iter().zip(out) {
            let inside = power.iter().skip(band.start);
            *out = band.weights.iter().zip(inside).map(|(weight, power)| weight * power).sum();
        }
    }
}

impl Band {
    fn new([left, centre, right]: [f64; 3], bins: usize, bin_hz: impl Fn(usize) -> f64) -> Self {
        let weight = |bin: usize| {
            let hz = bin_hz(bin);
            let triangle = ((hz - left) / (centre - left)).min((right - hz) / (right - centre)).max(0.0);
            triangle as f32
        };
        let start = (0..bins).find(|&bin| weight(bin) > 0.0).unwrap_or(bins);
        let weights = (start..bins).map(weight).take_while(|&weight| weight > 0.0).collect();
        Self { start, weights }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_has_its_published_values_and_an_inverse() {
        assert!((hz_to_mel(60.0) - 0.9).abs() < 1e-12 && (mel_to_hz(3.0) - 200.0).abs() < 1e-12);
        assert!((hz_to_mel(6_400.0) - 42.0).abs() < 1e-12);
        for hz in [0.0, 440.0, 999.0, 1_000.0, 1_001.0, 16_000.0] {
            assert!((mel_to_hz(hz_to_mel(hz)) - hz).abs() < 1e-8, "{hz}");
        }
    }

    /// The same bank written as a full matrix, bin by bin and band by band.
    #[test]
    fn it_equals_a_full_matrix_over_swept_sizes() {
        for (rate, fft_size, bands) in [(22_050.0, 1_024, 40), (44_100.0, 2_048, 48), (48_000.0, 512, 20)] {
            let bank = MelBank::new(rate, fft_size, bands, 0.0, 10_000.0);
            let power: Vec<f32> = (0..bank.bins()).map(|bin| ((bin * 37 % 101) as f32) / 101.0).collect();
            let mut out = vec![0.0; bands];
            bank.apply(&power, &mut out);
            let top = hz_to_mel(10_000.0);
            for (band, &got) in out.iter().enumerate() {
                let edge = |step: usize| mel_to_hz(top * (band + step) as f64 / (bands + 1) as f64);
                let mut expected = 0.0;
                for (bin, &power) in power.iter().enumerate() {
                    let hz = bin as f64 * rate / fft_size as f64;
                    let (up, down) = ((hz - edge(0)) / (edge(1) - edge(0)), (edge(2) - hz) / (edge(2) - edge(1)));
                    expected += up.min(down).max(0.0) * f64::from(power);
                }
                assert!((f64::from(got) - expected).abs() < 1e-6 * (1.0 + expected), "band {band} of {bands}");
            }
        }
    }

    #[test]
    fn every_band_of_the_features_has_bins_of_its_own() {
        for (rate, fft_size) in [(22_050.0, 1_024), (44_100.0, 2_048), (96_000.0, 4_096)] {
            let bank = MelBank::new(rate, fft_size, 48, 0.0, f64::min(16_000.0, rate / 2.0));
            assert!(bank.bands.iter().all(|band| !band.weights.is_empty()), "{rate} Hz");
        }
    }
}
