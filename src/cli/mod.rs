//! What may be typed. Types for clap alone: nothing is resolved here and no library is called.

mod data;
mod grid;
mod judge;
mod live;
mod model;
mod morph;
mod plan;
mod survey;
mod tokens;
mod values;

pub use data::{
    AnalyzeArgs, ExportArgs, ExportKind, FitName, ImportArgs, InspectArgs, PhaseName, PrepareArgs, RenderArgs,
    SliceArgs, SplitName, TensorArgs, WavBits,
};
pub use grid::{BeatArgs, GivenGridArgs, GridArgs, Shift};
pub use judge::EvaluateArgs;
pub use live::{LiveArgs, PipeName};
pub use model::{
    AugmentName, CompareArgs, DemoArgs, DiffusionArgs, Family, GenerateArgs, OrderArgs, SoundArgs, TrainArgs,
};
pub use morph::MorphArgs;
pub use plan::PlanArgs;
pub use survey::{
    SidesName, SurveyOrderArgs, SurveyPackArgs, SurveyPlanArgs, SurveyRehearseArgs, SurveyReportArgs, SurveyServeArgs,
};
pub use tokens::TokenizeArgs;
pub use values::{SourceName, Tempo};

use crate::output::{self, ColourChoice, Style};
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;
use values::whole;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "adm", version, about, max_term_width = 110, arg_required_else_help = true)]
#[command(
    after_help = "Start with `adm demo`, or with your own music: `adm prepare`, `adm train gan`, `adm generate`."
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every verb takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// What to compute on: auto, cpu, gpu, gpu:N, or cuda:N where that was built in
    #[arg(long, global = true, value_name = "DEVICE", default_value = "auto")]
    pub device: String,
    /// Where random numbers start; the same seed gives the same result. 0 where none is given
    #[arg(long, global = true, value_name = "N", allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Threads to work with; all cores by default
    #[arg(long, global = true, value_name = "N", value_parser = whole(1, 1024), allow_negative_numbers = true)]
    pub threads: Option<usize>,
    /// Print the result as one JSON document
    #[arg(long, global = true)]
    pub json: bool,
    /// No progress on stderr; warnings and errors remain
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more on stderr about what is being done
    #[arg(short, long, global = true, action = ArgAction::SetTrue)]
    pub verbose: bool,
    /// When to use colours; `auto` is on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = ColourChoice::Auto)]
    pub color: ColourChoice,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The whole way on a synthesised DJ set: prepare, train, generate, report
    Demo(DemoArgs),
    /// The compute devices, and which one would be used
    Devices,
    /// Cut recordings into the slices of a dataset
    Prepare(PrepareArgs),
    /// Give every beat of a dataset a token: the same for beats that sound alike
    Tokenize(TokenizeArgs),
    /// Say what a training would take on this machine: time, memory, disk
    Plan(PlanArgs),
    /// Train a model on a dataset
    Train(TrainArgs),
    /// Put trainings side by side: what they came to, and which settings differ
    Compare(CompareArgs),
    /// Make music with a trained model
    Generate(Box<GenerateArgs>),
    /// Make a recording again through the codes of an auto-encoder, or turn it into another
    Morph(MorphArgs),
    /// Play music without an end, and steer it while it plays
    Live(LiveArgs),
    /// Judge generated beats beside recorded ones and noise, and tell whether they are copies
    Evaluate(EvaluateArgs),
    /// Find the beats of a recording
    Grid(GridArgs),
    /// Write a dataset's slices as .npy tensors or WAV files
    Export(ExportArgs),
    /// Make a dataset of a folder of .npy tensors
    Import(ImportArgs),
    /// Turn a stretch of a recording into a tensor
    Analyze(AnalyzeArgs),
    /// Turn a tensor back into sound
    Render(RenderArgs),
    /// Say what a file or folder is, and draw it
    Inspect(InspectArgs),
    /// Put a listening test into one folder that opens in any browser
    SurveyPack(SurveyPackArgs),
    /// Serve a listening test, and collect its answers
    SurveyServe(SurveyServeArgs),
    /// Pretend that people took part, to see what a report will say
    SurveyRehearse(SurveyRehearseArgs),
    /// Make statistics and figures of a listening test's answers
    SurveyReport(SurveyReportArgs),
    /// Say how many answers a listening test needs
    SurveyPlan(SurveyPlanArgs),
    /// Say who heard what in which order, once more from the seed
    SurveyOrder(SurveyOrderArgs),
}

/// Reads the command line; where it makes no sense, or asks for help, that is said and the exit code returned.
pub fn parse() -> Result<Cli, ExitCode> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let parsed = Cli::command().try_get_matches_from(&arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    parsed.map_err(|error| explain(&error, ColourChoice::among(&arguments)))
}

fn explain(error: &clap::Error, colour: ColourChoice) -> ExitCode {
    let style = if error.use_stderr() { Style::for_stderr(colour) } else { Style::for_stdout(colour) };
    let text = error.render();
    let text = if style.is_plain() { text.to_string() } else { text.ansi().to_string() };
    if error.use_stderr() {
        // A closed stderr leaves nobody to tell.
        let _ = std::io::stderr().write_all(text.as_bytes());
    } else {
        let _ = output::write_stdout(&text);
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_are_consistent() {
        Cli::command().debug_assert();
    }
}
