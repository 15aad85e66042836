//! `mag-if`: log-magnitudes and instantaneous frequencies (Engel et al., 2019, "GANSynth: Adversarial neural audio
//! synthesis", section 2.2).
//!
//! The transform is that of `stereo-complex`. Instead of real and imaginary parts a point has its level and the speed at
//! which its phase turns: the step from the frame before, less the `bin · hop / size` turns that a tone in the middle of the
//! bin makes, wrapped into half a turn either way and doubled, so that values lie within -1 to 1. (GANSynth keeps the bin's
//! own turns in; without them a steady tone is near 0 in every bin.) The first frame's step is from a phase of zero. Adding up
//! the steps gives the phases back, so that all is kept but Nyquist's bin, which is left out, and what lies below the
//! floor.

use super::plane::{Part, Plane, Values};
use super::slices::Slices;
use super::spectrogram::{Channels, Level, MagnitudeScale, StereoPlanes, ValueRange};
use super::{Decoded, MOST_POINTS, Representation, Transform};
use crate::error::{SpectralError, check_range};
use crate::scratch::{Scratch, sized};
use crate::stft::{Stft, longest_hop};
use crate::tensor::Shape;
use serde::{Deserialize, Serialize};
use std::f64::consts::TAU;

/// Settings of `mag-if`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MagIfConfig {
    /// Frequencies, 4 to 8,192; the FFT size is twice this. 256 by default. More of them tell near frequencies apart
    /// better and near moments worse.
    pub bins: usize,
    /// Moments, 2 to 8,192, whatever the slice's length. 256 by default. More of them overlap more, and frequencies are
    /// smoother.
    pub frames: usize,
    /// What becomes of stereo: `mid-side` (the default), `left-right` or `mono`.
    pub stereo: StereoPlanes,
    /// The lowest level in dB below full scale, -200 to -10. -120 by default. A higher one silences more.
    pub floor: f32,
}

impl Default for MagIfConfig {
    fn default() -> Self {
        Self { bins: 256, frames: 256, stereo: StereoPlanes::MidSide, floor: -120.0 }
    }
}

/// The representation for slices of one length.
#[derive(Debug)]
pub struct MagIf {
    stft: Stft,
    slices: Slices,
    channels: Channels,
    level: Level,
}

impl MagIf {
    /// For slices of `slice_frames` frames with `channels` channels, at any rate.
    ///
    /// # Errors
    /// As for [`super::RepresentationConfig::build`].
    pub fn new(config: &MagIfConfig, slice_frames: usize, channels: usize) -> Result<Self, SpectralError> {
        let &MagIfConfig { bins, frames, stereo, floor } = config;
        check_range("the representation's bins", 4, 8_192, bins)?;
        check_range("the representation's frames", 2, 8_192, frames)?;
        check_range("the representation's bins times frames", 1, MOST_POINTS, bins * frames)?;
        let slices = Slices::new(slice_frames, channels)?;
        check_range("the length of a slice in frames", 1, longest_hop(2 * bins) * (frames - 1), slice_frames)?;
        let hop = slice_frames.div_ceil(frames - 1);
        let channels = Channels::new(slices, stereo);
        // The window's weights add up to half the frame.
        let level = Level::new(MagnitudeScale::Log, ValueRange::Unit, floor, bins as f64 * channels.peak())?;
        Ok(Self { stft: Stft::new(bins, hop, hop * (frames - 1))?, slices, channels, level })
    }

    /// Turns from one frame to the next of a tone in the middle of a bin, its whole turns left out.
    fn advance(&self, bin: usize) -> f64 {
        ((bin * self.stft.hop()) % self.stft.size()) as f64 / self.stft.size() as f64
    }

    /// Turns a bin's real and imaginary parts into levels and frequencies, in place.
    fn to_polar(&self, bin: usize, real: &mut [f32], imaginary: &mut [f32]) {
        let (mut phase, advance) = (0.0, self.advance(bin));
        for (real, imaginary) in real.iter_mut().zip(imaginary) {
            // Bin 0 holds Nyquist as its imaginary part.
            let (x, y) = (*real, if bin == 0 { 0.0 } else { *imaginary });
            let expected = phase + advance;
            let turn = if x == 0.0 && y == 0.0 { expected } else { f64::from(y).atan2(f64::from(x)) / TAU };
            *real = self.level.value(x.hypot(y));
            *imaginary = (2.0 * wrapped(turn - expected)) as f32;
            // What decoding will have added up, rounding and all.
            phase = wrapped(expected + 0.5 * f64::from(*imaginary));
        }
    }

    /// Undoes [`Self::to_polar`].
    fn to_parts(&self, bin: usize, [levels, frequencies]: [&[f32]; 2], [real, imaginary]: [&mut [f32]; 2]) {
        let (mut phase, advance) = (0.0, self.advance(bin));
        let points = levels.iter().zip(frequencies).zip(real.iter_mut().zip(imaginary));
        for ((level, frequency), (real, imaginary)) in points {
            phase = wrapped(phase + advance + 0.5 * f64::from(*frequency));
            let (sin, cos) = ((TAU * phase) as f32).sin_cos();
            let magnitude = self.level.magnitude(*level);
            (*real, *imaginary) = (magnitude * cos, if bin == 0 { 0.0 } else { magnitude * sin });
        }
    }
}

/// An angle in turns, within half a turn of zero.
fn wrapped(turns: f64) -> f64 {
    turns - turns.round()
}

impl Representation for MagIf {
    fn name(&self) -> &'static str {
        "mag-if"
    }

    fn shape(&self) -> Shape {
        Shape::new(2 * self.channels.layout().channels(), self.stft.bins(), self.stft.frames())
    }

    fn slice_frames(&self) -> usize {
        self.slices.frames
    }

    fn slice_channels(&self) -> usize {
        self.slices.channels
    }

    fn transform(&self) -> Transform {
        Transform::from(&self.stft)
    }

    fn is_exact(&self) -> bool {
        false
    }

    fn planes(&self) -> &'static [Plane] {
        self.channels.planes(&[Part::Level, Part::Frequency])
    }

    fn values(&self) -> Values {
        self.level.values()
    }

    fn encode(&self, slice: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<(), SpectralError> {
        self.slices.check_encode(self.shape(), slice, out)?;
        let (plane, frames) = (self.shape().plane(), self.stft.frames());
        for (index, pair) in out.chunks_exact_mut(2 * plane).enumerate() {
            let (real, imaginary) = pair.split_at_mut(plane);
            let samples = self.channels.signal(slice, index);
            self.stft.analyse_samples(self.stft.bins(), samples, real, imaginary, scratch);
            let rows = real.chunks_exact_mut(frames).zip(imaginary.chunks_exact_mut(frames));
            rows.enumerate().for_each(|(bin, (real, imaginary))| self.to_polar(bin, real, imaginary));
        }
        Ok(())
    }

    fn decode(&self, tensor: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<Decoded, SpectralError> {
        self.slices.check_decode(self.shape(), tensor, out)?;
        let (plane, frames, samples) = (self.shape().plane(), self.stft.frames(), self.stft.samples());
        let (mut turned, mut signals) = (std::mem::take(&mut scratch.turned), std::mem::take(&mut scratch.signals));
        let parts = sized(&mut turned, 2 * plane);
        let made = sized(&mut signals, self.channels.layout().channels() * samples);
        for (pair, signal) in tensor.chunks_exact(2 * plane).zip(made.chunks_exact_mut(samples)) {
            let ((levels, frequencies), (real, imaginary)) = (pair.split_at(plane), parts.split_at_mut(plane));
            let polar = levels.chunks_exact(frames).zip(frequencies.chunks_exact(frames));
            let rows = real.chunks_exact_mut(frames).zip(imaginary.chunks_exact_mut(frames));
            for (bin, ((levels, frequencies), (real, imaginary))) in polar.zip(rows).enumerate() {
                self.to_parts(bin, [levels, frequencies], [real, imaginary]);
            }
            let samples = self.stft.synthesise_samples(real, imaginary, scratch);
            signal.iter_mut().zip(samples).for_each(|(to, from)| *to = from);
        }
        self.channels.to_left_and_right(made);
        self.channels.interleave(made, out);
        (scratch.turned, scratch.signals) = (turned, signals);
        Ok(Decoded::default())
    }
}
