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

/// Judges candidates and says what they are worth.
///
/// # Errors
/// Whatever the libraries return; and a candidate that copies what it learned from, after all is said.
pub fn run(args: EvaluateArgs, session: &Session, output: &Output) -> Result<Outcome> {
    let settings = settings::evaluate(args, session)?;
    if let Some(folder) = &settings.output {
        refuse_existing(folder)?;
    }
    if let Some(folder) = &settings.output {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    let mut evaluation = Evaluation::of(&settings, output)?;
    if let Some(folder) = &settings.output {
        evaluation.page = Some(page::write(&evaluation, folder)?);
    }
    output.printer.print(&evaluation)?;
    refuse_copies(&evaluation)
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
