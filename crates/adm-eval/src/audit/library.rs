//! The training slices, ready to be searched.

use super::fingerprint::{Fingerprint, LANES};
use super::spectrogram::BANDS;
use adm_core::Seconds;
use rayon::prelude::*;
use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Slices that are searched for together, so that each training slice is fetched from memory once for all of them.
const TOGETHER: usize = 16;

/// Shifts that are tried for each time of a fingerprint: with one alone a copy that lies half way between two times would be
/// 0.005 less similar, more than many held-out beats are.
const FINER: usize = 4;

/// Numbers of one block of a fingerprint.
const BLOCK: usize = BANDS * 2 * LANES;

/// The training slice that is most like a given one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// Its place in the library.
    pub index: usize,
    /// Correlation of the two log-mel pictures at the best shift: 1 for the same sound, about 0 for beats that have
    /// nothing in common. What is *high* depends on the music; compare with held-out slices.
    pub similarity: f64,
    /// How much later the given slice plays the same sound, in seconds, within half a slice either way; slices are loops
    /// here.
    pub shift: Seconds,
    /// How much louder the given slice is, in dB.
    pub gain_db: f64,
}

/// Fingerprints to search among.
pub struct Library {
    prints: Vec<Fingerprint>,
    steps: usize,
    back: Arc<dyn ComplexToReal<f32>>,
}

/// One thread's buffers.
struct Scratch {
    cross: Vec<Complex<f32>>,
    correlation: Vec<f32>,
    fft: Vec<Complex<f32>>,
}

/// The best so far.
#[derive(Clone, Copy)]
struct Best {
    index: usize,
    similarity: f32,
    shift: f32,
}

impl Library {
    /// A library of these fingerprints, all by one fingerprinter.
    pub fn new(prints: Vec<Fingerprint>) -> Self {
        let steps = prints.first().map_or(2 * LANES, |print| print.values.len() / BANDS);
        Self { prints, steps, back: RealFftPlanner::new().plan_fft_inverse(FINER * steps) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.prints.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.prints.is_empty()
    }

    /// The most similar slice of the library for each of `beats`, on all threads, in order: about 0.7 microseconds
    /// of one core for each pair of beats. Of equally similar ones it is the first. A library without slices matches nothing: the list is empty.
    pub fn nearest(&self, beats: &[Fingerprint]) -> Vec<Match> {
        if self.is_empty() {
            return Vec::new();
        }
        let tiles = beats.par_chunks(TOGETHER);
        tiles.map_init(|| self.scratch(), |scratch, tile| self.search(tile, scratch)).flatten_iter().collect()
    }

    fn scratch(&self) -> Scratch {
        Scratch {
            cross: self.back.make_input_vec(),
            correlation: self.back.make_output_vec(),
            fft: self.back.make_scratch_vec(),
        }
    }

    fn search(&self, tile: &[Fingerprint], scratch: &mut Scratch) -> Vec<Match> {
        let mut best = vec![Best { index: 0, similarity: f32::NEG_INFINITY, shift: 0.0 }; tile.len()];
        for (index, known) in self.prints.iter().enumerate() {
            for (beat, best) in tile.iter().zip(&mut best) {
                self.compare(beat, known, index, best, scratch);
            }
        }
        tile.iter().zip(best).map(|(beat, best)| self.found(beat, best)).collect()
    }

    /// Takes `known` as the best if it is better. No shift can bring more than the sum of the magnitudes of the cross
    /// spectrum, which most pairs fail by; only the others are transformed back.
    fn compare(&self, beat: &Fingerprint, known: &Fingerprint, index: usize, best: &mut Best, scratch: &mut Scratch) {
        let (cross, above) = scratch.cross.split_at_mut(self.steps / 2);
        let bound = cross_spectrum(&beat.values, &known.values, cross);
        if bound <= best.similarity {
            return;
        }
        // The transform may have used its input to work in; the highest frequencies are those that no fingerprint has.
        above.fill(Complex::ZERO);
        // The buffers were made by the plan itself, and the cross spectrum is real at both ends.
        let _ = self.back.process_with_scratch(&mut scratch.cross, &mut scratch.correlation, &mut scratch.fft);
        let (step, similarity) = peak(&scratch.correlation);
        if similarity > best.similarity {
            *best = Best { index, similarity, shift: step as f32 + between(&scratch.correlation, step) };
        }
    }

    fn found(&self, beat: &Fingerprint, best: Best) -> Match {
        let (steps, shift) = ((FINER * self.steps) as f64, f64::from(best.shift));
        let turns = if shift > steps / 2.0 { shift / steps - 1.0 } else { shift / steps };
        Match {
            index: best.index,
            similarity: f64::from(best.similarity).min(1.0),
            shift: Seconds(turns * beat.length.0),
            gain_db: beat.level_db - self.prints[best.index].level_db,
        }
    }
}

/// Fills `cross` with the product over time frequencies, summed over bands, and returns the bound of its transform.
fn cross_spectrum(a: &[f32], b: &[f32], cross: &mut [Complex<f32>]) -> f32 {
    let mut bound = 0.0;
    for ((a, b), cross) in a.chunks_exact(BLOCK).zip(b.chunks_exact(BLOCK)).zip(cross.chunks_mut(LANES)) {
        let (real, imaginary) = block_product(a, b);
        for ((cross, real), imaginary) in cross.iter_mut().zip(real).zip(imaginary) {
            *cross = Complex::new(real, imaginary);
        }
        bound += (0..LANES).map(|lane| (real[lane].powi(2) + imaginary[lane].powi(2)).sqrt()).sum::<f32>();
    }
    // The mean of a real signal is real.
    cross[0].im = 0.0;
    2.0 * bound - cross[0].re.abs()
}

/// Sums `a` times the conjugate of `b` over the bands of a block.
fn block_product(a: &[f32], b: &[f32]) -> ([f32; LANES], [f32; LANES]) {
    let (mut real, mut imaginary) = ([0.0f32; LANES], [0.0f32; LANES]);
    for (a, b) in a.chunks_exact(2 * LANES).zip(b.chunks_exact(2 * LANES)) {
        let ((a_re, a_im), (b_re, b_im)) = (a.split_at(LANES), b.split_at(LANES));
        for lane in 0..LANES {
            real[lane] += a_re[lane] * b_re[lane] + a_im[lane] * b_im[lane];
            imaginary[lane] += a_im[lane] * b_re[lane] - a_re[lane] * b_im[lane];
        }
    }
    (real, imaginary)
}

fn peak(correlation: &[f32]) -> (usize, f32) {
    let higher = |best: (usize, f32), now: (usize, &f32)| if *now.1 > best.1 { (now.0, *now.1) } else { best };
    correlation.iter().enumerate().fold((0, f32::NEG_INFINITY), higher)
}

/// Where the top of a parabola through the peak and its neighbours lies, in shifts from the peak, within ½.
fn between(correlation: &[f32], step: usize) -> f32 {
    let count = correlation.len();
    let (before, top, after) =
        (correlation[(step + count - 1) % count], correlation[step], correlation[(step + 1) % count]);
    let curve = before - 2.0 * top + after;
    if curve < 0.0 { (0.5 * (before - after) / curve).clamp(-0.5, 0.5) } else { 0.0 }
}
