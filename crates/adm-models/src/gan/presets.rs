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

presets!("cpu", "training-1", "training-2", "training-3", "training-4", "training-5");

/// Reads a preset by its name, or a file where `name` is a path to one, and lays `settings` (`key=value`) over it.
///
/// # Errors
/// No such preset or file, an unknown key, a value of the wrong type or out of range.
pub fn load(name: &str, settings: &[String]) -> Result<GanConfig, ModelError> {
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
    let config: GanConfig = config::read(name, &text, settings)?;
    config.validate()?;
    Ok(config)
}
