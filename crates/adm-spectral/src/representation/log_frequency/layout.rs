//! Where the bands of a slice lie: its padded length, the slope of the curve and the overlap that fit.

use super::LogFrequencyConfig;
use crate::error::SpectralError;
use crate::representation::curve::Curve;
use adm_core::SampleRate;

/// The gap between the slice's end and its beginning, at least this share of the slice.
const GAP: f64 = 1.0 / 32.0;

/// Least overlap of neighbouring bands, as a share of a band's width, that still counts as one.
const LEAST_OVERLAP: f64 = 0.05;

/// Lengths and widths of a transform whose every band fits into its frames.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Samples of the slice with its gap: a multiple of twice the frames.
    pub padded: usize,
    /// Edges and centres of the bands in bins of the FFT over all padded samples.
    pub curve: Curve,
    /// What neighbouring bands share, as a share of the narrower one's width.
    pub overlap: f64,
}

impl Layout {
    /// The narrowest low bands and the widest overlap, up to the settings', with which every band fits.
    ///
    /// # Errors
    /// A slice too long for these bins and frames, however the bands lie.
    pub fn new(config: &LogFrequencyConfig, slice_frames: usize, rate: SampleRate) -> Result<Self, SpectralError> {
        let &LogFrequencyConfig { bins, frames, .. } = config;
        let padded = padded_length(slice_frames, bins, frames);
        let (linear, room) = (padded as f64 / 2.0, room(padded, bins, frames));
        if room < (1.0 + LEAST_OVERLAP).powi(2) {
            return Err(too_long(config, slice_frames, rate));
        }
        // Half of the room, in octaves, goes to the overlap and half to the bands' growth.
        let overlap = f64::from(config.overlap).min(room.sqrt() - 1.0);
        let widest = usable(frames) / (1.0 + overlap);
        let lowest = f64::from(config.lowest_width) * padded as f64 / rate.as_f64();
        let slope = slope(linear, bins as f64, widest).max(lowest).max(1.0).min(linear / bins as f64);
        Ok(Self { padded, curve: Curve { linear, bins: bins as f64, slope }, overlap })
    }

    /// The edge between band `index - 1` and band `index`, and half of the transition around it, in FFT bins. Band 0 is
    /// DC's, the last one Nyquist's, which lie half beyond the spectrum.
    pub fn edge(&self, index: usize) -> (f64, f64) {
        let at = |x: f64| self.curve.growing(x.clamp(0.0, self.curve.bins));
        let edge = |index: f64| at(index - 0.5);
        let width = |band: f64| match band {
            0.0 => 2.0 * at(0.5),
            band if band == self.curve.bins => 2.0 * (at(band) - at(band - 0.5)),
            band => edge(band + 1.0) - edge(band),
        };
        let narrower = width(index as f64 - 1.0).min(width(index as f64));
        (edge(index as f64), 0.5 * self.overlap * narrower)
    }

    /// The bin nearest to the middle of a band.
    pub fn centre(&self, band: usize) -> usize {
        self.curve.growing(band as f64).round() as usize
    }
}

/// Bins that a band may have: rounding to whole bins may add two.
fn usable(frames: usize) -> f64 {
    frames.saturating_sub(2) as f64
}

/// How many times wider than bands of one width each a band may be.
fn room(padded: usize, bins: usize, frames: usize) -> f64 {
    usable(frames) / (padded as f64 / 2.0 / bins as f64)
}

/// The least slope at which the widest band, which is Nyquist's, spans at most `widest` bins.
fn slope(linear: f64, bins: f64, widest: f64) -> f64 {
    let span = |slope: f64| {
        let curve = Curve { linear, bins, slope };
        2.0 * (curve.growing(bins) - curve.growing(bins - 0.5))
    };
    let (mut low, mut high) = (0.0, linear / bins);
    if span(low) <= widest {
        return low;
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if span(middle) <= widest { high = middle } else { low = middle }
    }
    high
}

/// The slice and its gap, and four FFT bins for each of the tensor's, as the next length that is a multiple of twice the
/// frames and falls apart into small primes.
fn padded_length(slice_frames: usize, bins: usize, frames: usize) -> usize {
    let least = (slice_frames as f64 * (1.0 + GAP)).ceil() as usize;
    let mut pairs = least.max(8 * bins).div_ceil(2 * frames);
    while !is_smooth(pairs) {
        pairs += 1;
    }
    2 * frames * pairs
}

/// Whether a number has no prime factor above 7.
fn is_smooth(number: usize) -> bool {
    let strip = |mut number: usize, prime: usize| {
        while number.is_multiple_of(prime) {
            number /= prime;
        }
        number
    };
    [2, 3, 5, 7].into_iter().fold(number, strip) == 1
}

/// The error of a slice too long for its settings, with the settings that would do.
fn too_long(config: &LogFrequencyConfig, slice_frames: usize, rate: SampleRate) -> SpectralError {
    let &LogFrequencyConfig { bins, frames, .. } = config;
    let fits = |bins: usize, frames: usize| {
        room(padded_length(slice_frames, bins, frames), bins, frames) >= (1.0 + LEAST_OVERLAP).powi(2)
    };
    // The products of bins and frames that do are nearly the same, and these lie below all of them.
    let (from_frames, from_bins) = (slice_frames / 2 / bins, slice_frames / 2 / frames);
    SpectralError::BandsTooWide {
        slice_frames,
        rate,
        bins,
        frames,
        enough_frames: (from_frames.max(2)..).find(|&frames| fits(bins, frames)).unwrap_or(usize::MAX),
        enough_bins: (from_bins.max(4)..).find(|&bins| fits(bins, frames)).unwrap_or(usize::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_as_wide_as_the_book_says() {
        // docs/representations.md, "How narrow log-frequency is": frames of the slice, rate, bins, frames, lowest and highest Hz.
        for (slice_frames, hz, bins, frames, lowest, highest) in [
            (20_354, 44_100, 256, 256, 51.0, 340.0),
            (20_354, 44_100, 256, 512, 20.0, 596.0),
            (10_177, 22_050, 256, 256, 20.0, 198.0),
            (10_177, 22_050, 128, 128, 71.0, 168.0),
            (96_000, 96_000, 256, 256, 183.0, 213.0),
        ] {
            let config = LogFrequencyConfig { bins, frames, ..Default::default() };
            let layout = Layout::new(&config, slice_frames, SampleRate::new(hz).unwrap()).unwrap();
            let width =
                |band: usize| (layout.edge(band + 1).0 - layout.edge(band).0) * f64::from(hz) / layout.padded as f64;
            assert_eq!((width(1).round(), width(bins - 1).round()), (lowest, highest), "{slice_frames} at {hz} Hz");
        }
    }
}
