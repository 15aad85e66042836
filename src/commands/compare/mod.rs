//! `adm compare`: trainings side by side.

mod differences;
mod page;
mod row;
mod text;

use super::run_report::{self, Recorded};
use super::{Outcome, refuse_existing};
use crate::cli::CompareArgs;
use crate::output::{Hinted, Output};
use crate::settings;
use adm_core::Observer;
use adm_train::RunDir;
use anyhow::Result;
use row::Compared;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Says what trainings have come to, writes the report of each anew, and a page of all where one is asked for.
///
/// # Errors
/// A folder that is no run, one that cannot be read, a page's folder that exists.
pub fn run(args: CompareArgs, output: &Output) -> Result<Outcome> {
    let settings = settings::compare(args)?;
    settings.output.as_deref().map_or(Ok(()), refuse_existing)?;
    let runs = settings.runs.iter().map(|root| read(root)).collect::<Result<Vec<Recorded>>>()?;
    let reports: Vec<Option<PathBuf>> = runs.iter().map(|run| report(run, output)).collect();
    let rows =
        settings.runs.iter().zip(&runs).zip(reports).map(|((root, run), report)| Compared::of(root, run, report));
    let mut comparison = Comparison {
        runs: rows.collect(),
        differing: differences::of(&runs),
        notes: notes(&settings.runs, &runs),
        page: None,
    };
    if let Some(folder) = &settings.output {
        comparison.page = Some(page::page(&comparison, &runs).write(folder)?);
    }
    output.printer.print(&comparison)?;
    Ok(Outcome::Done)
}

/// Runs, and what differs between them.
#[derive(Debug, Serialize)]
pub struct Comparison {
    runs: Vec<Compared>,
    /// Settings that are not the same in all runs, with the value in each; nothing across families.
    differing: BTreeMap<String, Vec<Option<String>>>,
    notes: Vec<String>,
    page: Option<PathBuf>,
}

fn read(root: &Path) -> Result<Recorded> {
    if RunDir::open(root).is_err() {
        let message = format!("{} holds no run", root.display());
        anyhow::bail!(Hinted::new(message, "give directories that `adm train` made"));
    }
    Recorded::read(root)
}

/// The report of a run that others may own is not worth failing for.
fn report(run: &Recorded, output: &Output) -> Option<PathBuf> {
    let written = run_report::write_of(run);
    written.map_err(|error| output.progress.warn(&format!("{error:#}"))).ok()
}

/// What whoever compares should know.
fn notes(roots: &[PathBuf], runs: &[Recorded]) -> Vec<String> {
    let families: BTreeSet<&str> = runs.iter().map(|run| run.family.name()).collect();
    let datasets: BTreeSet<Option<&str>> =
        runs.iter().map(|run| run.provenance.as_ref().map(|provenance| &*provenance.fingerprint)).collect();
    let mut notes = Vec::new();
    if families.len() > 1 {
        notes.push(
            "the runs are of different families: what their judges measure is not comparable, nor are their settings"
                .to_owned(),
        );
    }
    if datasets.len() > 1 {
        notes.push("the runs learned from different datasets: what their judges say is not comparable".to_owned());
    }
    let each = roots.iter().zip(runs);
    notes.extend(each.clone().filter(|(_, run)| run.judged.points.is_empty()).map(|(root, _)| {
        format!(
            "{} was not judged: training.schedule.judge_every was 0, or too few beats were held out",
            root.display()
        )
    }));
    notes.extend(each.filter(|(_, run)| run.damaged > 0).map(|(root, run)| {
        let lines = crate::output::text::plural(run.damaged, "line");
        format!("{lines} of {} could not be read", root.join("metrics.jsonl").display())
    }));
    notes
}
