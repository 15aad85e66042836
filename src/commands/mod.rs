//! The verbs, one short file each: settings, a library call, a report.

mod analyze;
mod compare;
mod demo;
mod devices;
mod evaluate;
mod export;
mod generate;
mod grid;
mod heard;
mod import;
mod inspect;
mod judging;
mod labels;
mod live;
mod morph;
mod plan;
mod prepare;
mod preview;
mod render;
mod round_trip;
mod run_report;
mod summary;
mod survey;
mod tokenize;
mod train;

use crate::cli::Command;
use crate::output::{Hinted, Output};
use crate::settings::{Session, wider};
use adm_dataset::DatasetError;
use std::path::Path;
use std::process::ExitCode;

/// How a verb ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is done.
    Done,
    /// All is done but for inputs that could not be used.
    Skipped,
    /// The user stopped it; what was done is kept.
    Interrupted,
}

impl Outcome {
    /// What the shell is told.
    pub fn exit_code(self) -> ExitCode {
        match self {
            Self::Done => ExitCode::SUCCESS,
            Self::Skipped => ExitCode::from(3),
            Self::Interrupted => ExitCode::from(crate::interrupt::EXIT_CODE),
        }
    }
}

/// Runs a verb.
///
/// # Errors
/// Whatever the verb returns.
pub fn run(command: Command, session: &Session, output: &Output) -> anyhow::Result<Outcome> {
    match command {
        Command::Demo(args) => demo::run(args, session, output),
        Command::Tokenize(args) => tokenize::run(args, output),
        Command::Plan(args) => plan::run(args, session, output),
        Command::Train(args) => train::run(args, session, output),
        Command::Compare(args) => compare::run(args, output),
        Command::Generate(args) => generate::run(*args, session, output),
        Command::Morph(args) => morph::run(args, session, output),
        Command::Live(args) => live::run(args, session, output),
        Command::Devices => devices::run(session, output),
        Command::Prepare(args) => prepare::run(args, session, output),
        Command::Evaluate(args) => evaluate::run(args, session, output),
        Command::Grid(args) => grid::run(args, output),
        Command::Export(args) => export::run(&args, session, output),
        Command::Import(args) => import::run(args, session, output),
        Command::Analyze(args) => analyze::run(args, output),
        Command::Render(args) => render::run(args, session, output),
        Command::Inspect(args) => inspect::run(&args, output),
        Command::SurveyPack(args) => survey::pack(args, session, output),
        Command::SurveyServe(args) => survey::serve(args, output),
        Command::SurveyRehearse(args) => survey::rehearse(args, session, output),
        Command::SurveyReport(args) => survey::report(args, session, output),
        Command::SurveyPlan(args) => survey::plan(&args, output),
        Command::SurveyOrder(args) => survey::order(args, output),
    }
}

/// Names the flags of these verbs where tensors are too small for their slices.
fn with_tensor_flags(error: DatasetError) -> anyhow::Error {
    match error {
        DatasetError::Spectral { source } => match wider(&source) {
            Some(hint) => anyhow::Error::new(source).context(Hinted::new("cannot make tensors of the slices", hint)),
            None => DatasetError::Spectral { source }.into(),
        },
        error => error.into(),
    }
}

/// Refuses a file that is there already, before any work is put into what would replace it.
fn refuse_existing(output: &Path) -> anyhow::Result<()> {
    if output.exists() {
        let message = format!("{} exists", output.display());
        anyhow::bail!(Hinted::new(message, "choose another place, or delete it first"));
    }
    Ok(())
}
