//! What the verbs of listening tests take.

use super::values::{above, share, spread, uuid, whole};
use clap::{ArgGroup, Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    after_help = "The presets are study-53, study-137, per-sample, indistinguishable, mushra and paired; they are about what \
`adm demo` leaves in adm-demo. The key tells which sound is which: it lies beside the bundle, and must not be given to participants."
)]
pub struct SurveyPackArgs {
    /// A study's TOML file, or a preset's name
    #[arg(value_name = "STUDY.toml|PRESET")]
    pub study: String,
    /// The folder to write the bundle into
    #[arg(short, long, value_name = "BUNDLE")]
    pub output: PathBuf,
    /// The file to write the key into; BUNDLE.key.json by default
    #[arg(long, value_name = "KEY.json")]
    pub key: Option<PathBuf>,
    /// Take salt and seed from this key, so that the same study gives the same bundle
    #[arg(long, value_name = "KEY.json", conflicts_with = "seed")]
    pub like: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Ctrl-C ends it. Any other web server can serve the bundle, too; participants then send you the files that \
the last page gives them."
)]
pub struct SurveyServeArgs {
    /// The bundle
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// The folder to collect answers in; one file a participant
    #[arg(short, long, value_name = "ANSWERS")]
    pub output: PathBuf,
    /// The address to serve at
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8421")]
    pub serve: String,
    /// Let other machines take part; the printed address then holds a token that they need
    #[arg(long)]
    pub allow_remote: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Answers are the JSON and CSV files that the last page gives, or folders of them. Those that cannot be used are \
listed in the report, each with the reason; the exit code is 3 then."
)]
pub struct SurveyReportArgs {
    /// The bundle
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// Files of answers, or folders of them
    #[arg(value_name = "ANSWERS", required = true)]
    pub answers: Vec<PathBuf>,
    /// The key; BUNDLE.key.json by default
    #[arg(long, value_name = "KEY.json")]
    pub key: Option<PathBuf>,
    /// The folder to write the report into
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// Use the answers of those who did not come to the end, too
    #[arg(long)]
    pub unfinished: bool,
    /// Leave out this participant, who asked for it; may be given many times
    #[arg(long, value_name = "UUID", value_parser = uuid)]
    pub without: Vec<String>,
}

#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("goal").required(true).args(["right", "margin"]),
    after_help = "`adm survey-plan --right 0.6` says how many answers find that 60 % are right where guessing gives 50; \
`adm survey-plan --margin 0.1` how many it takes to call them indistinguishable within ten points."
)]
pub struct SurveyPlanArgs {
    /// The share of right answers that is to be found
    #[arg(long, value_name = "SHARE", value_parser = share, allow_negative_numbers = true)]
    pub right: Option<f64>,
    /// How far from guessing still counts as indistinguishable
    #[arg(long, value_name = "SHARE", value_parser = above(0.0, 0.5), allow_negative_numbers = true)]
    pub margin: Option<f64>,
    /// The share that guessing gives: 0.5 for one of two
    #[arg(long, value_name = "SHARE", default_value = "0.5", value_parser = share, allow_negative_numbers = true)]
    pub chance: f64,
    /// The wished probability of finding it
    #[arg(long, value_name = "SHARE", default_value = "0.8", value_parser = share, allow_negative_numbers = true)]
    pub power: f64,
    /// The probability that is put up with of finding what is not there
    #[arg(long, value_name = "SHARE", default_value = "0.05", value_parser = share, allow_negative_numbers = true)]
    pub alpha: f64,
    /// Whether only more than guessing counts, or less as well, as in reports
    #[arg(long, value_name = "SIDES", value_enum, default_value_t = SidesName::Both, conflicts_with = "margin")]
    pub sides: SidesName,
    /// Answers that each participant gives
    #[arg(long, value_name = "N", default_value = "1", value_parser = whole(1, 10_000), allow_negative_numbers = true)]
    pub per_participant: usize,
    /// How alike answers of one participant are (intraclass correlation): 0 as if of many people, 1 all the same
    #[arg(long, value_name = "SHARE", default_value = "0.05", value_parser = share, allow_negative_numbers = true)]
    pub icc: f64,
}

/// Which deviations count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SidesName {
    /// More right answers than by guessing
    Greater,
    /// More or fewer
    Both,
}

#[derive(Debug, Args)]
pub struct SurveyOrderArgs {
    /// The bundle
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// The key; BUNDLE.key.json by default
    #[arg(long, value_name = "KEY.json")]
    pub key: Option<PathBuf>,
    /// The sheet, as answers name it; all of them by default
    #[arg(long, value_name = "N", value_parser = whole(0, 1_000_000), allow_negative_numbers = true)]
    pub sheet: Option<usize>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "A rehearsal shows before anybody is asked what the report will say: `adm survey-report BUNDLE ANSWERS -o DIR` takes \
its answers like real ones. Its participants' UUIDs begin with 0000."
)]
pub struct SurveyRehearseArgs {
    /// The bundle
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// The key; BUNDLE.key.json by default
    #[arg(long, value_name = "KEY.json")]
    pub key: Option<PathBuf>,
    /// The folder to write answers into; one file a participant
    #[arg(short, long, value_name = "ANSWERS")]
    pub output: PathBuf,
    /// How many people to pretend
    #[arg(long, value_name = "N", default_value = "20", value_parser = whole(1, 100_000), allow_negative_numbers = true)]
    pub people: usize,
    /// The share of right answers that an average one gives
    #[arg(long, value_name = "SHARE", default_value = "0.6", value_parser = share, allow_negative_numbers = true)]
    pub right: f64,
    /// How much people differ: the standard deviation of their log-odds; 0 makes all alike
    #[arg(long, value_name = "N", default_value = "0.4", value_parser = spread, allow_negative_numbers = true)]
    pub spread: f64,
    /// The share of attention items that are answered as they ask
    #[arg(long, value_name = "SHARE", default_value = "0.97", value_parser = share, allow_negative_numbers = true)]
    pub attention: f64,
}
