//! `adm survey-serve`: a bundle over HTTP, and answers that come back.

use crate::cli::SurveyServeArgs;
use crate::commands::Outcome;
use crate::interrupt;
use crate::output::Output;
use crate::output::text::{Rows, plural};
use crate::settings;
use adm_core::Observer;
use adm_survey::serve::{Collector, Event};
use anyhow::Result;
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How often it is looked whether Ctrl-C was pressed, or answers came.
const GLANCE: Duration = Duration::from_millis(200);

/// Serves until Ctrl-C.
///
/// # Errors
/// Whatever the library returns.
pub fn run(args: SurveyServeArgs, output: &Output) -> Result<Outcome> {
    let settings = settings::survey_serve(args)?;
    let collector = Collector::start(&settings.bundle, &settings.answers, settings.server)?;
    output.progress.note(&format!("take part at {}; Ctrl-C ends it", collector.url()));
    while !interrupt::requested() {
        match collector.event(GLANCE) {
            Some(Event::Answers { finished: true, .. }) => {
                let people = plural(collector.participants(), "participant");
                output.progress.note(&format!("answers of {people} are in {}", settings.answers.display()));
            }
            Some(Event::Refused { reason }) => output.progress.warn(&format!("answers were refused: {reason}")),
            Some(Event::Trouble { what }) => output.progress.warn(&what),
            _ => {}
        }
    }
    output.printer.print(&Served { received: collector.received(), answers: settings.answers })?;
    Ok(Outcome::Done)
}

/// What came in.
#[derive(Debug, Serialize)]
struct Served {
    answers: PathBuf,
    received: usize,
}

impl fmt::Display for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answers = format!("{}, of {} this time", self.answers.display(), plural(self.received, "participant"));
        write!(f, "{}", Rows::default().row("answers", answers))
    }
}
