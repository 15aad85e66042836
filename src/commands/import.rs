//! `adm import`: tensors from elsewhere into a dataset.

use super::prepare::{the_only_one, warn_of};
use super::summary::{DatasetSummary, FailedInput};
use super::{Outcome, with_tensor_flags};
use crate::cli::ImportArgs;
use crate::output::Output;
use crate::output::text::Rows;
use crate::settings::{Session, import};
use adm_dataset::exchange;
use serde::Serialize;
use std::fmt;

/// Imports a folder of tensors and says what became of it.
///
/// # Errors
/// Whatever [`exchange::import`] returns.
pub fn run(args: ImportArgs, session: &Session, output: &Output) -> anyhow::Result<Outcome> {
    let settings = import(args, session)?;
    let report =
        exchange::import(&settings, &output.progress).map_err(|error| with_tensor_flags(the_only_one(error)))?;
    warn_of(&report.failed, output);
    let dataset = DatasetSummary::new(&settings.output, &report.manifest);
    output.printer.print(&Imported { dataset, failed: FailedInput::list(&report.failed) })?;
    Ok(if report.failed.is_empty() { Outcome::Done } else { Outcome::Skipped })
}

#[derive(Debug, Serialize)]
struct Imported {
    #[serde(flatten)]
    dataset: DatasetSummary,
    failed: Vec<FailedInput>,
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = self.failed.iter().map(FailedInput::sentence);
        write!(f, "{}", self.dataset.rows(Rows::default()).list("not used", failed))
    }
}
