//! One end for all spectra.
//!
//! A dull sound does not end at once: its spectrum begins to fall somewhere, and music stands out of the noise for an octave more. Were
//! all ended there, the dull ones would be known by their slope. So the common end is laid below the frequency at which the dullest
//! spectrum begins to fall.
//!
//! The common filter falls too. The louder a sound is at the end, the further up its slope is seen; so the end is laid lower until
//! every sound, filtered and with the dither that it is going to have, ends at the filter's slope.

use super::Sounds;
use super::filter::LowPass;
use super::format::Format;
use super::level::factor;
use super::spectrum::Spectrum;
use super::wav::DITHER;
use crate::study::{Bandwidth, SoundSpec};
use rayon::prelude::*;

/// Share of half the sample rate up to which stimuli reach at most: above it resamplers leave their own edges, and nobody hears
/// it at usual rates.
const HIGHEST: f64 = 0.97;
/// The lowest end in Hz that the dullest sound sets. A bass alone shall not make a test of basses.
const LOWEST: f64 = 1_000.0;
/// Width in Hz of the band in which the filter falls. A narrower one rings longer; in a wider one what has more treble reaches
/// further.
const FALL: f64 = 150.0;
/// How much lower the end is laid at a time.
const STEP: f64 = 0.97;
/// How often at most: to five sixths. Where no end makes all alike, the one that comes nearest to it is taken.
const TURNS: usize = 7;
/// How far below the frequency at which a spectrum falls steeply it may be said not to fall at all: half as far as it still stands out
/// above that, since what falls slowly begins slowly, but no more than this share of the frequency.
const ONSET: f64 = 0.25;
/// Share of a band by which an edge that is computed may miss it.
const ROUNDING: f64 = 1e-9;

/// The end of all spectra in Hz, and which sound decides on it.
pub(super) fn end(settings: &SoundSpec, sounds: &Sounds<'_>, format: &Format) -> (Option<f64>, Option<usize>) {
    let highest = HIGHEST * format.rate.as_f64() / 2.0;
    match settings.bandwidth {
        Bandwidth::AsItIs => (None, None),
        Bandwidth::Hz(hz) => (Some(in_a_band(hz.min(highest), format)), None),
        Bandwidth::Lowest => {
            let dullest = sounds.unfallen.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
            let dullest = dullest.filter(|&(_, &hz)| hz < highest);
            let first = dullest.map_or(highest, |(_, &hz)| hz.max(LOWEST.min(highest)));
            (Some(common(first, settings, sounds, format)), dullest.map(|(index, _)| index))
        }
    }
}

/// The highest end from `first` downwards at which all sounds end alike.
fn common(first: f64, settings: &SoundSpec, sounds: &Sounds<'_>, format: &Format) -> f64 {
    let lowest = LOWEST.min(first);
    let ends = std::iter::successors(Some(first), |end| (*end > lowest).then_some((end * STEP).max(lowest)));
    let (mut best, mut least) = (in_a_band(first, format), f64::INFINITY);
    for end in ends.take(TURNS).map(|end| in_a_band(end, format)) {
        let apart = apart(end, settings, sounds, format);
        if apart < least {
            (best, least) = (end, apart);
        }
        if least == 0.0 {
            break;
        }
    }
    best
}

/// By how many Hz sounds that were filtered end apart.
fn apart(end: f64, settings: &SoundSpec, sounds: &Sounds<'_>, format: &Format) -> f64 {
    let filter = low_pass(end, format);
    let places: Vec<usize> = (0..sounds.shaped.len()).collect();
    let filtered = |&at: &usize| {
        let samples = filter.apply(&sounds.shaped[at], format.channels, format.wraps);
        let dither = DITHER / factor(settings.loudness - sounds.loudness[at].integrated_lufs).powi(2);
        Spectrum::of(&samples, format.channels, format.rate).with_noise(dither).bandwidth()
    };
    let found: Vec<f64> = places.par_iter().map(filtered).collect();
    let ends = found.iter().fold([f64::INFINITY, 0.0], |[low, high]: [f64; 2], &hz| [low.min(hz), high.max(hz)]);
    (ends[1] - ends[0]).max(0.0)
}

/// The highest end of a band that is not above an end. The filter's slope lies within the band then, wherever on it a sound that is
/// more or less loud passes its noise; so all end in one band.
fn in_a_band(end: f64, format: &Format) -> f64 {
    let width = Spectrum::width(format.rate);
    (end / width + ROUNDING).floor().max(1.0) * width
}

/// Up to which frequency in Hz a spectrum has not begun to fall.
pub(super) fn unfallen(spectrum: &Spectrum) -> f64 {
    let (end, knee) = (spectrum.bandwidth(), spectrum.knee());
    knee - ((end - knee) / 2.0).min(ONSET * knee)
}

/// The low-pass that ends a spectrum: it begins to fall a little below, so that nothing is left at the end itself.
pub(super) fn low_pass(end: f64, format: &Format) -> LowPass {
    LowPass::between_frames((end - FALL).max(end / 2.0), end, format.rate)
}
