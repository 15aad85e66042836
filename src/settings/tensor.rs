//! What form a tensor has, from `--representation`, `--bins`, `--frames` and `--phase`.

use super::Usage;
use crate::cli::{PhaseName, TensorArgs};
use adm_spectral::{InversionConfig, PhaseMethod, RepresentationConfig};
use toml::{Table, Value};

impl TensorArgs {
    /// The form that was asked for; `None` where nothing was.
    ///
    /// # Errors
    /// A name or a key that no representation has, a value that is out of place.
    pub fn config(&self) -> Result<Option<RepresentationConfig>, Usage> {
        if self.representation.is_none() && self.bins.is_none() && self.frames.is_none() {
            return Ok(None);
        }
        let refused = |reason: &str| {
            let text = self.representation.as_deref().unwrap_or("stereo-complex");
            let hint =
                "for example --representation log-mel,bins=256,stereo=left-right; docs/representations.md has all";
            Usage::new(format!("the representation {text:?} is not usable: {}", reason.trim()), hint)
        };
        let mut table = match &self.representation {
            Some(text) => parse(text).map_err(|reason| refused(&reason))?,
            None => Table::from_iter([("name".to_owned(), Value::from("stereo-complex"))]),
        };
        for (key, number) in [("bins", self.bins), ("frames", self.frames)] {
            if let Some(number) = number.and_then(|number| i64::try_from(number).ok()) {
                table.insert(key.to_owned(), Value::Integer(number));
            }
        }
        let config: Result<RepresentationConfig, _> = Value::Table(table).try_into();
        config.map(Some).map_err(|error: toml::de::Error| refused(error.message()))
    }
}

/// A table of `NAME,key=value,outer.key=value`.
fn parse(text: &str) -> Result<Table, String> {
    let mut parts = text.split(',');
    let name = parts.next().unwrap_or_default().trim();
    let mut table = Table::from_iter([("name".to_owned(), Value::from(name))]);
    for part in parts {
        let (key, value) = part.split_once('=').ok_or_else(|| format!("{part:?} is no key=value"))?;
        insert(&mut table, key.trim(), value_of(value.trim()))?;
    }
    Ok(table)
}

fn insert(table: &mut Table, key: &str, value: Value) -> Result<(), String> {
    let Some((outer, inner)) = key.split_once('.') else {
        table.insert(key.to_owned(), value);
        return Ok(());
    };
    let entry = table.entry(outer.to_owned()).or_insert_with(|| Value::Table(Table::new()));
    match entry {
        Value::Table(table) => insert(table, inner, value),
        _ => Err(format!("{outer} is a value and has no {inner}")),
    }
}

/// A number or a truth value where it is one, else a word.
fn value_of(text: &str) -> Value {
    let wrapped: Result<Table, _> = toml::from_str(&format!("value = {text}"));
    wrapped.ok().and_then(|mut table| table.remove("value")).unwrap_or_else(|| Value::from(text))
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

    fn config(text: &str) -> Result<RepresentationConfig, String> {
        let args = TensorArgs { representation: Some(text.to_owned()), bins: None, frames: None };
        args.config().map(Option::unwrap).map_err(|error| error.to_string())
    }

    #[test]
    fn forms_are_read_from_a_line() {
        for name in
            ["stereo-complex", "log-frequency", "exponential", "magnitude", "mel", "log-mel", "mag-if", "log-band"]
        {
            assert_eq!(config(name).unwrap().name(), name);
        }
        let log_mel = config("log-mel, bins=64, stereo=left-right, phase.method=slaney, phase.iterations=3").unwrap();
        let json = serde_json::to_value(&log_mel).unwrap();
        assert_eq!((&json["bins"], &json["stereo"]), (&64.into(), &"left-right".into()));
        assert_eq!((&json["phase"]["method"], &json["phase"]["iterations"]), (&"slaney".into(), &3.into()));
        let args = TensorArgs { representation: Some("mel,bins=64".to_owned()), bins: Some(32), frames: None };
        assert_eq!(serde_json::to_value(args.config().unwrap()).unwrap()["bins"], 32);
    }

    #[test]
    fn what_no_form_has_is_named() {
        for (text, part) in [
            ("log-mell", "unknown variant `log-mell`, expected one of"),
            ("mel,colour=1", "unknown field `colour`, expected one of"),
            ("mel,bins", "\"bins\" is no key=value"),
            ("mel,bins=x", "invalid type: string"),
            ("mel,bins=1,bins.x=2", "bins is a value and has no x"),
        ] {
            let message = config(text).unwrap_err();
            assert!(message.contains(part), "{text}: {message}");
        }
    }

    #[test]
    fn only_what_lacks_phases_can_be_given_some() {
        let phase = |text: &str| with_phase(config(text).unwrap(), Some(PhaseName::Pghi), Some(7));
        let own = phase("magnitude").unwrap().inversion().cloned().unwrap();
        assert_eq!((own.method, own.seed), (PhaseMethod::Pghi, 7));
        let message = phase("log-frequency").unwrap_err().to_string();
        assert_eq!(message, "log-frequency tensors hold their phases, so there are none to find");
    }
}
