//! The transform behind a representation, as it is recorded beside tensors and runs.

use crate::stft::Stft;
use serde::{Deserialize, Serialize};

/// A short-time Fourier transform, in the terms of `librosa.stft`.
///
/// The slice is padded with zeros at its end up to `samples`. Of complex tensors bin 0 holds the DC bin as its real part
/// and the Nyquist bin, which is real too, as its imaginary part. `log-frequency` takes one FFT over the slice and its gap,
/// so there `n_fft` is `samples`, and `window` names no window but the representation. `waveform` takes none: `n_fft` is 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transform {
    /// The window's name; it is periodic.
    pub window: String,
    /// Samples that one frame of the tensor looks at.
    pub n_fft: usize,
    /// Samples from one frame of the tensor to the next.
    pub hop_length: usize,
    /// Whether frame `t` is centred on sample `t · hop_length`, with zeros beyond the ends.
    pub center: bool,
    /// Length of the slice with the zeros at its end.
    pub samples: usize,
}

impl From<&Stft> for Transform {
    fn from(stft: &Stft) -> Self {
        Self {
            window: "hann".to_owned(),
            n_fft: stft.size(),
            hop_length: stft.hop(),
            center: true,
            samples: stft.samples(),
        }
    }
}
