//! Levels over frequency, and where a spectrum ends.

use adm_core::SampleRate;
use realfft::RealFftPlanner;
use std::f64::consts::TAU;

/// Width of a transform's bin is at most this, in Hz.
const BIN: f64 = 12.0;
/// Bins of a band: 86 Hz at 44,100 Hz.
const BINS: usize = 8;
/// One frame in so many is left out of a band's mean, the loudest ones: a click has every frequency and says nothing of what
/// the music has.
const TRIMMED: usize = 50;
/// Bands up to an edge of which half must stand out: a whistle, which leaks into three or four, is no bandwidth.
const NEIGHBOURS: usize = 12;
/// How far above the quietest band music stands out, in dB.
const ABOVE_FLOOR: f64 = 10.0;
/// What is so far below the loudest band is nobody's music, in dB.
const DEEPEST: f64 = -90.0;
/// What is not as far below the loudest band is music, whatever the quietest band is: music may fall by so much towards its
/// highest frequencies without ever ending.
const SHALLOWEST: f64 = -60.0;
/// Where a spectrum's own trend is looked for below a frequency, in octaves.
const TREND: [f64; 2] = [1.0 / 3.0, 1.0 / 12.0];
/// How far a spectrum lies below its trend where it falls steeply, in dB: with about a fifth of an octave between the two, some 25 dB
/// an octave. Music falls by half of that.
const STEEP: f64 = 5.0;
/// Bands whose middle level is looked at.
const MIDDLE: usize = 3;
/// The lowest band that a spectrum can begin to fall in: below, an octave's third has too few bands for a trend.
const LOWEST: usize = 12;
/// Share of half the sample rate up to which a floor is looked for; above it resamplers cut.
const BELOW_NYQUIST: f64 = 0.98;

/// Mean power in bands of equal width, of all channels together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spectrum {
    /// Width of a band in Hz.
    pub width: f64,
    /// Mean square of each band in dB of full scale. Band `i` reaches from `i` to `i + 1` widths.
    pub levels: Vec<f64>,
}

impl Spectrum {
    /// Of interleaved samples: Hann windows that overlap by half, the loudest of which are left out, band by band.
    pub fn of(samples: &[f32], channels: usize, rate: SampleRate) -> Self {
        let size = size(rate).min(prior_power(samples.len() / channels));
        let rows = powers(samples, channels, size);
        let bands = (size / 2).div_ceil(BINS).max(1);
        let levels = (0..bands).map(|band| 10.0 * trimmed_mean(rows.iter().map(|row| row[band])).max(1e-30).log10());
        Self { width: rate.as_f64() / size as f64 * BINS as f64, levels: levels.collect() }
    }

    /// Width of a band in Hz at a rate, of sounds that are no shorter than a window.
    pub fn width(rate: SampleRate) -> f64 {
        rate.as_f64() / size(rate) as f64 * BINS as f64
    }

    /// The same with white noise of a mean square added to it.
    pub fn with_noise(mut self, power: f64) -> Self {
        let each = power / self.levels.len() as f64;
        self.levels.iter_mut().for_each(|level| *level = 10.0 * (10f64.powf(*level / 10.0) + each).log10());
        self
    }

    /// The highest frequency in Hz that stands out of the noise; the upper edge of its band.
    pub fn bandwidth(&self) -> f64 {
        let usable = (((self.levels.len() as f64) * BELOW_NYQUIST) as usize).clamp(1, self.levels.len());
        let loudest = self.levels.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let floor = self.levels[..usable].iter().copied().fold(f64::INFINITY, f64::min);
        let threshold = (floor + ABOVE_FLOOR).clamp(loudest + DEEPEST, loudest + SHALLOWEST);
        let stands_out = |band: &usize| self.levels[*band] > threshold;
        let is_edge = |band: &usize| {
            let below = band.saturating_sub(NEIGHBOURS - 1)..band + 1;
            stands_out(band) && 2 * below.clone().filter(stands_out).count() >= below.len()
        };
        let bands = 0..self.levels.len();
        let highest = bands.clone().rfind(is_edge).or_else(|| bands.clone().rfind(stands_out));
        (highest.map_or(0, |band| band + 1) as f64 * self.width).min(self.levels.len() as f64 * self.width)
    }

    /// The frequency in Hz at which a spectrum begins to fall steeply, against its own trend, towards its end; the end itself where it
    /// does not. That is where a low-pass begins to take effect, which may be an octave below where it has taken everything.
    pub fn knee(&self) -> f64 {
        let end = self.bandwidth();
        let last = ((end / self.width).round() as usize).min(self.levels.len()).saturating_sub(1);
        let falls = |band: &usize| {
            let at = |octaves: f64| *band as f64 * (-octaves).exp2();
            let trend = median(&self.levels[at(TREND[0]) as usize..at(TREND[1]).ceil() as usize]);
            trend - median(&self.levels[band + 1 - MIDDLE..=*band]) >= STEEP
        };
        let steep = (LOWEST..=last).rev().take_while(falls).last();
        steep.map_or(end, |band| band as f64 * self.width)
    }

    /// Mean square of all from `low` to `high` Hz, in dB of full scale, by whole bands.
    pub fn between(&self, low: f64, high: f64) -> f64 {
        let band = |hz: f64| ((hz / self.width).round() as usize).min(self.levels.len());
        let levels = self.levels.get(band(low)..band(high)).unwrap_or_default();
        10.0 * levels.iter().map(|level| 10f64.powf(level / 10.0)).sum::<f64>().max(1e-30).log10()
    }
}

/// Frames of a window.
fn size(rate: SampleRate) -> usize {
    ((rate.as_f64() / BIN) as usize).next_power_of_two()
}

/// The largest power of two that is not above `n`, 16 at least.
fn prior_power(n: usize) -> usize {
    (n.max(16) / 2 + 1).next_power_of_two()
}

/// For each window, the mean square of each band.
fn powers(samples: &[f32], channels: usize, size: usize) -> Vec<Vec<f64>> {
    let fft = RealFftPlanner::<f64>::new().plan_fft_forward(size);
    let window: Vec<f64> = (0..size).map(|n| 0.5 - 0.5 * (TAU * n as f64 / size as f64).cos()).collect();
    let norm = 2.0 / (size as f64 * window.iter().map(|w| w * w).sum::<f64>());
    let (mut input, mut spectrum) = (fft.make_input_vec(), fft.make_output_vec());
    let frames = samples.len() / channels;
    let starts = (0..=frames.saturating_sub(size)).step_by(size / 2);
    let row = |start: usize| {
        let mut row = vec![0.0; (size / 2).div_ceil(BINS).max(1)];
        for channel in 0..channels {
            for (n, (value, weight)) in input.iter_mut().zip(&window).enumerate() {
                *value = samples.get((start + n) * channels + channel).map_or(0.0, |&x| f64::from(x) * weight);
            }
            // Lengths are the plan's own.
            let _ = fft.process(&mut input, &mut spectrum);
            for (bin, value) in spectrum.iter().take(size / 2).enumerate() {
                row[bin / BINS] += norm * value.norm_sqr() / channels as f64;
            }
        }
        row
    };
    starts.map(row).collect()
}

fn median(levels: &[f64]) -> f64 {
    let mut levels = levels.to_vec();
    levels.sort_by(f64::total_cmp);
    levels.get(levels.len() / 2).copied().unwrap_or(f64::NEG_INFINITY)
}

fn trimmed_mean(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let dropped = (values.len() / TRIMMED).max(2).min(values.len() / 4);
    let kept = &values[..values.len() - dropped];
    kept.iter().sum::<f64>() / kept.len().max(1) as f64
}

#[cfg(test)]
mod tests;
