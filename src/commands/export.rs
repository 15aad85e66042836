//! `adm export`: slices out of a dataset.

use super::{Outcome, with_tensor_flags};
use crate::cli::ExportArgs;
use crate::output::Output;
use crate::output::text::{Rows, count};
use crate::settings::{Session, export};
use adm_dataset::{Dataset, exchange};
use serde::Serialize;
use std::fmt;

/// Writes one file a slice.
///
/// # Errors
/// Whatever [`exchange::export`] returns.
pub fn run(args: &ExportArgs, session: &Session, output: &Output) -> anyhow::Result<Outcome> {
    let settings = export(args, session)?;
    let dataset = Dataset::open(&args.dataset)?;
    let report = exchange::export(&dataset, &settings, &output.progress).map_err(with_tensor_flags)?;
    output.printer.print(&Exported { folder: settings.output.display().to_string(), files: report.files })?;
    Ok(Outcome::Done)
}

#[derive(Debug, Serialize)]
struct Exported {
    folder: String,
    files: usize,
}

impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Rows::default().row("folder", self.folder.clone()).row("files", count(self.files as u64)))
    }
}
