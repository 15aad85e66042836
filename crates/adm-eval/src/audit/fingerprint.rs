//! A slice in a form in which two are compared at all shifts at once.

use super::spectrogram::{self, BANDS, Spectrograms};
use crate::EvalError;
use adm_core::{SampleRate, Seconds};
use rayon::prelude::*;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// Frequencies that are kept side by side, so that the processor's vector units are full.
pub(super) const LANES: usize = 16;

/// Weight of a band's mean level beside its course in time. At 1 beats of one song are alike by their timbre alone; at 0
/// a held chord has no fingerprint.
const TIMBRE_WEIGHT: f32 = 0.5;

/// What one slice sounds like, whatever its gain, its time shift and a tilt of its spectrum. Two are comparable when one
/// [`Fingerprinter`] made both. 8 kB for a beat, in proportion to the length of the slice above that.
#[derive(Debug, Clone, PartialEq)]
pub struct Fingerprint {
    /// Fourier transform over time of each band, scaled to an energy of 1; shape `[bins / LANES, BANDS, 2, LANES]`,
    /// real parts before imaginary ones.
    pub(super) values: Vec<f32>,
    /// Root mean square of the samples in dBFS.
    pub(super) level_db: f64,
    /// How long the slice lasts.
    pub(super) length: Seconds,
}

/// Turns slices of one rate and length into fingerprints; shared by all threads.
pub struct Fingerprinter {
    pictures: Spectrograms,
    over_time: Arc<dyn RealToComplex<f32>>,
    length: Seconds,
}

/// One thread's buffers.
struct Scratch {
    pictures: spectrogram::Scratch,
    picture: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    fft: Vec<Complex<f32>>,
}

impl Fingerprinter {
    /// A fingerprinter for slices of `frames` frames each at `rate`.
    ///
    /// # Errors
    /// [`EvalError::TooFew`] for slices shorter than a window of about 46 ms.
    pub fn new(rate: SampleRate, frames: usize) -> Result<Self, EvalError> {
        let pictures = Spectrograms::new(rate, frames)?;
        let over_time = RealFftPlanner::new().plan_fft_forward(pictures.steps());
        Ok(Self { pictures, over_time, length: Seconds(frames as f64 / rate.as_f64()) })
    }

    /// The fingerprint of one slice: interleaved samples, shape `[frames, channels]`, any number of channels. That of
    /// silence is like no other, not even itself.
    ///
    /// # Errors
    /// Another length than the fingerprinter was made for, or a sample that is not finite.
    pub fn fingerprint(&self, beat: &[f32], channels: usize) -> Result<Fingerprint, EvalError> {
        self.fingerprint_with(beat, channels, &mut self.scratch())
    }

    /// The fingerprints of many slices, each as in [`Self::fingerprint`], on all threads, in order.
    ///
    /// # Errors
    /// That of the first slice that has one.
    pub fn fingerprints<B>(&self, beats: &[B], channels: usize) -> Result<Vec<Fingerprint>, EvalError>
    where
        B: AsRef<[f32]> + Sync,
    {
        let make = |scratch: &mut Scratch, beat: &B| self.fingerprint_with(beat.as_ref(), channels, scratch);
        let made: Vec<Result<Fingerprint, EvalError>> = beats.par_iter().map_init(|| self.scratch(), make).collect();
        made.into_iter().collect()
    }

    fn scratch(&self) -> Scratch {
        Scratch {
            pictures: self.pictures.scratch(),
            picture: vec![0.0; BANDS * self.pictures.steps()],
            spectrum: self.over_time.make_output_vec(),
            fft: self.over_time.make_scratch_vec(),
        }
    }

    fn fingerprint_with(&self, beat: &[f32], channels: usize, scratch: &mut Scratch) -> Result<Fingerprint, EvalError> {
        self.check(beat, channels)?;
        self.pictures.fill(beat, channels, &mut scratch.picture, &mut scratch.pictures);
        balance(&mut scratch.picture, self.pictures.steps());
        let power = beat.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / beat.len() as f64;
        let values = self.transform(scratch);
        Ok(Fingerprint { values, level_db: 10.0 * power.max(f64::MIN_POSITIVE).log10(), length: self.length })
    }

    fn check(&self, beat: &[f32], channels: usize) -> Result<(), EvalError> {
        let expected = self.pictures.frames() * channels.max(1);
        if beat.len() != expected {
            return Err(EvalError::WrongShape { what: "the samples of a slice", expected, actual: beat.len() });
        }
        beat.iter().position(|sample| !sample.is_finite()).map_or(Ok(()), |index| Err(EvalError::NotFinite { index }))
    }

    /// The transform over time of each band, without the highest frequency, scaled to an energy of 1.
    fn transform(&self, scratch: &mut Scratch) -> Vec<f32> {
        let steps = self.pictures.steps();
        let mut values = vec![0.0; BANDS * steps];
        let mut energy = 0.0f64;
        for (band, course) in scratch.picture.chunks_exact_mut(steps).enumerate() {
            // The buffers were made by the plan itself, so their sizes are right.
            let _ = self.over_time.process_with_scratch(course, &mut scratch.spectrum, &mut scratch.fft);
            for (bin, value) in scratch.spectrum.iter().take(steps / 2).enumerate() {
                let at = (bin / LANES * BANDS + band) * 2 * LANES + bin % LANES;
                (values[at], values[at + LANES]) = (value.re, value.im);
                energy += f64::from(value.norm_sqr()) * if bin == 0 { 1.0 } else { 2.0 };
            }
        }
        // Flat pictures, and those of samples so large that their power is no number, are like nothing.
        let usable = energy.is_finite() && energy > f64::from(f32::EPSILON);
        let scale = energy.sqrt().recip() as f32;
        values.iter_mut().for_each(|value| *value = if usable { *value * scale } else { 0.0 });
        values
    }
}

/// Takes the mean and a straight tilt across the bands out of a picture, and weighs what is left of each band's mean level.
fn balance(picture: &mut [f32], steps: usize) {
    let means: Vec<f32> = picture.chunks_exact(steps).map(|course| course.iter().sum::<f32>() / steps as f32).collect();
    let place = |band: usize| band as f32 - (BANDS - 1) as f32 / 2.0;
    let mean = means.iter().sum::<f32>() / BANDS as f32;
    let spread: f32 = (0..BANDS).map(|band| place(band).powi(2)).sum();
    let slope = (0..BANDS).map(|band| place(band) * means[band]).sum::<f32>() / spread;
    for (band, course) in picture.chunks_exact_mut(steps).enumerate() {
        let timbre = means[band] - mean - slope * place(band);
        course.iter_mut().for_each(|level| *level += TIMBRE_WEIGHT * timbre - means[band]);
    }
}
