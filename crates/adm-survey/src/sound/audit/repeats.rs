//! Whether a passage comes again.
//!
//! Music that is made of recorded or generated beats may play one twice, and then a sound minus itself, shifted, leaves its dither
//! alone. Passages are looked for in the whole sound at a low rate, by correlation, and the best places are held against them at
//! the full one.

use realfft::num_complex::Complex64;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// Passages that are looked for.
const PASSAGES: usize = 8;
/// Frames of a passage: 93 ms at 44,100 Hz, a fifth of a beat.
const LENGTH: usize = 4_096;
/// Frames that become one while places are looked for.
const STRIDE: usize = 16;
/// Places of each passage that are held against it.
const PLACES: usize = 3;
/// A passage with less than this mean square, in steps of 16 bits squared, has nothing that could come again: −50 dBFS.
const QUIET: f64 = 10_000.0;

/// How exactly the passage that comes again most exactly does so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Repeat {
    /// Mean square of what differs, in steps of 16 bits squared. Two dithers leave 0.5.
    pub rest: f64,
    /// Mean square of the passage itself.
    pub power: f64,
}

/// The most exact repeat in interleaved steps of 16 bits, measured by what differs over the passage; none where a sound is too
/// short or too quiet.
pub(super) fn best(steps: &[i16], channels: usize) -> Option<Repeat> {
    let frames = steps.len() / channels;
    let last = frames.checked_sub(LENGTH).filter(|last| *last > LENGTH)?;
    let coarse = Coarse::of(steps, channels);
    let passages = (0..PASSAGES).map(|index| (2 * index + 1) * last / (2 * PASSAGES) / STRIDE * STRIDE);
    let loud = passages.map(|start| (start, power(window(steps, channels, start)))).filter(|(_, power)| *power > QUIET);
    let each = loud.flat_map(|(start, power)| {
        let places = coarse.places(start / STRIDE);
        places.into_iter().map(move |place| Repeat { rest: rest(steps, channels, start, place * STRIDE), power })
    });
    each.min_by(|a, b| (a.rest / a.power).total_cmp(&(b.rest / b.power)))
}

fn window(steps: &[i16], channels: usize, start: usize) -> &[i16] {
    steps.get(start * channels..(start + LENGTH) * channels).unwrap_or_default()
}

fn power(steps: &[i16]) -> f64 {
    steps.iter().map(|&step| f64::from(step).powi(2)).sum::<f64>() / steps.len().max(1) as f64
}

/// The mean square of what a passage differs by from the most similar one within a stride of a place.
fn rest(steps: &[i16], channels: usize, start: usize, place: usize) -> f64 {
    let passage = window(steps, channels, start);
    let difference = |at: usize| {
        let other = window(steps, channels, at);
        let square = |(&a, &b): (&i16, &i16)| i64::from(i32::from(a) - i32::from(b)).pow(2);
        let sum = passage.iter().zip(other).map(square).sum::<i64>() as f64;
        if other.len() == passage.len() { sum / passage.len() as f64 } else { f64::INFINITY }
    };
    (place.saturating_sub(STRIDE)..=place + STRIDE).map(difference).fold(f64::INFINITY, f64::min)
}

/// A sound at a low rate, and its spectrum.
struct Coarse {
    samples: Vec<f64>,
    /// Sums of squares up to each sample.
    energy: Vec<f64>,
    spectrum: Vec<Complex64>,
    forward: Arc<dyn RealToComplex<f64>>,
    inverse: Arc<dyn ComplexToReal<f64>>,
}

impl Coarse {
    fn of(steps: &[i16], channels: usize) -> Self {
        let mean = |steps: &[i16]| steps.iter().map(|&step| f64::from(step)).sum::<f64>() / steps.len() as f64;
        let samples: Vec<f64> = steps.chunks_exact(STRIDE * channels).map(mean).collect();
        let sums = samples.iter().scan(0.0, |sum, x| {
            *sum += x * x;
            Some(*sum)
        });
        let energy = std::iter::once(0.0).chain(sums).collect();
        let size = (samples.len() + LENGTH / STRIDE).next_power_of_two();
        let mut planner = RealFftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(size), planner.plan_fft_inverse(size));
        let spectrum = transformed(&samples, &*forward);
        Self { samples, energy, spectrum, forward, inverse }
    }

    /// Where what begins at a sample comes again most probably, the best first; what overlaps the passage itself is left out.
    fn places(&self, start: usize) -> Vec<usize> {
        let length = LENGTH / STRIDE;
        let alike = self.alike(&self.samples[start..start + length]);
        let value = |at: usize| alike.get(at).copied().unwrap_or(0.0);
        let is_peak = |at: &usize| value(*at) > value(at.wrapping_sub(1)) && value(*at) >= value(at + 1);
        let mut places: Vec<usize> =
            (0..alike.len()).filter(|at| at.abs_diff(start) >= length).filter(is_peak).collect();
        places.sort_by(|&a, &b| value(b).total_cmp(&value(a)));
        places.truncate(PLACES);
        places
    }

    /// How like a passage is what begins at each sample: their correlation over the other's level.
    fn alike(&self, passage: &[f64]) -> Vec<f64> {
        let spectrum = transformed(passage, &*self.forward);
        let mut product: Vec<Complex64> = self.spectrum.iter().zip(&spectrum).map(|(x, y)| x * y.conj()).collect();
        let mut correlation = self.inverse.make_output_vec();
        // Lengths are the plans' own, and a product of two real signals' spectra is one's.
        let _ = self.inverse.process(&mut product, &mut correlation);
        let energy = self.energy.iter().zip(&self.energy[passage.len()..]).map(|(from, to)| (to - from).max(1.0));
        correlation.iter().zip(energy).map(|(sum, energy)| sum / energy.sqrt()).collect()
    }
}

fn transformed(samples: &[f64], fft: &dyn RealToComplex<f64>) -> Vec<Complex64> {
    let (mut input, mut spectrum) = (fft.make_input_vec(), fft.make_output_vec());
    input.iter_mut().zip(samples).for_each(|(input, sample)| *input = *sample);
    // Lengths are the plan's own.
    let _ = fft.process(&mut input, &mut spectrum);
    spectrum
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Seeds;
    use adm_core::seeds::RngExt;

    /// Noise in stereo, in steps of 16 bits.
    fn noise(seed: u64, frames: usize) -> Vec<f64> {
        let mut random = Seeds::new(seed).stream("test repeats", 0);
        (0..2 * frames).map(|_| (random.random::<f64>() - 0.5) * 8_000.0).collect()
    }

    /// Rounded with dither of two uniform numbers.
    fn rounded(samples: &[f64]) -> Vec<i16> {
        let mut random = Seeds::new(9).stream("test dither", 0);
        samples.iter().map(|x| (x + random.random::<f64>() - random.random::<f64>()).round() as i16).collect()
    }

    #[test]
    fn a_passage_that_comes_again_leaves_two_dithers_wherever_it_does() {
        for shift in [20_354, 20_353, 61_063, 100_001] {
            let mut samples = noise(1, 200_000);
            // A beat in the middle comes again, and nothing else does.
            samples.copy_within(2 * 85_000..2 * 105_354, 2 * (85_000 + shift).min(179_646));
            let found = best(&rounded(&samples), 2).unwrap();
            assert!((found.rest - 0.5).abs() < 0.1, "{shift}: {found:?}");
        }
        let found = best(&rounded(&noise(1, 200_000)), 2).unwrap();
        assert!(found.rest > found.power, "{found:?}");
    }

    #[test]
    fn what_comes_again_a_little_changed_leaves_the_change() {
        let mut samples = noise(1, 100_000);
        let (first, second) = samples.split_at_mut(100_000);
        second.iter_mut().zip(first).for_each(|(new, old)| *new = 0.9 * *old);
        let found = best(&rounded(&samples), 2).unwrap();
        assert!((10.0 * (found.rest / found.power).log10() + 20.0).abs() < 1.5, "{found:?}");
    }

    #[test]
    fn short_and_quiet_sounds_have_no_passage() {
        for frames in [0, 1, LENGTH, 2 * LENGTH] {
            assert_eq!(best(&vec![5_000; frames], 1), None, "{frames}");
        }
        assert_eq!(best(&vec![3; 200_000], 2), None);
        assert!(best(&vec![5_000; 200_000], 2).is_some());
    }
}
