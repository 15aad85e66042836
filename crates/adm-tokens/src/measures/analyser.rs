//! From a slice's samples to its row of measures.

use super::bands::{Bands, HIGHEST_HZ};
use super::{Detail, Measure, VALUES, fft, flatness, fundamentals, level, onsets, stft, tuning};
use adm_core::SampleRate;
use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlanner};
use std::f64::consts::TAU;
use std::ops::Range;
use std::sync::Arc;

/// Length of a short frame in seconds, before it is rounded to a power of two: 2,048 samples at 44.1 kHz.
const WINDOW_SECONDS: f64 = 0.0464;
/// Fewest short frames in a slice: two for each of the finest times.
const LEAST_FRAMES: usize = 2 * stft::TIMES;
/// Lowest frequency that flatness is taken of, in Hz: below, a frame is too short to tell tones from noise.
const FLATNESS_LOWEST_HZ: f64 = 100.0;

/// Samples of larger magnitude, 120 dB over full scale, are no sound; up to here no power leaves the range of f32.
pub(crate) const LOUDEST: f32 = 1e6;

/// Measures slices of one rate, length and number of channels; shared by all threads, each with a [`Scratch`].
pub struct Analyser {
    channels: usize,
    samples: usize,
    whole: Arc<dyn Fft<f32>>,
    short: Arc<dyn Fft<f32>>,
    /// The window over the whole slice.
    taper: Vec<f32>,
    /// The short frames' window.
    window: Vec<f32>,
    frames: usize,
    whole_bands: Bands,
    short_bands: Bands,
    flatness_bins: Range<usize>,
    combs: fundamentals::Combs,
    tuning: tuning::Window,
    /// What makes a sine at full scale in all channels have a power of 1.
    whole_scale: f32,
    tapered_scale: f32,
    short_scale: f32,
}

/// One thread's buffers; nothing is allocated from slice to slice.
pub struct Scratch {
    whole: Vec<Complex32>,
    short: Vec<Complex32>,
    fft: Vec<Complex32>,
    power: Vec<f32>,
    /// Powers `[frames, stft::BANDS]`.
    bands: Vec<f32>,
    loudness: Vec<f32>,
    /// One a frame, in dB.
    flatness: Vec<f32>,
}

impl Analyser {
    /// An analyser of slices of `frames` frames, 1 or 2 channels each, at `rate`.
    pub fn new(rate: SampleRate, channels: usize, frames: usize) -> Self {
        let size = 1usize << ((rate.as_f64() * WINDOW_SECONDS).log2().round() as u32).max(5);
        // A power of two is fastest; what is added to the slice is silence.
        let whole_size = frames.next_power_of_two().max(size);
        let mut planner = FftPlanner::new();
        let (taper, window) = (hann(frames), hann(size));
        let bin = |hz: f64| (hz * size as f64 / rate.as_f64()).round() as usize;
        let last = bin(HIGHEST_HZ).min(size / 2);
        let gain = |weights: f64| (4.0 / (weights * weights * channels as f64)) as f32;
        let sum = |window: &[f32]| window.iter().map(|&weight| f64::from(weight)).sum::<f64>();
        Self {
            channels,
            samples: frames * channels,
            whole: planner.plan_fft_forward(whole_size),
            short: planner.plan_fft_forward(size),
            frames: short_frames(frames, size),
            whole_bands: Bands::new(fft::FINE, rate.as_f64(), whole_size),
            short_bands: Bands::new(stft::BANDS, rate.as_f64(), size),
            flatness_bins: bin(FLATNESS_LOWEST_HZ).min(last)..last + 1,
            combs: fundamentals::Combs::new(rate.as_f64(), whole_size),
            tuning: tuning::Window::new(rate.as_f64(), whole_size),
            whole_scale: gain(frames.max(1) as f64),
            tapered_scale: gain(sum(&taper).max(1.0)),
            short_scale: gain(sum(&window)),
            taper,
            window,
        }
    }

    /// Samples of a slice: frames times channels.
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// Buffers for one thread.
    pub fn scratch(&self) -> Scratch {
        let needed = self.whole.get_inplace_scratch_len().max(self.short.get_inplace_scratch_len());
        Scratch {
            whole: vec![Complex32::default(); self.whole.len()],
            short: vec![Complex32::default(); self.short.len()],
            fft: vec![Complex32::default(); needed],
            power: vec![0.0; self.whole.len() / 2 + 1],
            bands: vec![0.0; self.frames * stft::BANDS],
            loudness: vec![0.0; self.frames * stft::BANDS],
            flatness: vec![0.0; self.frames],
        }
    }

    /// Measures a slice of [`Self::samples`] samples, interleaved, of a million at most, into `row`. Every value is finite.
    ///
    /// # Shapes
    /// `slice`: `[frames, channels]`; `row`: `[VALUES]`.
    pub fn measure(&self, slice: &[f32], row: &mut [f32], scratch: &mut Scratch) {
        debug_assert_eq!((slice.len(), row.len()), (self.samples, VALUES));
        self.measure_whole(slice, row, scratch);
        self.measure_frames(slice, scratch);
        let (fine, coarse) = details(row, Measure::Stft);
        stft::measure(&scratch.bands, fine, coarse);
        let (fine, coarse) = details(row, Measure::Onsets);
        onsets::measure(&scratch.bands, &mut scratch.loudness, fine, coarse);
        let (fine, coarse) = details(row, Measure::Flatness);
        flatness::measure(&scratch.flatness, fine, coarse);
        let (fine, coarse) = details(row, Measure::Level);
        level::measure(slice, self.channels, fine, coarse);
    }

    /// What is taken of the spectra of the whole slice.
    fn measure_whole(&self, slice: &[f32], row: &mut [f32], scratch: &mut Scratch) {
        // As it is, because the beat's own attack lies at its start, which a window would take away ...
        self.transform_whole(slice, |sample, _| sample, self.whole_scale, scratch);
        let (fine, coarse) = details(row, Measure::Fft);
        fft::measure(&scratch.power, &self.whole_bands, fine, coarse);
        // ... and under a window, because without one every tone has side lobes that look like tones.
        self.transform_whole(slice, |sample, frame| sample * self.taper[frame], self.tapered_scale, scratch);
        let (fine, coarse) = details(row, Measure::Fundamentals);
        fundamentals::measure(&scratch.power, &self.combs, fine, coarse);
        let tuning = tuning::measure(&scratch.power, &self.tuning);
        let (fine, coarse) = details(row, Measure::Tuning);
        fine.copy_from_slice(&tuning);
        coarse.copy_from_slice(&tuning);
    }

    fn transform_whole(
        &self,
        slice: &[f32],
        weigh: impl Fn(Complex32, usize) -> Complex32,
        scale: f32,
        scratch: &mut Scratch,
    ) {
        let frames = self.samples / self.channels;
        scratch.whole[frames..].fill(Complex32::default());
        for (frame, value) in scratch.whole[..frames].iter_mut().enumerate() {
            *value = weigh(self.frame(slice, frame), frame);
        }
        self.whole.process_with_scratch(&mut scratch.whole, &mut scratch.fft);
        powers(&scratch.whole, scale, &mut scratch.power);
    }

    /// Fills the powers of the short frames' bands and the frames' flatness.
    fn measure_frames(&self, slice: &[f32], scratch: &mut Scratch) {
        let (size, length) = (self.window.len(), self.samples / self.channels);
        let power = &mut scratch.power[..size / 2 + 1];
        let frames = scratch.bands.chunks_exact_mut(stft::BANDS).zip(&mut scratch.flatness);
        for (index, (bands, flatness)) in frames.enumerate() {
            let first = start(index, self.frames, length, size);
            let there = size.min(length - first);
            scratch.short[there..].fill(Complex32::default());
            for (offset, (value, weight)) in scratch.short[..there].iter_mut().zip(&self.window).enumerate() {
                *value = self.frame(slice, first + offset) * weight;
            }
            self.short.process_with_scratch(&mut scratch.short, &mut scratch.fft);
            powers(&scratch.short, self.short_scale, power);
            self.short_bands.sum(power, bands);
            *flatness = flatness::of_frame(&power[self.flatness_bins.clone()]);
        }
    }

    /// Left as the real and right as the imaginary part.
    #[inline(always)]
    fn frame(&self, slice: &[f32], frame: usize) -> Complex32 {
        if self.channels == 2 {
            Complex32::new(slice[2 * frame], slice[2 * frame + 1])
        } else {
            Complex32::new(slice[frame], 0.0)
        }
    }
}

/// The fine and the coarse values of a measure in a row; all coarse ones come first.
fn details(row: &mut [f32], measure: Measure) -> (&mut [f32], &mut [f32]) {
    let (fine, coarse) = (measure.values(Detail::Fine), measure.values(Detail::Coarse));
    let (before, after) = row.split_at_mut(fine.start);
    (&mut after[..fine.len()], &mut before[coarse])
}

/// The power of each bin, left and right together.
///
/// With left as the real and right as the imaginary part of one transform `z`, the spectra's powers add up to
/// `(|z[k]|² + |z[-k]|²) / 2`.
fn powers(spectrum: &[Complex32], scale: f32, power: &mut [f32]) {
    let scale = 0.5 * scale;
    power[0] = scale * 2.0 * spectrum[0].norm_sqr();
    let mirrored = spectrum[1..].iter().rev();
    for ((power, up), down) in power[1..].iter_mut().zip(&spectrum[1..]).zip(mirrored) {
        *power = scale * (up.norm_sqr() + down.norm_sqr());
    }
}

/// How many short frames a slice has: a multiple of the finest times, at least two each, no more than half a frame apart.
fn short_frames(length: usize, size: usize) -> usize {
    length.div_ceil(stft::TIMES * size / 2).max(LEAST_FRAMES / stft::TIMES) * stft::TIMES
}

/// Where a short frame starts: they are spread evenly from the slice's first sample to its last, and none looks beyond,
/// where the sound would break off and splash over all frequencies.
fn start(index: usize, frames: usize, length: usize, size: usize) -> usize {
    length.saturating_sub(size) * index / (frames - 1).max(1)
}

fn hann(size: usize) -> Vec<f32> {
    (0..size).map(|n| (0.5 - 0.5 * (TAU * (n as f64 + 0.5) / size as f64).cos()) as f32).collect()
}
