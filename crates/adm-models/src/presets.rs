//! The presets of a family, built into the binary, and a user's own files over the same base.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::{ModelError, config};

/// Name and TOML of presets of a family, from `configs/<family>/`.
macro_rules! named {
    ($family:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../configs/", $family, "/", $name, ".toml")))),*]
    };
}
pub(crate) use named;

/// What a family has to choose from.
#[derive(Debug, Clone, Copy)]
pub struct Presets {
    /// The family, which is also the table of its settings in a run's `config.toml`.
    pub family: &'static str,
    /// Every key with what it means and the value that it has where nothing else is said.
    pub base: &'static str,
    /// Name and TOML of every preset.
    pub named: &'static [(&'static str, &'static str)],
}

impl Presets {
    /// Reads a preset by its name, or a file where `name` is a path to one, and lays `settings` (`key=value`) over it. A key
    /// may begin with the family's name, as in a run's `config.toml`, and the file may be one.
    ///
    /// # Errors
    /// No such preset or file, an unknown key, a value of the wrong type.
    pub fn read<T: DeserializeOwned>(&self, name: &str, settings: &[String]) -> Result<T, ModelError> {
        let settings: Vec<String> = settings.iter().map(|setting| self.without_family(setting)).collect();
        let text = self.text(name)?;
        config::read(self.base, name, self.of_run(&text).as_deref().unwrap_or(&text), &settings)
    }

    /// Every setting of a preset as it stands, or of the base alone; nothing for a name that is no preset's.
    pub fn table(&self, name: Option<&str>) -> Option<toml::Table> {
        let text = match name {
            None => "",
            Some(name) => self.named.iter().find(|(preset, _)| *preset == name)?.1,
        };
        config::read(self.base, name.unwrap_or("base"), text, &[]).ok()
    }

    /// The preset that is about this: a run's configuration keeps the sentence, not the name.
    pub fn about(&self, about: &str) -> Option<&'static str> {
        let is_it = |name: &&'static str| {
            self.table(Some(name)).is_some_and(|table| table.get("about").and_then(toml::Value::as_str) == Some(about))
        };
        self.named.iter().map(|(name, _)| *name).find(|name| is_it(name))
    }

    fn without_family(&self, setting: &str) -> String {
        let within = setting.strip_prefix(self.family).and_then(|rest| rest.strip_prefix('.'));
        within.unwrap_or(setting).to_owned()
    }

    fn text(&self, name: &str) -> Result<String, ModelError> {
        if let Some((_, text)) = self.named.iter().find(|(preset, _)| *preset == name) {
            return Ok((*text).to_owned());
        }
        if Path::new(name).extension().is_some_and(|extension| extension == "toml") {
            return Ok(std::fs::read_to_string(name).map_err(adm_train::TrainError::io("read", name))?);
        }
        let known = self.named.iter().map(|(preset, _)| *preset).collect();
        Err(ModelError::UnknownPreset { family: self.family, name: name.to_owned(), known })
    }

    /// The settings within a run's `config.toml`, if that is what the text is: no preset has a table of its family's name.
    fn of_run(&self, text: &str) -> Option<String> {
        let table: toml::Table = toml::from_str(text).ok()?;
        toml::to_string(table.get(self.family)?.as_table()?).ok()
    }
}
