//! What all representations without phases share: a transform's magnitudes in bands, and the way back.
//!
//! ```text
//! slice ─channels→ signals ─transform→ |X| ─weights→ ─filterbank→ ─level→ (stretch) tensor
//! slice ←channels─ signals ←inverter─ |X| ←weights─ ←filterbank─ ←level─ tensor
//! ```
//!
//! `magnitude`, `mel`, `log-mel` and `log-band` differ in their bands, weights and levels alone.

mod channels;
mod filterbank;
mod level;

pub(super) use channels::Channels;
pub use channels::StereoPlanes;
pub(crate) use filterbank::BankScratch;
pub(super) use filterbank::{Band, Filterbank};
use level::LOUDEST;
pub(super) use level::Level;
pub use level::{MagnitudeScale, ValueRange};

use super::plane::{Part, Plane, Values};
use super::slices::Slices;
use super::{Decoded, Representation, Transform};
use crate::error::{SpectralError, check_range, check_values};
use crate::inversion::{InversionConfig, Inverter, StftShape};
use crate::scratch::{Scratch, sized};
use crate::stft::longest_hop;
use crate::tensor::Shape;
use rustfft::num_complex::Complex32;

/// Largest sample of a slice: no magnitude of any transform in here exceeds what an inverter takes.
const LARGEST_SAMPLE: f32 = 1e4;

/// What a representation without phases is made of.
pub(super) struct Plan<'a> {
    /// Its name in settings.
    pub name: &'static str,
    /// The transform.
    pub stft: StftShape,
    /// Its bands.
    pub bank: Filterbank,
    /// Whether bands sum squares of magnitudes.
    pub squares: bool,
    /// What each bin of the bank's is multiplied by, above 0; all ones where it is empty.
    pub weights: Vec<f32>,
    /// What becomes of stereo.
    pub stereo: StereoPlanes,
    /// How values grow.
    pub scale: MagnitudeScale,
    /// Where values lie.
    pub range: ValueRange,
    /// The lowest level in dB.
    pub floor: f32,
    /// How phases are found.
    pub phase: &'a InversionConfig,
}

/// A representation without phases, for slices of one length.
#[derive(Debug)]
pub struct Spectrogram {
    name: &'static str,
    slices: Slices,
    channels: Channels,
    inverter: Inverter,
    bank: Filterbank,
    squares: bool,
    weights: Vec<f32>,
    level: Level,
    /// The largest magnitude that decoding makes: a band that hardly touches any bin would have it far larger.
    most: f32,
    shape: Shape,
}

/// The samples from one frame to the next and in all with which slices make `frames` frames of windows of `win_length`.
pub(super) fn spaced(slices: Slices, frames: usize, win_length: usize) -> Result<(usize, usize), SpectralError> {
    check_range("the length of a slice in frames", 1, longest_hop(win_length) * (frames - 1), slices.frames)?;
    let hop = slices.frames.div_ceil(frames - 1);
    Ok((hop, hop * (frames - 1)))
}

impl Spectrogram {
    /// Plans transforms, bands and inversion.
    pub(super) fn new(plan: Plan, slices: Slices) -> Result<Self, SpectralError> {
        let channels = Channels::new(slices, plan.stereo);
        let window = 0.5 * plan.stft.win_length as f64 * channels.peak();
        let heaviest = plan.bank.bands().iter().map(|band| band.weights.iter().sum::<f32>()).fold(0.0, f32::max);
        let peak = f64::from(heaviest) * if plan.squares { window * window } else { window };
        let level = Level::new(plan.scale, plan.range, plan.floor, peak.max(f64::MIN_POSITIVE))?;
        let level = if plan.squares { level.of_squares() } else { level };
        let most = (window * 10f64.powf(f64::from(LOUDEST) / 20.0)) as f32;
        let shape = Shape::new(channels.layout().channels(), plan.bank.bands().len(), plan.stft.frames());
        let inverter = Inverter::new(plan.stft, channels.layout(), plan.phase)?;
        let Plan { name, bank, squares, weights, .. } = plan;
        Ok(Self { name, slices, channels, inverter, bank, squares, weights, level, most, shape })
    }

    /// One frame's spectrum as the bank's input.
    fn weigh(&self, row: &[Complex32], magnitudes: &mut [f32]) {
        for (to, from) in magnitudes.iter_mut().zip(row) {
            *to = if self.squares { from.norm_sqr() } else { from.norm_sqr().sqrt() };
        }
        magnitudes.iter_mut().zip(&self.weights).for_each(|(magnitude, weight)| *magnitude *= weight);
    }

    /// Undoes [`Self::weigh`] but for the phases.
    fn unweigh(&self, magnitudes: &mut [f32]) {
        magnitudes.iter_mut().zip(&self.weights).for_each(|(magnitude, weight)| *magnitude /= weight);
        if self.squares {
            magnitudes.iter_mut().for_each(|magnitude| *magnitude = magnitude.sqrt());
        }
        magnitudes.iter_mut().for_each(|magnitude| *magnitude = magnitude.min(self.most));
    }

    /// The magnitudes `[frames, bins]` of one plane `[bands, frames]`.
    fn magnitudes_of(&self, plane: &[f32], magnitudes: &mut [f32], bands: &mut [f32], scratch: &mut BankScratch) {
        let bins = self.inverter.stft().shape().bins();
        for (frame, row) in magnitudes.chunks_exact_mut(bins).enumerate() {
            for (to, value) in bands.iter_mut().zip(plane.iter().skip(frame).step_by(self.shape.frames)) {
                *to = self.level.magnitude(*value);
            }
            let (inside, beyond) = row.split_at_mut(self.bank.bins());
            self.bank.invert(bands, inside, scratch);
            self.unweigh(inside);
            beyond.fill(0.0);
        }
    }
}

impl Representation for Spectrogram {
    fn name(&self) -> &'static str {
        self.name
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
        let StftShape { n_fft, hop, samples, .. } = *self.inverter.stft().shape();
        Transform { window: "hann".to_owned(), n_fft, hop_length: hop, center: true, samples }
    }

    fn is_exact(&self) -> bool {
        false
    }

    fn planes(&self) -> &'static [Plane] {
        self.channels.planes(&[if self.level.is_log() { Part::Level } else { Part::Magnitude }])
    }

    fn values(&self) -> Values {
        self.level.values()
    }

    fn middles(&self) -> Vec<f32> {
        self.bank.middles()
    }

    fn encode(&self, slice: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<(), SpectralError> {
        self.slices.check_encode(self.shape, slice, out)?;
        check_values("the slice", LARGEST_SAMPLE, slice)?;
        let stft = *self.inverter.stft().shape();
        let signal = sized(&mut scratch.signals, stft.samples);
        let spectrum = sized(&mut scratch.spectrum, stft.points());
        let magnitudes = sized(&mut scratch.magnitudes, self.bank.bins());
        for (index, plane) in out.chunks_exact_mut(self.shape.plane()).enumerate() {
            signal.fill(0.0);
            signal.iter_mut().zip(self.channels.signal(slice, index)).for_each(|(to, from)| *to = from);
            self.inverter.stft().analyse(signal, spectrum, &mut scratch.inversion)?;
            for (frame, row) in spectrum.chunks_exact(stft.bins()).enumerate() {
                self.weigh(row, magnitudes);
                let values = plane.iter_mut().skip(frame).step_by(self.shape.frames);
                values.zip(self.bank.apply(magnitudes)).for_each(|(to, band)| *to = self.level.value(band));
            }
        }
        // All planes together, so that they keep what they are to each other.
        self.level.stretch(out);
        Ok(())
    }

    fn clean_generated(&self, tensor: &mut [f32]) {
        self.level.stretch_generated(tensor);
    }

    fn decode(&self, tensor: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<Decoded, SpectralError> {
        self.slices.check_decode(self.shape, tensor, out)?;
        let points = self.inverter.stft().shape().points();
        let magnitudes = sized(&mut scratch.magnitudes, self.inverter.magnitudes_len());
        let bands = sized(&mut scratch.turned, self.shape.bins);
        for (plane, magnitudes) in tensor.chunks_exact(self.shape.plane()).zip(magnitudes.chunks_exact_mut(points)) {
            self.magnitudes_of(plane, magnitudes, bands, &mut scratch.bank);
        }
        let signals = sized(&mut scratch.signals, self.inverter.signals_len());
        let convergence = self.inverter.invert(magnitudes, signals, &mut scratch.inversion)?;
        self.channels.interleave(signals, out);
        Ok(Decoded { convergence: Some(convergence) })
    }
}
