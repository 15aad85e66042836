//! What can go wrong with spectra.

use crate::tensor::Shape;
use adm_core::units::OutOfRange;
use adm_core::{Hint, SampleRate};

/// An error of this crate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SpectralError {
    /// A buffer that does not fit.
    #[error("{what} must hold {expected} values, got {actual}")]
    WrongLength {
        /// What the buffer is, in the user's words.
        what: &'static str,
        /// Values it must hold.
        expected: usize,
        /// Values it holds.
        actual: usize,
    },
    /// A tensor of another shape than the one at work here.
    #[error("a tensor of {expected} is needed, got {actual}")]
    WrongShape {
        /// The shape that is needed.
        expected: Shape,
        /// The shape that was given.
        actual: Shape,
    },
    /// A NaN, an infinity, or a value so large that sums of such values would be one.
    #[error("{what} holds {value} at position {index}, but only numbers up to {limit:e} in magnitude make sense there")]
    BadValue {
        /// What the buffer is, in the user's words.
        what: &'static str,
        /// Where the value stands in it.
        index: usize,
        /// The value.
        value: f32,
        /// The largest magnitude that is allowed.
        limit: f32,
    },
    /// A magnitude below zero.
    #[error("a magnitude must not be negative, got {value} at position {index}")]
    NegativeMagnitude {
        /// Where it stands among the magnitudes.
        index: usize,
        /// The value.
        value: f32,
    },
    /// A number of channels that nothing here can take.
    #[error("{expected} are needed, got {actual} channels")]
    WrongChannels {
        /// What is allowed, in words.
        expected: &'static str,
        /// What was given.
        actual: usize,
    },
    /// A setting outside its range.
    #[error(transparent)]
    Setting(#[from] OutOfRange),
    /// Frames too far apart for the spectrum to be inverted.
    #[error(
        "a slice of {slice_frames} frames at {rate} in {frames} spectra takes a hop of {hop}, \
         and {bins} bins can be inverted well only up to a hop of {longest_hop}"
    )]
    HopTooLarge {
        /// Length of the slice.
        slice_frames: usize,
        /// Its sample rate.
        rate: SampleRate,
        /// Bins of the representation.
        bins: usize,
        /// Frames of the representation.
        frames: usize,
        /// The hop that follows.
        hop: usize,
        /// The longest hop whose inverse is well conditioned.
        longest_hop: usize,
        /// Fewest frames that would do, with these bins.
        enough_frames: usize,
        /// Fewest bins that would do, with these frames.
        enough_bins: usize,
    },
    /// Bands of a slice's spectrum that hold more frequencies than the tensor has frames.
    #[error("a slice of {slice_frames} frames at {rate} in {bins} bands has bands too wide for {frames} frames")]
    BandsTooWide {
        /// Length of the slice.
        slice_frames: usize,
        /// Its sample rate.
        rate: SampleRate,
        /// Bins of the representation.
        bins: usize,
        /// Frames of the representation.
        frames: usize,
        /// Fewest frames that would do, with these bins.
        enough_frames: usize,
        /// Fewest bins that would do, with these frames.
        enough_bins: usize,
    },
    /// Values that a network cannot make.
    #[error("the values of {name} tensors are as large as the sound makes them, which no network can learn")]
    RawValues {
        /// The representation's name.
        name: &'static str,
    },
    /// No magnitude to scale by.
    #[error("the tensors hold nothing but zeros up to the quantile {quantile} of their magnitudes")]
    Silent {
        /// The quantile that was asked for.
        quantile: f64,
    },
    /// A picture that could not be encoded.
    #[error("the picture could not be encoded: {reason}")]
    Picture {
        /// What the encoder said.
        reason: String,
    },
}

impl Hint for SpectralError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::HopTooLarge { enough_frames, enough_bins, .. }
            | Self::BandsTooWide { enough_frames, enough_bins, .. } => Some(format!(
                "use --set representation.frames={enough_frames} or --set representation.bins={enough_bins}, or prepare \
                 the dataset again with a lower --sample-rate or fewer --beats-per-slice"
            )),
            Self::RawValues { .. } => Some("use --set 'representation.range=\"unit\"'".to_owned()),
            Self::WrongChannels { .. } => Some("prepare the recording as stereo, or with --mono".to_owned()),
            _ => None,
        }
    }
}

/// Refuses a buffer that does not hold exactly `expected` values.
pub(crate) fn check_length(what: &'static str, expected: usize, actual: usize) -> Result<(), SpectralError> {
    if expected == actual { Ok(()) } else { Err(SpectralError::WrongLength { what, expected, actual }) }
}

/// Refuses a setting outside `low..=high`.
pub(crate) fn check_range(what: &'static str, low: usize, high: usize, got: usize) -> Result<(), SpectralError> {
    let refused = || OutOfRange { what, low: low as f64, high: high as f64, got: got as f64 };
    if (low..=high).contains(&got) { Ok(()) } else { Err(refused().into()) }
}

/// Refuses a setting outside `low..=high`.
pub(crate) fn check_setting(what: &'static str, low: f64, high: f64, got: f64) -> Result<(), SpectralError> {
    // Settings are single-precision numbers, whose nearest values may lie a hair outside round bounds.
    let inside = (low * (1.0 - 1e-6)..=high * (1.0 + 1e-6)).contains(&got);
    if inside { Ok(()) } else { Err(OutOfRange { what, low, high, got }.into()) }
}

/// Refuses a buffer that holds a NaN or a value of more than `limit`.
pub(crate) fn check_values(what: &'static str, limit: f32, values: &[f32]) -> Result<(), SpectralError> {
    // Whole chunks without an early way out, so that they take vector instructions. A NaN fails every comparison.
    let fine = |chunk: &[f32]| chunk.iter().fold(true, |fine, value| fine & (value.abs() <= limit));
    if values.chunks(1024).all(fine) {
        return Ok(());
    }
    match values.iter().enumerate().find(|(_, value)| !fine(&[**value])) {
        Some((index, &value)) => Err(SpectralError::BadValue { what, index, value, limit }),
        None => Ok(()),
    }
}
