//! `adm plan`: what a training would take, before anyone waits for it.
//!
//! ```text
//! candidates ─a process each─→ Measured ─forecast→ steps, epochs, time, disk ─report→ one table
//! ```
//!
//! Every configuration is tried in a process of its own, because a process has one high-water mark of memory, and because one
//! that asks for more than there is takes only itself down.

mod apart;
mod fits;
mod forecast;
mod measured;
mod report;
mod trial;
mod watchdog;

use super::Outcome;
use super::train::Tokenized;
use crate::cli::PlanArgs;
use crate::interrupt;
use crate::output::{Hinted, Output};
use crate::settings::{FamilyConfig, Session, TrialSettings, plan};
use adm_core::Observer;
use adm_dataset::{Dataset, Vectors};
use adm_models::caw::Recording;
use adm_train::device;
use anyhow::Result;
use apart::Apart;
use report::{Plan, Row};
use std::path::Path;

/// Tries configurations and says what they would take.
///
/// # Errors
/// Whatever the libraries return; a configuration that does not fit alone is a row that says why.
pub fn run(args: PlanArgs, session: &Session, output: &Output) -> Result<Outcome> {
    let settings = plan(args, session)?;
    match &settings.scratch {
        Some(scratch) => trial::run(&settings, scratch, session, output),
        None => all(&settings, session, output),
    }
}

fn all(settings: &TrialSettings, session: &Session, output: &Output) -> Result<Outcome> {
    check_data(settings)?;
    let picked = device::pick(session.device)?;
    if let Some(note) = &picked.note {
        output.progress.note(note);
    }
    let scratch = tempfile::tempdir()?;
    let apart = Apart { settings, session };
    let mut rows = Vec::new();
    output.progress.begin("plan", Some(settings.candidates.len() as u64));
    for (number, candidate) in settings.candidates.iter().enumerate() {
        output.progress.status(&candidate.name);
        let answer = apart.try_out(candidate, &scratch.path().join(number.to_string()))?;
        if interrupt::requested() {
            return Ok(Outcome::Interrupted);
        }
        rows.push(Row::new(candidate, answer, settings.until));
        output.progress.advance(1);
    }
    output.progress.end();
    conclude(&Plan::new(settings, picked.description, rows), output)
}

fn conclude(plan: &Plan, output: &Output) -> Result<Outcome> {
    output.printer.print(plan)?;
    let skipped = plan.skipped().count();
    if skipped == plan.len() {
        let hint = plan.skipped().find_map(|refusal| refusal.hint.clone());
        let hint = hint.unwrap_or_else(|| "give another --config, or other --data".to_owned());
        anyhow::bail!(Hinted::new("none of these configurations can be trained here", hint));
    }
    Ok(if skipped == 0 { Outcome::Done } else { Outcome::Skipped })
}

/// Refuses data that no configuration could be tried on.
fn check_data(settings: &TrialSettings) -> Result<()> {
    let open = |path: &Path| match settings.candidates.first().map(|candidate| &candidate.config) {
        Some(FamilyConfig::Sequencer(_)) => Tokenized::open(path).map(|_| ()),
        Some(FamilyConfig::Caw(config)) => Ok(Recording::read(path, &config.recording).map(|_| ())?),
        Some(FamilyConfig::Mdn(_)) if path.is_file() => Ok(Vectors::read(path).map(|_| ())?),
        _ => Ok(Dataset::open(path).map(|_| ())?),
    };
    settings.data.as_deref().map_or(Ok(()), open)
}
