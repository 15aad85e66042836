//! Spectra of slices: the short-time Fourier transform and its inverse, the representations that turn a slice into a
//! network's tensor and back, the scaling into the network's range, the inversion of magnitudes without phases, and
//! pictures of spectra.
//!
//! ```text
//! slice ─Representation::encode→ tensor ─Scaling::apply→ what a network sees
//! slice ←Representation::decode─ tensor ←Scaling::invert─ what a network gives
//! ```
//!
//! Slices are interleaved `f32` (left, right) in [-1, 1]; tensors are `[channels, bins, frames]`. A representation is
//! built once for one slice length and shared by all threads; each thread brings its own [`Scratch`], and then nothing
//! is allocated from slice to slice.

pub mod consistency;
pub mod error;
pub mod inversion;
pub mod picture;
pub mod representation;
pub mod scaling;
mod scratch;
pub mod stft;
pub mod tensor;

pub use consistency::consistency_db;
pub use error::SpectralError;
pub use inversion::{ChannelLayout, Convergence, InversionConfig, InversionScratch, Inverter, PhaseMethod, StftShape};
pub use representation::{
    BandPhase, Decoded, ExponentialConfig, LogBandConfig, LogFrequencyConfig, LogMelConfig, MagIfConfig,
    MagnitudeConfig, MagnitudeScale, MelConfig, MelNorm, MelScale, Part, PhaseOrigin, Plane, Representation,
    RepresentationConfig, Source, StereoComplexConfig, StereoPlanes, Transform, ValueRange, Values,
};
pub use scaling::{Coding, Law, ReferenceMeter, Scaling, measure_reference};
pub use scratch::Scratch;
pub use stft::Stft;
pub use tensor::{Shape, Tensor};
