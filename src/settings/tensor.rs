//! What form a tensor has, from `--representation`, `--bins`, `--frames` and `--phase`.

use super::Usage;
use crate::cli::{PhaseName, TensorArgs};
use adm_models::config;
use adm_spectral::{InversionConfig, PhaseMethod, RepresentationConfig};
use std::iter;

impl TensorArgs {
    /// The form that was asked for; `None` where nothing was.
    ///
    /// # Errors
    /// A name or a key that no representation has, a value that is out of place.
    pub fn config(&self) -> Result<Option<RepresentationConfig>, Usage> {
        if self.representation.is_none() && self.bins.is_none() && self.frames.is_none() {
            return Ok(None);
        }
        let mut parts = self.representation.as_deref().unwrap_or("stereo-complex").split(',').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let own = parts.map(str::to_owned);
        let sizes = [("bins", self.bins), ("frames", self.frames)];
        let given = sizes.into_iter().filter_map(|(key, number)| Some(format!("{key}={}", number?)));
        let settings: Vec<String> = iter::once(format!("name={name}")).chain(own).chain(given).collect();
        // Read as a run's configuration is: keys and values may be nested, and what is misspelt is told what is near it.
        Ok(Some(config::read("", "--representation", "", &settings)?))
    }
}

/// The same form with phases found by `phase`, under `seed`.
///
/// # Errors
/// A form that keeps its phases.
pub fn with_phase(
    config: RepresentationConfig,
    phase: Option<PhaseName>,
    seed: Option<u64>,
) -> Result<RepresentationConfig, Usage> {
    let Some(own) = config.inversion().cloned() else {
        return match phase {
            None => Ok(config),
            Some(_) => Err(Usage::new(
                format!("{} tensors hold their phases, so there are none to find", config.name()),
                "leave out --phase, or say with --representation what the tensor holds",
            )),
        };
    };
    let method = phase.map_or(own.method, |name| match name {
        PhaseName::Auto => PhaseMethod::Auto,
        PhaseName::Pghi => PhaseMethod::Pghi,
        PhaseName::GriffinLim => PhaseMethod::GriffinLim,
        PhaseName::FastGriffinLim => PhaseMethod::FastGriffinLim,
        PhaseName::Random => PhaseMethod::Random,
        PhaseName::Slaney => PhaseMethod::Slaney,
    });
    Ok(config.with_inversion(InversionConfig { method, seed: seed.unwrap_or(own.seed), ..own }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RepresentationConfig, String> {
        let args = TensorArgs { representation: Some(text.to_owned()), bins: None, frames: None };
        args.config().map(Option::unwrap).map_err(|error| error.to_string())
    }

    #[test]
    fn forms_are_read_from_a_line() {
        for name in [
            "stereo-complex",
            "log-frequency",
            "exponential",
            "magnitude",
            "mel",
            "log-mel",
            "mag-if",
            "log-band",
            "waveform",
        ] {
            assert_eq!(read(name).unwrap().name(), name);
        }
        let log_mel = read("log-mel, bins=64, stereo=left-right, phase.method=slaney, phase.iterations=3").unwrap();
        let json = serde_json::to_value(&log_mel).unwrap();
        assert_eq!((&json["bins"], &json["stereo"]), (&64.into(), &"left-right".into()));
        assert_eq!((&json["phase"]["method"], &json["phase"]["iterations"]), (&"slaney".into(), &3.into()));
        let args = TensorArgs { representation: Some("mel,bins=64".to_owned()), bins: Some(32), frames: None };
        assert_eq!(serde_json::to_value(args.config().unwrap()).unwrap()["bins"], 32);
    }

    #[test]
    fn what_no_form_has_is_refused() {
        for text in ["log-mell", "mel,colour=1", "mel,bins", "mel,bins=x", ""] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_what_lacks_phases_can_be_given_some() {
        let phase = |text: &str| with_phase(read(text).unwrap(), Some(PhaseName::Pghi), Some(7));
        let own = phase("magnitude").unwrap().inversion().cloned().unwrap();
        assert_eq!((own.method, own.seed), (PhaseMethod::Pghi, 7));
        let message = phase("log-frequency").unwrap_err().to_string();
        assert_eq!(message, "log-frequency tensors hold their phases, so there are none to find");
    }
}
