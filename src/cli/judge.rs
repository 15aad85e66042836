//! What the verbs that judge take.

use super::values::{bpm, number, whole};
use adm_core::Bpm;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    after_help = "The reference is the dataset's training split. Beside every candidate stand two yardsticks: its held-out beats, \
which is how good it can get, and noise of the same power, which is how bad. Generated beats that lie nearer to training beats than \
held-out ones do are named with their source; too many of them and the command fails with exit code 1."
)]
pub struct EvaluateArgs {
    /// The dataset that candidates are compared with
    #[arg(long, value_name = "DATASET")]
    pub reference: PathBuf,
    /// What to judge: datasets, runs, recordings, or folders of recordings, each a candidate of its own
    #[arg(long = "candidate", value_name = "DATASET|RUN|WAV", required = true, num_args = 1..)]
    pub candidates: Vec<PathBuf>,
    /// Beats of each set to judge at most; so many are generated of a run
    #[arg(long, value_name = "N", default_value = "2000", value_parser = whole(20, 10_000), allow_negative_numbers = true)]
    pub beats: usize,
    /// Tempo of candidate recordings, whose first beat is at --offset; beats are found where it is not given
    #[arg(long, value_name = "N", value_parser = bpm, allow_negative_numbers = true)]
    pub bpm: Option<Bpm>,
    /// Time of the first beat of candidate recordings in seconds
    #[arg(long, value_name = "SECONDS", value_parser = number, allow_negative_numbers = true, requires = "bpm")]
    pub offset: Option<f64>,
    /// Write a page with figures, players and pictures into this folder, too
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}
