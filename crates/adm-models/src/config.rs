//! Configurations in layers: a family's `base.toml`, a preset or a file, then `--set key=value`; read strictly.

use crate::ModelError;
use adm_core::nearest_key;
use adm_train::TrainError;
use serde::{Serialize, de::DeserializeOwned};
use std::path::Path;

/// Reads a configuration: `base`, which holds every key, `text` over it, and `key.path=value` settings over both.
///
/// A value is read as TOML where it is TOML, and as a plain string otherwise. A table with a `name` (a law, a
/// representation) replaces the one below it whole where its name is another.
///
/// # Errors
/// Text that is no TOML, an unknown key (naming the nearest), a value of the wrong type, a setting without `=`.
pub fn read<T: DeserializeOwned>(base: &str, origin: &str, text: &str, settings: &[String]) -> Result<T, ModelError> {
    let failed = |source: toml::de::Error| ModelError::Config {
        origin: origin.to_owned(),
        nearest: nearest_key(source.message()),
        source: Box::new(source),
    };
    let mut table: toml::Table = toml::from_str(base).map_err(failed)?;
    merge(&mut table, toml::from_str(text).map_err(failed)?);
    for setting in settings {
        let (key, value) = setting.split_once('=').ok_or_else(|| ModelError::NotASetting { given: setting.clone() })?;
        insert(&mut table, key.trim(), parse_value(value.trim()));
    }
    table.try_into().map_err(failed)
}

/// Reads a run's `config.toml` and checks it: what is not as a run writes it was damaged.
///
/// # Errors
/// A file that cannot be read, is that of another family, or does not pass the check.
pub(crate) fn of_run<T: DeserializeOwned>(
    path: &Path,
    check: impl FnOnce(&T) -> Result<(), ModelError>,
) -> Result<T, ModelError> {
    let text = std::fs::read_to_string(path).map_err(TrainError::io("read", path))?;
    let resolved: T = read("", &path.display().to_string(), &text, &[])?;
    check(&resolved).map_err(|error| TrainError::Damaged { path: path.to_owned(), reason: error.to_string() })?;
    Ok(resolved)
}

/// Writes a configuration so that [`read`] gives it back.
///
/// # Errors
/// A value that TOML cannot hold.
pub fn write<T: Serialize>(config: &T) -> Result<String, toml::ser::Error> {
    toml::to_string_pretty(config)
}

fn parse_value(text: &str) -> toml::Value {
    let wrapped: Result<toml::Table, _> = toml::from_str(&format!("value = {text}"));
    wrapped.ok().and_then(|mut table| table.remove("value")).unwrap_or_else(|| toml::Value::String(text.to_owned()))
}

fn merge(below: &mut toml::Table, above: toml::Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(value)) if is_same_kind(inner, &value) => {
                merge(inner, value);
            }
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

/// Whether two tables are of one kind: neither names another than the other.
fn is_same_kind(below: &toml::Table, above: &toml::Table) -> bool {
    above.get("name").is_none_or(|name| below.get("name") == Some(name))
}

fn insert(table: &mut toml::Table, key: &str, value: toml::Value) {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), value);
        }
        Some((head, rest)) => {
            let entry = table.entry(head).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            if !entry.is_table() {
                *entry = toml::Value::Table(toml::Table::new());
            }
            if let Some(inner) = entry.as_table_mut() {
                insert(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        batch: usize,
        inner: Inner,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        rate: f64,
        name: String,
    }

    const TEXT: &str = "batch = 4\n[inner]\nrate = 0.1\nname = 'a'\n";

    #[test]
    fn settings_lie_over_the_file() {
        let settings = ["inner.rate=0.5".to_owned(), "inner.name=some words".to_owned(), "batch = 8".to_owned()];
        let sample: Sample = read("", "test", TEXT, &settings).unwrap();
        assert_eq!(sample, Sample { batch: 8, inner: Inner { rate: 0.5, name: "some words".into() } });
        let again: Sample = read("", "written", &write(&sample).unwrap(), &[]).unwrap();
        assert_eq!(again, sample);
    }

    #[test]
    fn a_file_lies_over_the_base_key_by_key_and_named_tables_as_a_whole() {
        let sample: Sample = read(TEXT, "test", "[inner]\nrate = 0.7\n", &[]).unwrap();
        assert_eq!(sample.inner, Inner { rate: 0.7, name: "a".into() });
        let error = read::<Sample>(TEXT, "test", "[inner]\nname = 'b'\n", &[]).unwrap_err();
        assert!(format!("{error:?}").contains("missing field `rate`"), "{error:?}");
    }

    #[test]
    fn a_misspelt_key_names_the_nearest() {
        let error = read::<Sample>("", "test", TEXT, &["inner.rat=1".to_owned()]).unwrap_err();
        assert!(matches!(&error, ModelError::Config { nearest: Some(key), .. } if key == "rate"), "{error:?}");
    }

    #[test]
    fn a_setting_without_a_value_is_refused() {
        let error = read::<Sample>("", "test", TEXT, &["batch".to_owned()]).unwrap_err();
        assert_eq!(error.to_string(), "\"batch\" is not a setting of the form key=value");
    }
}
