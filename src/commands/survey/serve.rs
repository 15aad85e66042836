//! `adm survey-serve`: a bundle over HTTP, and answers that come back.

use crate::cli::SurveyServeArgs;
use crate::commands::Outcome;
use crate::interrupt;
use crate::output::Output;
use crate::output::text::{Rows, count};
use crate::settings;
use adm_survey::serve::Collector;
use anyhow::Result;
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;
use std::thread;
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
    let mut received = 0;
    while !interrupt::requested() {
        thread::sleep(GLANCE);
        let now = collector.received();
        if now != received {
            output.progress.note(&format!("answers of {} participants", count(now as u64)));
            received = now;
        }
    }
    output.printer.print(&Served { answers: settings.answers, received })?;
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
        let answers = format!("{}, of {} participants this time", self.answers.display(), count(self.received as u64));
        write!(f, "{}", Rows::default().row("answers", answers))
    }
}
