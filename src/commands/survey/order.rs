//! `adm survey-order`: who heard what in which order.

use crate::cli::SurveyOrderArgs;
use crate::commands::Outcome;
use crate::output::{Hinted, Output};
use crate::settings::{self, OrderOfSettings};
use adm_survey::bundle;
use adm_survey::design::sheets_of;
use adm_survey::key::{Key, Role};
use adm_survey::manifest::Shown;
use adm_survey::scoring::read_key;
use anyhow::{Result, bail};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Draws the sheets of a bundle once more from its seed, and says what they show.
///
/// # Errors
/// Whatever the libraries return; sheets of the bundle that its seed does not give.
pub fn run(args: SurveyOrderArgs, output: &Output) -> Result<Outcome> {
    let settings = settings::survey_order(args);
    output.printer.print(&orders(&settings)?)?;
    Ok(Outcome::Done)
}

fn orders(settings: &OrderOfSettings) -> Result<Orders> {
    let opened = bundle::open(&settings.bundle)?;
    let key = read_key(&settings.key, &opened.manifest)?;
    let sheets = sheets_of(&key)?;
    if sheets != opened.manifest.sheets {
        bail!(Hinted::new(
            format!("the sheets in {} are not those that its seed gives", settings.bundle.display()),
            "pack the study again: this bundle was made by another version, or was changed",
        ));
    }
    let count = sheets.len();
    if let Some(sheet) = settings.sheet.filter(|sheet| *sheet >= count) {
        bail!(Hinted::new(format!("there is no sheet {sheet}"), format!("sheets go from 0 to {}", count - 1)));
    }
    let wanted =
        sheets.into_iter().enumerate().filter(|(number, _)| settings.sheet.is_none_or(|sheet| sheet == *number));
    let rows = wanted.flat_map(|(number, sheet)| rows(number, &sheet, &key)).collect();
    Ok(Orders { seed: key.seed.clone(), sheets: count, rows })
}

/// What one sheet shows, block by block.
fn rows(number: usize, sheet: &BTreeMap<String, Vec<Shown>>, key: &Key) -> Vec<Row> {
    let blocks = key.study.blocks.iter().filter_map(|block| sheet.get(&block.id));
    let trials = blocks.flat_map(|shown| shown.iter().enumerate());
    trials.map(|(position, shown)| Row::of(number, position, shown, key)).collect()
}

/// Trials in the order in which they are seen.
#[derive(Debug, Serialize)]
struct Orders {
    seed: String,
    sheets: usize,
    rows: Vec<Row>,
}

/// A trial as one sheet shows it.
#[derive(Debug, Serialize)]
struct Row {
    sheet: usize,
    position: usize,
    trial: String,
    /// Samples from the first place on, each with its truth.
    samples: Vec<String>,
    /// The sample that X is.
    x: Option<String>,
}

impl Row {
    fn of(sheet: usize, position: usize, shown: &Shown, key: &Key) -> Self {
        let trial = key.trials.iter().find(|trial| trial.name == shown.trial);
        let named = |sample: usize| {
            let name = trial.and_then(|trial| trial.samples.get(sample));
            let stimulus = name.and_then(|name| key.stimuli.iter().find(|stimulus| stimulus.name == *name));
            stimulus.map_or_else(
                || "?".to_owned(),
                |stimulus| match stimulus.role {
                    Role::HiddenReference => format!("{} (hidden reference)", stimulus.id),
                    Role::LowAnchor => format!("{} (3.5 kHz)", stimulus.id),
                    Role::MidAnchor => format!("{} (7 kHz)", stimulus.id),
                    _ => format!("{} ({})", stimulus.id, stimulus.truth),
                },
            )
        };
        let copied = |x: usize| trial.and_then(|trial| trial.copies.get(x)).map(|&sample| named(sample));
        Self {
            sheet,
            position: position + 1,
            trial: trial.map_or_else(|| shown.trial.clone(), |trial| trial.id.clone()),
            samples: shown.slots.iter().map(|&sample| named(sample)).collect(),
            x: shown.x.and_then(copied),
        }
    }
}

impl fmt::Display for Orders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}, {} sheets", self.seed, self.sheets)?;
        self.rows.iter().try_for_each(|row| {
            let x = row.x.as_ref().map(|x| format!("; X is {x}")).unwrap_or_default();
            writeln!(f, "sheet {} · {} · {} · {}{x}", row.sheet, row.position, row.trial, row.samples.join(" · "))
        })
    }
}
