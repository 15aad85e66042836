//! The bands' windows over an FFT's bins, and the way from a spectrum to coefficients and back.

use super::layout::Layout;
use crate::scratch::{Scratch, sized};
use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlanner};
use std::f64::consts::FRAC_PI_2;
use std::fmt;
use std::sync::Arc;

/// One band's window.
#[derive(Debug)]
struct Band {
    /// The bin whose phase stands still.
    centre: usize,
    /// The lowest bin of the window.
    first: usize,
    /// Weights of the bins from there on; for DC and Nyquist the spectrum's side of a symmetrical window.
    weights: Vec<f32>,
}

/// All bands of a spectrum of `padded / 2 + 1` bins, with `frames` coefficients each.
pub struct Bands {
    bands: Vec<Band>,
    forward: Arc<dyn Fft<f32>>,
    inverse: Arc<dyn Fft<f32>>,
    frames: usize,
    padded: usize,
}

impl fmt::Debug for Bands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bands {{ bands: {}, frames: {}, padded: {} }}", self.bands.len(), self.frames, self.padded)
    }
}

impl Bands {
    /// The bands of a layout.
    pub fn new(layout: &Layout, frames: usize) -> Self {
        let bins = layout.curve.bins as usize;
        let mut planner = FftPlanner::new();
        Self {
            bands: (0..=bins).map(|index| band(layout, index)).collect(),
            forward: planner.plan_fft_forward(frames),
            inverse: planner.plan_fft_inverse(frames),
            frames,
            padded: layout.padded,
        }
    }

    /// Coefficients of a spectrum.
    ///
    /// # Shapes
    /// `spectrum`: `[padded / 2 + 1]`. `real`, `imaginary`: `[bins, frames]`.
    pub fn analyse(&self, spectrum: &[Complex32], real: &mut [f32], imaginary: &mut [f32], scratch: &mut Scratch) {
        let row = sized(&mut scratch.block, self.frames);
        let fft = sized(&mut scratch.fft, self.scratch_len());
        let planes = real.chunks_exact_mut(self.frames).zip(imaginary.chunks_exact_mut(self.frames));
        for (index, (real, imaginary)) in planes.enumerate() {
            row.fill(Complex32::default());
            if index == 0 {
                self.gather_ends(spectrum, row);
            } else {
                self.gather(index, spectrum, row);
            }
            self.inverse.process_with_scratch(row, fft);
            for ((real, imaginary), value) in real.iter_mut().zip(imaginary).zip(row.iter()) {
                (*real, *imaginary) = (value.re, value.im);
            }
        }
    }

    /// The spectrum of coefficients: of any coefficients the one nearest to them in the least-squares sense.
    ///
    /// # Shapes
    /// As for [`Self::analyse`].
    pub fn synthesise(&self, real: &[f32], imaginary: &[f32], spectrum: &mut [Complex32], scratch: &mut Scratch) {
        let row = sized(&mut scratch.block, self.frames);
        let fft = sized(&mut scratch.fft, self.scratch_len());
        spectrum.fill(Complex32::default());
        for (index, (real, imaginary)) in
            real.chunks_exact(self.frames).zip(imaginary.chunks_exact(self.frames)).enumerate()
        {
            for ((value, &re), &im) in row.iter_mut().zip(real).zip(imaginary) {
                *value = Complex32::new(re, im);
            }
            self.forward.process_with_scratch(row, fft);
            if index == 0 {
                self.scatter_ends(row, spectrum);
            } else {
                self.scatter(index, row, spectrum);
            }
        }
    }

    fn scratch_len(&self) -> usize {
        self.forward.get_inplace_scratch_len().max(self.inverse.get_inplace_scratch_len())
    }

    /// The factor that makes the coefficients' squares add up to the samples': a complex band stands for its mirror too.
    fn unit(&self) -> f32 {
        (1.0 / (self.padded as f64 * self.frames as f64)).sqrt() as f32
    }

    /// The factor that undoes [`Self::unit`] after a forward FFT of the frames.
    fn undo(&self) -> f32 {
        (self.padded as f64 / self.frames as f64).sqrt() as f32
    }

    /// Where bin `first` of a band lands in a row whose place 0 is the band's centre.
    fn start(&self, band: &Band) -> usize {
        (band.first + self.frames * (1 + band.centre / self.frames) - band.centre) % self.frames
    }

    /// Moves a band's bins, weighted, around place 0 of a row.
    fn gather(&self, index: usize, spectrum: &[Complex32], row: &mut [Complex32]) {
        let band = &self.bands[index];
        let factor = std::f32::consts::SQRT_2 * self.unit();
        let places = (self.start(band)..self.frames).chain(0..);
        for ((place, weight), bin) in places.zip(&band.weights).zip(&spectrum[band.first..]) {
            row[place] = bin * (weight * factor);
        }
    }

    /// Adds a row back to a band's bins, weighted.
    fn scatter(&self, index: usize, row: &[Complex32], spectrum: &mut [Complex32]) {
        let band = &self.bands[index];
        let factor = std::f32::consts::FRAC_1_SQRT_2 * self.undo();
        let places = (self.start(band)..self.frames).chain(0..);
        for ((place, weight), bin) in places.zip(&band.weights).zip(&mut spectrum[band.first..]) {
            *bin += row[place] * (weight * factor);
        }
    }

    /// DC's band plus `i` times Nyquist's: each is symmetrical around its middle, so its coefficients are real.
    fn gather_ends(&self, spectrum: &[Complex32], row: &mut [Complex32]) {
        let (zero, last) = (&self.bands[0], &self.bands[self.bands.len() - 1]);
        let (unit, i) = (self.unit(), Complex32::i());
        for (place, (bin, weight)) in spectrum.iter().zip(&zero.weights).enumerate() {
            let value = bin * (weight * unit);
            row[(self.frames - place) % self.frames] += value.conj();
            row[place] = if place == 0 { Complex32::new(value.re, 0.0) } else { value };
        }
        for (place, (bin, weight)) in spectrum[last.first..].iter().zip(&last.weights).rev().enumerate() {
            let value = bin * (weight * unit);
            // Below Nyquist are negative places, above it their mirrors.
            row[(self.frames - place) % self.frames] += if place == 0 { i * value.re } else { i * value };
            if place > 0 {
                row[place] += i * value.conj();
            }
        }
    }

    /// Undoes [`Self::gather_ends`].
    fn scatter_ends(&self, row: &[Complex32], spectrum: &mut [Complex32]) {
        let (zero, last) = (&self.bands[0], &self.bands[self.bands.len() - 1]);
        let undo = 0.5 * self.undo();
        let at = |place: usize| (row[place], row[(self.frames - place) % self.frames].conj());
        for (place, (bin, weight)) in spectrum.iter_mut().zip(&zero.weights).enumerate() {
            let (value, mirror) = at(place);
            *bin += (value + mirror) * (weight * undo);
        }
        for (place, (bin, weight)) in spectrum[last.first..].iter_mut().zip(&last.weights).rev().enumerate() {
            let (value, mirror) = at((self.frames - place) % self.frames);
            *bin += (value - mirror) * -Complex32::i() * (weight * undo);
        }
    }
}

/// The window of band `index`: it rises around its lower edge and falls around its upper one.
fn band(layout: &Layout, index: usize) -> Band {
    let (bins, linear) = (layout.curve.bins as usize, layout.padded / 2);
    let rise = |bin: f64| if index == 0 { 1.0 } else { slope(bin, layout.edge(index)).sin() };
    let fall = |bin: f64| if index == bins { 1.0 } else { slope(bin, layout.edge(index + 1)).cos() };
    let first = if index == 0 { 0 } else { reach(layout.edge(index), -1.0).max(0.0).ceil() as usize };
    let last = if index == bins { linear } else { (reach(layout.edge(index + 1), 1.0) as usize).min(linear) };
    let weight = |bin: usize| (rise(bin as f64) * fall(bin as f64)) as f32;
    Band { centre: layout.centre(index), first, weights: (first..=last).map(weight).collect() }
}

/// The far end of the transition around an edge, below or above it.
fn reach((edge, half): (f64, f64), side: f64) -> f64 {
    edge + side * half
}

/// How far a transition has got at a bin: an angle from 0 to a quarter turn, so that the squares of its sine and its
/// cosine add up to 1.
fn slope(bin: f64, (edge, half): (f64, f64)) -> f64 {
    FRAC_PI_2 * ((bin - edge + half) / (2.0 * half).max(1e-9)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests;
