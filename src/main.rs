//! `adm`: from a pile of DJ sets to a trained generator of dance music, on your own machine.
//!
//! ```text
//! arguments ─cli→ what was typed ─settings→ one validated struct a command ─commands→ library call ─output→ report
//! ```
//!
//! Exit codes: 0 done, 1 failed, 2 a command line that makes no sense, 3 done but some inputs were skipped,
//! 130 interrupted.

mod cli;
mod commands;
mod interrupt;
mod output;
mod quieting;
mod settings;

use output::{Output, failure};
use settings::Session;
use std::process::ExitCode;

fn main() -> ExitCode {
    quieting::quiet_drivers();
    let typed = match cli::parse() {
        Ok(typed) => typed,
        Err(code) => return code,
    };
    let style = output::Style::for_stderr(typed.global.color);
    let outcome = Session::resolve(&typed.global).map_err(anyhow::Error::from).and_then(|session| {
        interrupt::install()?;
        session.limit_threads()?;
        let output = Output::new(&session);
        let outcome = commands::run(typed.command, &session, &output);
        output.progress.clear();
        outcome
    });
    match outcome {
        Ok(outcome) => outcome.exit_code(),
        Err(error) => failure::report(&error, style),
    }
}
