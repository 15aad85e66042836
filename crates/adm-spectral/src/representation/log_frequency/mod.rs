//! `log-frequency`: the repair of the founding document's exponential tensor (document 000, section 5.5).
//!
//! Bins follow the document's curve, narrow below and wide above, in a tensor of the very shape of `stereo-complex`; but
//! here each bin is a band-pass filter with a window of its own length, and nothing is lost. This is a non-stationary
//! Gabor frame (Balazs, Dörfler, Jaillet, Holighaus and Velasco, 2011, "Theory, implementation and applications of
//! nonstationary Gabor frames", section 4.2), a constant-Q-like transform made invertible (Velasco, Holighaus, Dörfler and
//! Grill, 2011, "Constructing an invertible constant-Q transform with nonstationary Gabor frames"), taken over the slice
//! as a whole (Holighaus, Dörfler, Velasco and Grill, 2013, "A framework for invertible, real-time constant-Q transforms",
//! cuts endless signals into such slices; ours are cut already).
//!
//! # Derivation
//!
//! Let `X[k]` be the FFT of the slice with its gap (see `ends.rs`), `N` samples; let `g_j[k]` be the window of band `j` and
//! `c_j` its centre. With `M` frames, the coefficients are
//!
//! ```text
//! C_j[t] = √2 / √(N·M) · Σ_k X[k]·g_j[k]·e^(2πi·(k − c_j)·t / M)        t = 0 … M − 1
//! ```
//!
//! As long as no window has more than `M` bins (the *painless* case), `k − c_j` names each of its bins but once around the
//! circle of `M`, and an FFT of the coefficients gives `X[k]·g_j[k]` back. Times `g_j[k]` and summed over the bands that is
//! `X[k]·Σ_j g_j[k]²`. Windows are flat and overlap their neighbours by a quarter of a sine on either side, whose squares
//! add up to 1; so the frame is tight, the inverse is the analysis run backwards, of any tensor it gives the slice
//! nearest to it in the least-squares sense, and the squares of all coefficients add up to those of the samples: an error
//! in any of them costs the same.
//!
//! # Which bands fit
//!
//! Band `j` lies around `y(j)` between `y(j − ½)` and `y(j + ½)`, where `y` is the document's curve with its base held (see
//! `curve.rs`) over `N / 2` bins. `overlap` widens it. Bands that grow exponentially all the way would be wider than `M` at
//! the top, so the slope `α` rises, which widens the lowest bands and narrows the highest, until the widest band fits: at 130
//! BPM and 44,100 Hz the bands grow from 51 Hz to 340 Hz. More frames let them grow further. Long slices at high rates
//! leave little room; the overlap shrinks with it, and when even bands of one width do not fit, building fails with the
//! numbers that would do.
//!
//! DC and Nyquist have half a band each, whose windows are symmetrical around them, so that their coefficients are real.
//! They share bin 0 as its real and imaginary part, as in `stereo-complex`, which is what [`crate::Scaling`] expects.
//!
//! # Phases
//!
//! Phases count from the slice's start and from the band's centre: the bin `c_j` goes to place 0, so a steady tone there
//! stands still and at the band's ends turns by at most half a turn a frame. Counted from the lower edge, as libraries
//! often have it, a tone in the middle would turn as fast as one at the end does here, and one at the upper end twice as
//! fast.

mod bands;
mod ends;
mod layout;

use super::plane::{self, Plane};
use super::slices::Slices;
use super::{Decoded, MOST_POINTS, Representation, Transform};
use crate::error::{SpectralError, check_range, check_setting};
use crate::scratch::{Scratch, sized};
use crate::tensor::Shape;
use adm_core::SampleRate;
use bands::Bands;
use layout::Layout;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::num_complex::Complex32;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Settings of `log-frequency`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogFrequencyConfig {
    /// Bands, 4 to 8,192, DC and Nyquist counted as one. 256 by default. More of them are narrower: they tell near
    /// frequencies apart better and near moments worse.
    pub bins: usize,
    /// Moments, 8 to 8,192, whatever the slice's length. 256 by default. More of them let high bands be wider, and so low
    /// ones be narrower.
    pub frames: usize,
    /// Least width of the lowest bands in Hz, 0 to 1,000. 20 by default. Wider ones tell near moments apart better and near
    /// frequencies worse. Where the widest band would not fit into the frames they are wider than this.
    pub lowest_width: f32,
    /// What neighbouring bands share, as a share of the narrower one's width, 0.05 to 1. 0.5 by default. More of it lets
    /// a sound end sooner in each band, and the bands grow less.
    pub overlap: f32,
}

impl Default for LogFrequencyConfig {
    fn default() -> Self {
        Self { bins: 256, frames: 256, lowest_width: 20.0, overlap: 0.5 }
    }
}

/// The representation for slices of one length.
pub struct LogFrequency {
    slices: Slices,
    shape: Shape,
    padded: usize,
    bands: Bands,
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
}

impl fmt::Debug for LogFrequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogFrequency {{ shape: {}, {:?} }}", self.shape, self.bands)
    }
}

impl LogFrequency {
    /// For slices of `slice_frames` frames at `rate` with `channels` channels.
    ///
    /// # Errors
    /// As for [`super::RepresentationConfig::build`].
    pub fn new(
        config: &LogFrequencyConfig,
        slice_frames: usize,
        rate: SampleRate,
        channels: usize,
    ) -> Result<Self, SpectralError> {
        let &LogFrequencyConfig { bins, frames, lowest_width, overlap } = config;
        check_range("the representation's bins", 4, 8_192, bins)?;
        check_range("the representation's frames", 8, 8_192, frames)?;
        check_range("the representation's bins times frames", 1, MOST_POINTS, bins * frames)?;
        check_setting("the representation's lowest width in Hz", 0.0, 1_000.0, lowest_width.into())?;
        check_setting("the representation's overlap", 0.05, 1.0, overlap.into())?;
        let slices = Slices::new(slice_frames, channels)?;
        let layout = Layout::new(config, slice_frames, rate)?;
        let mut planner = RealFftPlanner::new();
        Ok(Self {
            slices,
            shape: Shape::new(2 * channels, bins, frames),
            padded: layout.padded,
            bands: Bands::new(&layout, frames),
            forward: planner.plan_fft_forward(layout.padded),
            inverse: planner.plan_fft_inverse(layout.padded),
        })
    }

    /// The FFT of one channel with its gap, in the first `padded / 2 + 1` places of `spectrum`.
    fn spectrum(&self, samples: impl Iterator<Item = f32>, spectrum: &mut [Complex32], scratch: &mut Scratch) {
        let padded = sized(&mut scratch.padded, self.padded);
        for (to, from) in padded.iter_mut().zip(samples) {
            *to = from;
        }
        ends::bridge(padded, self.slices.frames);
        let fft = sized(&mut scratch.fft, self.forward.get_scratch_len());
        let done = self.forward.process_with_scratch(padded, spectrum, fft);
        debug_assert!(done.is_ok(), "the buffers fit: {done:?}");
    }

    /// The samples of a spectrum, its gap included.
    fn samples<'a>(&self, spectrum: &mut [Complex32], scratch: &'a mut Scratch) -> &'a [f32] {
        let last = spectrum.len() - 1;
        (spectrum[0].im, spectrum[last].im) = (0.0, 0.0);
        let padded = sized(&mut scratch.padded, self.padded);
        let fft = sized(&mut scratch.fft, self.inverse.get_scratch_len());
        let done = self.inverse.process_with_scratch(spectrum, padded, fft);
        debug_assert!(done.is_ok(), "the buffers fit: {done:?}");
        padded
    }
}

impl Representation for LogFrequency {
    fn name(&self) -> &'static str {
        "log-frequency"
    }

    fn shape(&self) -> Shape {
        self.shape
    }

    fn slice_frames(&self) -> usize {
        self.slices.frames
    }

    fn slice_channels(&self) -> usize {
        self.slices.channels
    }

    fn transform(&self) -> Transform {
        Transform {
            window: "log-frequency".to_owned(),
            n_fft: self.padded,
            hop_length: self.padded / self.shape.frames,
            center: true,
            samples: self.padded,
        }
    }

    fn is_exact(&self) -> bool {
        true
    }

    fn planes(&self) -> &'static [Plane] {
        plane::complex(self.slices.channels)
    }

    fn encode(&self, slice: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<(), SpectralError> {
        self.slices.check_encode(self.shape, slice, out)?;
        let plane = self.shape.plane();
        let mut spectrum = std::mem::take(&mut scratch.spectrum);
        let bins = sized(&mut spectrum, self.padded / 2 + 1);
        for (pair, channel) in out.chunks_exact_mut(2 * plane).zip((0..self.slices.channels).rev()) {
            let (real, imaginary) = pair.split_at_mut(plane);
            self.spectrum(self.slices.channel(slice, channel), bins, scratch);
            self.bands.analyse(bins, real, imaginary, scratch);
        }
        scratch.spectrum = spectrum;
        Ok(())
    }

    fn decode(&self, tensor: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<Decoded, SpectralError> {
        self.slices.check_decode(self.shape, tensor, out)?;
        let plane = self.shape.plane();
        let gain = 1.0 / self.padded as f32;
        let mut spectrum = std::mem::take(&mut scratch.spectrum);
        let bins = sized(&mut spectrum, self.padded / 2 + 1);
        for (pair, channel) in tensor.chunks_exact(2 * plane).zip((0..self.slices.channels).rev()) {
            let (real, imaginary) = pair.split_at(plane);
            self.bands.synthesise(real, imaginary, bins, scratch);
            let samples = self.samples(bins, scratch);
            for (frame, sample) in out.chunks_exact_mut(self.slices.channels).zip(samples) {
                frame[channel] = sample * gain;
            }
        }
        scratch.spectrum = spectrum;
        Ok(Decoded::default())
    }

    /// Clears Nyquist's band, which stands beside the loudest one, for `stereo-complex`'s reason.
    fn clean_generated(&self, tensor: &mut [f32]) {
        plane::clear_nyquist(tensor, self.shape);
    }
}
