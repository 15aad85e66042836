//! A run's settings, and which of them are not those of its base or of its preset.

use super::recorded::Recorded;
use adm_models::Family;
use adm_models::presets::Presets;
use adm_report::{Section, Table};
use adm_train::RunDir;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use toml::{Table as Toml, Value};

/// Settings that every run finds for itself or that say nothing of how it learns.
pub const FOUND: [&str; 2] = ["scaling.reference", "about"];
/// Longer lists are shown by their beginning.
const LONGEST: usize = 12;

/// Settings by their dotted keys.
pub type Settings = BTreeMap<String, Value>;

/// A run's `config.toml`.
pub struct Configuration {
    family: Family,
    presets: &'static Presets,
    /// Settings of the family, as `--set` takes them.
    pub settings: Settings,
    /// What else is in the file: slices, tokens.
    other: Settings,
}

impl Configuration {
    /// Reads a run's.
    ///
    /// # Errors
    /// A file that cannot be read or is no TOML.
    pub fn read(run: &RunDir, family: Family) -> Result<Self> {
        let path = run.config();
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let table: Toml = text.parse().with_context(|| format!("{} is not a usable configuration", path.display()))?;
        Ok(Self::of(table, family))
    }

    fn of(mut table: Toml, family: Family) -> Self {
        let presets = family.presets();
        let settings = table.remove(presets.family).map(flat).unwrap_or_default();
        Self { family, presets, settings, other: flat(Value::Table(table)) }
    }

    fn about(&self) -> &str {
        self.settings.get("about").and_then(Value::as_str).unwrap_or_default()
    }

    /// The preset that it began with, if it was one.
    pub fn preset(&self) -> Option<&'static str> {
        self.presets.about(self.about())
    }

    /// Settings that are not those of the preset, or of the base where there was none.
    pub fn changed(&self) -> Vec<&str> {
        let below = resolved(self.family, self.preset());
        let differs = |key: &&String| !FOUND.contains(&key.as_str()) && !same(below.get(*key), self.settings.get(*key));
        self.settings.keys().filter(differs).map(String::as_str).collect()
    }

    /// The preset in a word, and how many settings are others.
    pub fn origin(&self) -> String {
        let name = self.preset().unwrap_or("a file of its own");
        match self.changed().len() {
            0 => name.to_owned(),
            _ if self.preset().is_none() => name.to_owned(),
            1 => format!("{name}, 1 setting changed"),
            more => format!("{name}, {more} settings changed"),
        }
    }
}

/// Every setting of a preset, those included that it leaves to their defaults; of the base where there was no preset.
fn resolved(family: Family, preset: Option<&str>) -> Settings {
    let typed = preset.and_then(|name| family.resolved(name));
    typed.or_else(|| family.presets().table(preset)).map(|table| flat(Value::Table(table))).unwrap_or_default()
}

pub fn section(run: &Recorded) -> Section {
    let configuration = &run.configuration;
    let base = configuration.presets.table(None).map(|table| flat(Value::Table(table))).unwrap_or_default();
    let columns = ["setting", "here", "in base.toml, where it differs"];
    let table = configuration.settings.iter().fold(
        Table::new("Settings, as --set takes them", columns),
        |table, (key, value)| {
            let below = base.get(key);
            let differs =
                if same(below, Some(value)) { String::new() } else { below.map_or("not there".to_owned(), written) };
            table.row([key.clone(), written(value), differs])
        },
    );
    let other =
        configuration.other.iter().fold(Table::new("What it is about", ["name", "value"]), |table, (key, value)| {
            table.row([key.clone(), written(value)])
        });
    let section = Section::new("Configuration").with(words(configuration)).with(table);
    if configuration.other.is_empty() { section } else { section.with(other) }
}

fn words(configuration: &Configuration) -> String {
    let changed = configuration.changed();
    match configuration.preset() {
        None => "The configuration was a file of its own.".to_owned(),
        Some(preset) if changed.is_empty() => format!("The preset {preset} as it is: {}.", configuration.about()),
        Some(preset) => format!("The preset {preset} with changes to {}.", changed.join(", ")),
    }
}

/// Tables within tables as one, keys with dots between; lists are values.
fn flat(value: Value) -> Settings {
    let mut settings = Settings::new();
    collect("", value, &mut settings);
    settings
}

fn collect(prefix: &str, value: Value, into: &mut Settings) {
    match value {
        Value::Table(table) => table.into_iter().for_each(|(key, value)| {
            let key = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
            collect(&key, value, into);
        }),
        value => drop(into.insert(prefix.to_owned(), value)),
    }
}

/// Whether two values mean the same: 1 is 1.0.
fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    let number = |value: &Value| value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64));
    match (a, b) {
        (Some(a), Some(b)) => a == b || number(a).is_some_and(|a| number(b) == Some(a)),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// A value as people read it: names without quotation marks, long lists by their beginning.
pub fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) if values.len() > LONGEST => {
            let first: Vec<String> = values[..LONGEST].iter().map(written).collect();
            format!("[{}, … {} in all]", first.join(", "), values.len())
        }
        Value::Array(values) => format!("[{}]", values.iter().map(written).collect::<Vec<_>>().join(", ")),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_models::gan;

    fn configuration(name: &str, settings: &[&str]) -> Configuration {
        let settings: Vec<String> = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let config = gan::load(name, &settings).unwrap();
        let mut table = Toml::new();
        // As a run writes it: in text, 32-bit numbers are as short as they were.
        let text = adm_models::config::write(&config).unwrap();
        table.insert("gan".to_owned(), Value::Table(text.parse().unwrap()));
        Configuration::of(table, Family::Gan)
    }

    #[test]
    fn every_preset_knows_itself_and_what_was_changed() {
        for (name, _) in gan::PRESETS {
            let plain = configuration(name, &[]);
            assert_eq!((plain.preset(), plain.changed(), plain.origin()), (Some(*name), vec![], (*name).to_owned()));
        }
        let changed = configuration("cpu", &["training.batch=8", "generator.widths=[8, 4]", "seed=3"]);
        assert_eq!(changed.changed(), ["generator.widths", "seed", "training.batch"]);
        assert_eq!(changed.origin(), "cpu, 3 settings changed");
        assert_eq!(configuration("cpu", &["about=mine"]).origin(), "a file of its own");
    }

    #[test]
    fn values_are_readable() {
        let value = |text: &str| toml::from_str::<Toml>(&format!("a = {text}")).unwrap().remove("a").unwrap();
        let said = ["\"hinge\"", "[1, 2]", "0.5", "true"].map(|text| written(&value(text)));
        assert_eq!(said, ["hinge", "[1, 2]", "0.5", "true"]);
        let long = written(&value(&format!("{:?}", vec![0; 123])));
        assert_eq!(long, format!("[{}, … 123 in all]", ["0"; 12].join(", ")));
        assert!(same(Some(&value("1")), Some(&value("1.0"))) && !same(Some(&value("1")), None));
    }
}
