//! `adm prepare`: recordings to a dataset.

use super::Outcome;
use super::summary::{DatasetSummary, FailedInput};
use crate::cli::PrepareArgs;
use crate::output::text::{Rows, bytes, duration, plural};
use crate::output::{Output, failure};
use crate::settings::{Session, prepare};
use adm_core::Observer;
use adm_dataset::manifest::SLICES_FILE;
use adm_dataset::{DatasetError, Failure, PrepareReport};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::time::Instant;

/// Prepares a dataset and says what is in it.
///
/// # Errors
/// Whatever [`adm_dataset::prepare()`] returns.
pub fn run(args: PrepareArgs, session: &Session, output: &Output) -> anyhow::Result<Outcome> {
    let settings = prepare(args, session)?;
    let began = Instant::now();
    let report = adm_dataset::prepare(&settings, &output.progress).map_err(the_only_one)?;
    warn_of(&report.failed, output);
    output.printer.print(&Prepared::new(&settings.output, &report, began.elapsed().as_secs_f64()))?;
    Ok(if report.failed.is_empty() { Outcome::Done } else { Outcome::Skipped })
}

/// Where there was one input, what is wrong with it is the whole story.
pub fn the_only_one(error: DatasetError) -> DatasetError {
    match error {
        DatasetError::NothingUsable { inputs: 1, source } => *source,
        error => error,
    }
}

/// Names what was left out, and once each what can be done about it.
pub fn warn_of(failed: &[Failure], output: &Output) {
    for failed in FailedInput::list(failed) {
        output.progress.warn(&format!("left out: {}", failed.sentence()));
    }
    let hints: BTreeSet<String> = failed.iter().filter_map(|failure| failure::hint(&failure.error)).collect();
    hints.iter().for_each(|hint| output.progress.hint(hint));
}

#[derive(Debug, Serialize)]
struct Prepared {
    #[serde(flatten)]
    dataset: DatasetSummary,
    /// Of `slices.npy`.
    bytes: u64,
    failed: Vec<FailedInput>,
    /// Recordings that an earlier, interrupted preparation had done.
    resumed: usize,
    /// How long it took.
    took_seconds: f64,
    /// Seconds of recordings a second; none where recordings were resumed.
    times_real_time: Option<f64>,
}

impl Prepared {
    fn new(path: &Path, report: &PrepareReport, took_seconds: f64) -> Self {
        let dataset = DatasetSummary::new(path, &report.manifest);
        Self {
            bytes: path.join(SLICES_FILE).metadata().map_or(0, |metadata| metadata.len()),
            failed: FailedInput::list(&report.failed),
            resumed: report.resumed,
            took_seconds,
            times_real_time: (report.resumed == 0).then(|| dataset.recorded_seconds() / took_seconds.max(1e-9)),
            dataset,
        }
    }

    fn time(&self) -> String {
        let took = duration(self.took_seconds);
        match self.times_real_time {
            Some(times) => format!("{took} ({times:.0} × real time)"),
            None => format!("{took}, {} done before", plural(self.resumed, "recording")),
        }
    }
}

impl fmt::Display for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.dataset.rows(Rows::default());
        let rows = rows.list("not used", self.failed.iter().map(FailedInput::sentence));
        write!(f, "{}", rows.row("size", bytes(self.bytes)).row("time", self.time()))
    }
}
