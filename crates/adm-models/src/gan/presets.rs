//! The presets, built into the binary, and a user's own files.

use std::path::Path;

use super::GanConfig;
use crate::{ModelError, config};

macro_rules! presets {
    ($($name:literal),* $(,)?) => {
        /// Name and TOML of every preset.
        pub const PRESETS: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../../configs/gan/", $name, ".toml")))),*];
    };
}

/// Every key with what it means and the value that it has where nothing else is said.
const BASE: &str = include_str!("../../../../configs/gan/base.toml");

presets!("cpu", "training-1", "training-2", "training-3", "training-4", "training-5");

/// Reads a preset by its name, or a file where `name` is a path to one, and lays `settings` (`key=value`) over it. A key may
/// begin with `gan.`, as in a run's `config.toml`.
///
/// # Errors
/// No such preset or file, an unknown key, a value of the wrong type or out of range.
pub fn load(name: &str, settings: &[String]) -> Result<GanConfig, ModelError> {
    let settings: Vec<String> =
        settings.iter().map(|setting| setting.strip_prefix("gan.").unwrap_or(setting).to_owned()).collect();
    let text = match PRESETS.iter().find(|(preset, _)| *preset == name) {
        Some((_, text)) => (*text).to_owned(),
        None if Path::new(name).extension().is_some_and(|extension| extension == "toml") => {
            std::fs::read_to_string(name).map_err(adm_train::TrainError::io("read", name))?
        }
        None => {
            let known = PRESETS.iter().map(|(preset, _)| *preset).collect();
            return Err(ModelError::UnknownPreset { family: "gan", name: name.to_owned(), known });
        }
    };
    let config: GanConfig = config::read(BASE, name, of_run(&text).as_deref().unwrap_or(&text), &settings)?;
    config.validate()?;
    Ok(config)
}

/// The settings within a run's `config.toml`, if that is what the text is.
fn of_run(text: &str) -> Option<String> {
    let table: toml::Table = toml::from_str(text).ok()?;
    table.contains_key("slice").then_some(())?;
    toml::to_string(table.get("gan")?).ok()
}
