//! `adm train --list`: what can be trained.

use crate::output::text::Rows;
use adm_models::Family;
use serde::Serialize;
use std::fmt;

/// All families with their presets.
#[derive(Debug, Serialize)]
pub struct Listed {
    families: Vec<ListedFamily>,
}

#[derive(Debug, Serialize)]
struct ListedFamily {
    family: &'static str,
    documents: &'static str,
    presets: Vec<ListedPreset>,
}

#[derive(Debug, Serialize)]
struct ListedPreset {
    preset: &'static str,
    about: String,
}

impl Listed {
    pub fn all() -> Self {
        Self { families: Family::ALL.map(ListedFamily::of).into() }
    }
}

impl ListedFamily {
    fn of(family: Family) -> Self {
        let presets = family.presets();
        let about = |name| {
            let table = presets.table(Some(name)).unwrap_or_default();
            table.get("about").and_then(|about| about.as_str()).unwrap_or_default().to_owned()
        };
        let listed = presets.named.iter().map(|&(preset, _)| ListedPreset { preset, about: about(preset) });
        Self { family: family.name(), documents: family.documents(), presets: listed.collect() }
    }

    fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let width = self.presets.iter().map(|preset| preset.preset.len()).max().unwrap_or(0);
        let presets =
            self.presets.iter().map(move |ListedPreset { preset, about }| format!("{preset:width$}  {about}"));
        std::iter::once(self.documents.to_owned()).chain(presets)
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.families.iter().fold(Rows::default(), |rows, family| rows.list(family.family, family.lines()));
        write!(f, "{rows}")
    }
}
