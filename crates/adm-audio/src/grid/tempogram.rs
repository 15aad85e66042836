//! How well each tempo explains each moment.
//!
//! A window of [`WINDOW`] seconds slides over the onsets, every [`HOP`] seconds. Periodic onsets put lines into its
//! spectrum `X` at their frequency `f` and its multiples, so the comb
//!
//! ```text
//! S(f) = Σ_h |X(h·f)|² / h          h = 1 … 4
//! ```
//!
//! stands high at the beat's frequency. The weights 1/h let `f` win over `f/2`, which has the same lines as its second and
//! fourth.

use super::curves::Curve;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::f64::consts::TAU;
use std::sync::Arc;

/// Length of a window in seconds: eight beats at 60 BPM, and a glide of 10 BPM in a minute stays within a line's width.
const WINDOW: f64 = 12.0;
/// From window to window in seconds.
pub(super) const HOP: f64 = 3.0;
/// The window's spectrum is sampled this much finer than its own resolution.
const PADDING: usize = 4;
/// Harmonics in the comb.
pub(super) const HARMONICS: usize = 4;
/// From one tempo of the raster to the next: half the width of a line at 200 BPM.
const RATIO: f64 = 1.005;

/// The comb of every window at every tempo of a raster.
pub(super) struct Tempogram {
    /// Beats a second, ascending, each [`RATIO`] above the one before.
    pub(super) frequencies: Vec<f64>,
    /// Share of a window's onset energy that lies on the comb's lines, shape `[windows, frequencies]`.
    pub(super) scores: Vec<Vec<f32>>,
    /// Onset energy of each window.
    pub(super) energies: Vec<f32>,
}

/// The middle of window `index` in seconds.
pub(super) fn middle(index: usize) -> f64 {
    index as f64 * HOP
}

/// Windows that cover a curve; their middles reach from its start to its end.
pub(super) fn windows<T>(curve: &Curve<T>) -> usize {
    (curve.time(curve.values.len() as f64).max(0.0) / HOP).ceil() as usize + 1
}

impl Tempogram {
    /// Of onsets, for tempi between two frequencies.
    pub(super) fn new(onsets: &Curve<f32>, (lowest, highest): (f64, f64)) -> Self {
        let steps = ((highest / lowest).ln() / RATIO.ln()).floor() as i32;
        let frequencies: Vec<f64> = (0..=steps).map(|step| lowest * RATIO.powi(step)).collect();
        let mut windowed = Windowed::new(onsets.step);
        let (mut scores, mut energies) = (Vec::new(), Vec::new());
        for window in 0..windows(onsets) {
            let energy = windowed.analyse(onsets, middle(window));
            scores.push(frequencies.iter().map(|&frequency| windowed.comb(frequency)).collect());
            energies.push(energy);
        }
        Self { frequencies, scores, energies }
    }
}

/// The spectrum of one window.
struct Windowed {
    fft: Arc<dyn RealToComplex<f32>>,
    weights: Vec<f32>,
    padded: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    /// Power of each bin over the window's energy.
    power: Vec<f32>,
    /// Bins a hertz.
    resolution: f64,
}

impl Windowed {
    fn new(step: f64) -> Self {
        let length = (WINDOW / step).round() as usize;
        let size = (PADDING * length).next_power_of_two();
        let fft = RealFftPlanner::new().plan_fft_forward(size);
        let weights =
            (0..length).map(|n| (0.5 - 0.5 * (TAU * (n as f64 + 0.5) / length as f64).cos()) as f32).collect();
        let (padded, spectrum) = (fft.make_input_vec(), fft.make_output_vec());
        let power = vec![0.0; spectrum.len()];
        Self { fft, weights, padded, spectrum, power, resolution: size as f64 * step }
    }

    /// Transforms the window around `middle` and returns its energy.
    fn analyse(&mut self, onsets: &Curve<f32>, middle: f64) -> f32 {
        let first = onsets.position(middle).round() as i64 - self.weights.len() as i64 / 2;
        let value = |n: usize| usize::try_from(first + n as i64).ok().and_then(|at| onsets.values.get(at)).copied();
        let count = self.weights.len();
        let mean = (0..count).filter_map(value).sum::<f32>() / (0..count).filter_map(value).count().max(1) as f32;
        self.padded.fill(0.0);
        let mut energy = 0.0;
        for (n, weight) in self.weights.iter().enumerate() {
            let centred = value(n).map_or(0.0, |value| weight * (value - mean));
            self.padded[n] = centred;
            energy += centred * centred;
        }
        // Lengths are the plan's own, so it cannot fail.
        let transformed = self.fft.process(&mut self.padded, &mut self.spectrum).is_ok();
        let scale = if transformed && energy > f32::MIN_POSITIVE { 1.0 / (energy * count as f32) } else { 0.0 };
        self.power.iter_mut().zip(&self.spectrum).for_each(|(power, bin)| *power = scale * bin.norm_sqr());
        energy
    }

    fn comb(&self, frequency: f64) -> f32 {
        (1..=HARMONICS).map(|h| self.line(h as f64 * frequency) / h as f32).sum()
    }

    /// Power at a frequency, between the bins on a straight line.
    fn line(&self, frequency: f64) -> f32 {
        let bin = frequency * self.resolution;
        let (low, part) = (bin as usize, bin.fract() as f32);
        match self.power.get(low..low + 2) {
            Some(pair) => pair[0] + part * (pair[1] - pair[0]),
            None => 0.0,
        }
    }
}
