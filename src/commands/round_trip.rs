//! How well a slice comes back from its tensor.

use adm_spectral::{Representation, Scratch, SpectralError, Tensor};
use serde::Serialize;

/// Measured on one slice.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RoundTrip {
    /// Signal-to-noise ratio of the slice that comes back, in dB; none for silence.
    snr_db: Option<f64>,
    /// Where phases had to be found: how near their magnitudes come, in dB, lower is better.
    convergence_db: Option<f64>,
}

impl RoundTrip {
    /// Of a slice and its tensor.
    ///
    /// # Errors
    /// As for [`Representation::decode`].
    pub fn of(representation: &dyn Representation, slice: &[f32], tensor: &Tensor) -> Result<Self, SpectralError> {
        let mut back = vec![0.0; slice.len()];
        let decoded = representation.decode(tensor.data(), &mut back, &mut Scratch::new())?;
        let square = |value: f64| value * value;
        let signal: f64 = slice.iter().map(|&sample| square(f64::from(sample))).sum();
        let errors = slice.iter().zip(&back).map(|(&a, &b)| square(f64::from(a) - f64::from(b)));
        let noise: f64 = errors.sum::<f64>().max(f64::MIN_POSITIVE);
        Ok(Self {
            snr_db: (signal > 0.0).then(|| 10.0 * (signal / noise).log10()),
            convergence_db: decoded.convergence.map(|convergence| convergence.decibels()),
        })
    }

    /// Of the slice that a tensor gives, where its own is not at hand.
    ///
    /// # Errors
    /// As for [`Representation::decode`].
    pub fn of_tensor(representation: &dyn Representation, tensor: &Tensor) -> Result<Self, SpectralError> {
        let mut slice = vec![0.0; representation.slice_frames() * representation.slice_channels()];
        let decoded = representation.decode(tensor.data(), &mut slice, &mut Scratch::new())?;
        let again = representation.tensor_of(&slice)?;
        let convergence_db = decoded.convergence.map(|convergence| convergence.decibels());
        Ok(Self { convergence_db, ..Self::of(representation, &slice, &again)? })
    }

    /// In words.
    pub fn sentence(&self, exact: bool) -> String {
        let how = if exact { "exactly" } else { "as an estimate" };
        let snr = self.snr_db.map(|db| format!("{db:.1} dB above its error"));
        let convergence = self.convergence_db.map(|db| format!("spectral convergence {db:.1} dB"));
        // Phases that were found make another wave of the same sound, so the error of the wave says nothing then.
        let measured = convergence.or(snr).unwrap_or_else(|| "silence".to_owned());
        format!("{how}, {measured} here")
    }
}
