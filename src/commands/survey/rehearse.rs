//! `adm survey-rehearse`: pretended answers.

use crate::cli::SurveyRehearseArgs;
use crate::commands::{Outcome, refuse_existing};
use crate::output::Output;
use crate::output::text::{Rows, count};
use crate::settings::{self, Session};
use adm_core::persist;
use adm_survey::bundle;
use adm_survey::rehearsal::rehearse;
use adm_survey::scoring::read_key;
use anyhow::{Context, Result};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;

/// Pretends that people took part.
///
/// # Errors
/// Whatever the library returns.
pub fn run(args: SurveyRehearseArgs, session: &Session, output: &Output) -> Result<Outcome> {
    let settings = settings::survey_rehearse(args, session)?;
    refuse_existing(&settings.output)?;
    let opened = bundle::open(&settings.bundle)?;
    let key = read_key(&settings.key, &opened.manifest)?;
    let answers = rehearse(&opened, &key, &settings.rehearsal, settings.seeds)?;
    persist::write_dir(&settings.output, |folder| {
        answers.iter().try_for_each(|answers| {
            let text = answers.to_json().map_err(std::io::Error::other)?;
            std::fs::write(folder.join(format!("{}.json", answers.participant)), text)
        })
    })
    .with_context(|| format!("cannot write {}", settings.output.display()))?;
    output.printer.print(&Rehearsed { answers: settings.output, people: answers.len() })?;
    Ok(Outcome::Done)
}

/// What was pretended.
#[derive(Debug, Serialize)]
struct Rehearsed {
    answers: PathBuf,
    people: usize,
}

impl fmt::Display for Rehearsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = Rows::default()
            .row("answers", self.answers.display().to_string())
            .row("people", format!("{}, none of whom there is", count(self.people as u64)));
        write!(f, "{rows}")
    }
}
