//! Reversible maps between slices and tensors.

mod curve;
mod exponential;
mod log_band;
mod log_frequency;
mod mag_if;
mod magnitude;
mod mel;
mod phase;
mod plane;
mod slices;
mod spectrogram;
mod stereo_complex;
mod transform;
mod waveform;

pub use exponential::{BandPhase, Exponential, ExponentialConfig};
pub use log_band::LogBandConfig;
pub use log_frequency::{LogFrequency, LogFrequencyConfig};
pub use mag_if::{MagIf, MagIfConfig};
pub use magnitude::MagnitudeConfig;
pub use mel::{LogMelConfig, MelConfig, MelNorm, MelScale};
pub use phase::PhaseOrigin;
pub use plane::{Part, Plane, Source, Values};
pub use spectrogram::{MagnitudeScale, Spectrogram, StereoPlanes, ValueRange};
pub use stereo_complex::{StereoComplex, StereoComplexConfig};
pub use transform::Transform;
pub use waveform::{Waveform, WaveformConfig};

pub(crate) use exponential::SolveScratch;
pub(crate) use spectrogram::BankScratch;

use crate::error::SpectralError;
use crate::inversion::{Convergence, InversionConfig};
use crate::scratch::Scratch;
use crate::tensor::{Shape, Tensor};
use adm_core::SampleRate;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Most points of a tensor's plane, `bins · frames`: half a gigabyte in stereo.
const MOST_POINTS: usize = 1 << 25;

/// What became of a decoding.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Decoded {
    /// Where phases had to be found: how near the sound's magnitudes come to those that were wanted.
    pub convergence: Option<Convergence>,
}

/// A map between slices of one length and tensors of one shape.
///
/// It is built once by [`RepresentationConfig::build`] and shared by all threads; each of them brings a [`Scratch`].
pub trait Representation: Send + Sync + std::fmt::Debug {
    /// Its name in settings and manifests, such as `stereo-complex`.
    fn name(&self) -> &'static str;

    /// The shape of every tensor.
    fn shape(&self) -> Shape;

    /// Frames of every slice.
    fn slice_frames(&self) -> usize;

    /// Channels of every slice: 1 or 2, interleaved (left, right).
    fn slice_channels(&self) -> usize;

    /// The transform that it stands on.
    fn transform(&self) -> Transform;

    /// Whether `decode` gives back what `encode` was given, to float precision. Where it does not, the tensor keeps
    /// less than the slice (no phase, fewer frequencies) and `decode` estimates the rest.
    fn is_exact(&self) -> bool;

    /// What each of the tensor's channels holds.
    fn planes(&self) -> &'static [Plane];

    /// The range of the tensor's values; raw by default.
    fn values(&self) -> Values {
        Values::Raw
    }

    /// Where the middles of the tensor's bands lie, lowest first, in bins of the transform; none where its bins are not bands of
    /// magnitudes.
    fn middles(&self) -> Vec<f32> {
        Vec::new()
    }

    /// Turns a slice into its tensor.
    ///
    /// # Shapes
    /// `slice`: `[slice_frames, slice_channels]`, interleaved. `out`: `[channels, bins, frames]` of [`Self::shape`].
    ///
    /// # Errors
    /// Buffers of other lengths; values that are not finite.
    fn encode(&self, slice: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<(), SpectralError>;

    /// Turns an analysed tensor back into its slice.
    ///
    /// # Shapes
    /// As for [`Self::encode`], the other way round.
    ///
    /// # Errors
    /// Buffers of other lengths; values that are not finite.
    fn decode(&self, tensor: &[f32], out: &mut [f32], scratch: &mut Scratch) -> Result<Decoded, SpectralError>;

    /// Clears what a network cannot know of in a tensor that it generated, in place. Nothing by default.
    fn clean_generated(&self, _tensor: &mut [f32]) {}

    /// Turns a generated tensor into a slice: [`Self::clean_generated`], then [`Self::decode`].
    ///
    /// # Errors
    /// As for [`Self::decode`].
    fn decode_generated(
        &self,
        tensor: &mut [f32],
        out: &mut [f32],
        scratch: &mut Scratch,
    ) -> Result<Decoded, SpectralError> {
        self.clean_generated(tensor);
        self.decode(tensor, out, scratch)
    }
}

impl dyn Representation + '_ {
    /// Values of the tensor for each value of the slice.
    pub fn relative_size(&self) -> f64 {
        self.shape().size() as f64 / (self.slice_frames() * self.slice_channels()) as f64
    }

    /// Whether the tensor is made of complex numbers, a real and an imaginary plane each, as [`crate::Scaling`] needs it.
    pub fn is_complex(&self) -> bool {
        self.planes().iter().all(|plane| matches!(plane.part, Part::Real | Part::Imaginary))
    }

    /// [`Representation::encode`] into a tensor of its own, for when a few allocations do not matter.
    ///
    /// # Errors
    /// As for [`Representation::encode`].
    pub fn tensor_of(&self, slice: &[f32]) -> Result<Tensor, SpectralError> {
        let mut tensor = Tensor::zeros(self.shape());
        self.encode(slice, tensor.data_mut(), &mut Scratch::new())?;
        Ok(tensor)
    }

    /// [`Representation::decode`] into a slice of its own, for when a few allocations do not matter.
    ///
    /// # Errors
    /// A tensor of another shape, and as for [`Representation::decode`].
    pub fn slice_of(&self, tensor: &Tensor) -> Result<Vec<f32>, SpectralError> {
        let (expected, actual) = (self.shape(), tensor.shape());
        if expected != actual {
            return Err(SpectralError::WrongShape { expected, actual });
        }
        let mut slice = vec![0.0; self.slice_frames() * self.slice_channels()];
        self.decode(tensor.data(), &mut slice, &mut Scratch::new())?;
        Ok(slice)
    }
}

/// Which representation, and its settings; `name` tells them apart in TOML and JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RepresentationConfig {
    /// The founding document's: real and imaginary parts of both channels.
    StereoComplex(StereoComplexConfig),
    /// The same numbers over bands that widen with frequency, exactly invertible.
    LogFrequency(LogFrequencyConfig),
    /// The founding document's third dataset: a long transform whose bins are pooled along a curve.
    Exponential(ExponentialConfig),
    /// Magnitudes and instantaneous frequencies, as in GANSynth.
    MagIf(MagIfConfig),
    /// Magnitudes alone, as in document 002.
    Magnitude(MagnitudeConfig),
    /// Magnitudes in mel bands.
    Mel(MelConfig),
    /// Levels in mel bands.
    LogMel(LogMelConfig),
    /// A-weighted amplitudes in bands that widen with frequency, as in document 004.
    LogBand(LogBandConfig),
    /// The samples themselves, as in document 003.
    Waveform(WaveformConfig),
}

impl Default for RepresentationConfig {
    fn default() -> Self {
        Self::StereoComplex(StereoComplexConfig::default())
    }
}

impl RepresentationConfig {
    /// Builds the representation for slices of `slice_frames` frames at `rate` with `channels` channels.
    ///
    /// # Errors
    /// Settings out of range, an empty slice, another number of channels than 1 or 2, or a slice too long to be
    /// inverted with these settings.
    pub fn build(
        &self,
        slice_frames: usize,
        rate: SampleRate,
        channels: usize,
    ) -> Result<Arc<dyn Representation>, SpectralError> {
        Ok(match self {
            Self::StereoComplex(config) => Arc::new(StereoComplex::new(config, slice_frames, rate, channels)?),
            Self::LogFrequency(config) => Arc::new(LogFrequency::new(config, slice_frames, rate, channels)?),
            Self::Exponential(config) => Arc::new(Exponential::new(config, slice_frames, channels)?),
            Self::MagIf(config) => Arc::new(MagIf::new(config, slice_frames, channels)?),
            Self::Magnitude(config) => Arc::new(config.build(slice_frames, rate, channels)?),
            Self::Mel(config) => Arc::new(config.build(slice_frames, rate, channels)?),
            Self::LogMel(config) => Arc::new(config.build(slice_frames, rate, channels)?),
            Self::LogBand(config) => Arc::new(config.build(slice_frames, rate, channels)?),
            Self::Waveform(config) => Arc::new(Waveform::new(config, slice_frames, channels)?),
        })
    }

    /// Its name in settings and manifests, such as `stereo-complex`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::StereoComplex(_) => "stereo-complex",
            Self::LogFrequency(_) => "log-frequency",
            Self::Exponential(_) => "exponential",
            Self::MagIf(_) => "mag-if",
            Self::Magnitude(_) => "magnitude",
            Self::Mel(_) => "mel",
            Self::LogMel(_) => "log-mel",
            Self::LogBand(_) => "log-band",
            Self::Waveform(_) => "waveform",
        }
    }

    /// How phases are found, of the representations that have none.
    pub fn inversion(&self) -> Option<&InversionConfig> {
        match self {
            Self::Magnitude(MagnitudeConfig { phase, .. })
            | Self::Mel(MelConfig { phase, .. })
            | Self::LogMel(LogMelConfig { phase, .. })
            | Self::LogBand(LogBandConfig { phase, .. }) => Some(phase),
            _ => None,
        }
    }

    /// The same with another way of finding phases; nothing changes where there are none to be found.
    #[must_use]
    pub fn with_inversion(mut self, inversion: InversionConfig) -> Self {
        match &mut self {
            Self::Magnitude(MagnitudeConfig { phase, .. })
            | Self::Mel(MelConfig { phase, .. })
            | Self::LogMel(LogMelConfig { phase, .. })
            | Self::LogBand(LogBandConfig { phase, .. }) => *phase = inversion,
            _ => {}
        }
        self
    }
}
