//! `adm evaluate`: candidates between held-out beats and noise.

mod candidate;
mod copies;
mod evaluation;
mod figures;
mod instruments;
mod page;
mod reference;
mod slices;
mod sound;
mod text;

use super::{Outcome, refuse_existing};
use crate::cli::EvaluateArgs;
use crate::output::{Hinted, Output};
use crate::settings::{self, Session};
use adm_eval::audit::Verdict;
use anyhow::{Context, Result, bail};
use evaluation::Evaluation;
use std::path::Path;

/// Judges candidates and says what they are worth.
///
/// # Errors
/// Whatever the libraries return; and a candidate that copies what it learned from, after all is said.
pub fn run(args: EvaluateArgs, session: &Session, output: &Output) -> Result<Outcome> {
    let settings = settings::evaluate(args, session)?;
    if let Some(folder) = &settings.output {
        refuse_existing(folder)?;
    }
    settings.output.as_deref().map_or(Ok(()), probe)?;
    let mut evaluation = Evaluation::of(&settings, output)?;
    if let Some(folder) = &settings.output {
        evaluation.page = Some(page::write(&evaluation, folder)?);
    }
    output.printer.print(&evaluation)?;
    refuse_copies(&evaluation)
}

/// Whether a folder could be made, said before any work is done for it; it is not left there.
fn probe(folder: &Path) -> Result<()> {
    let made = std::fs::create_dir_all(folder).and_then(|()| std::fs::remove_dir(folder));
    made.with_context(|| format!("cannot create {}", folder.display()))
}

fn refuse_copies(evaluation: &Evaluation) -> Result<Outcome> {
    let copies = evaluation
        .candidates
        .iter()
        .filter(|candidate| candidate.copies.as_ref().is_some_and(|copies| copies.verdict == Verdict::Copies));
    let names: Vec<&str> = copies.map(|candidate| candidate.name.as_str()).collect();
    if names.is_empty() {
        return Ok(Outcome::Done);
    }
    let hold = if names.len() == 1 { "holds" } else { "hold" };
    let message = format!("{} {hold} copies of the training set", names.join(", "));
    bail!(Hinted::new(message, Verdict::Copies.advice()))
}
