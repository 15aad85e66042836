//! What `adm tokenize` takes.

use super::values::whole;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    after_help = "Seven measures are compared: fft, stft, fundamentals, flatness, tuning, onsets, level. More than three that \
agree, with fft or stft among them, make two beats the same token. `adm inspect BOOK --page DIR` lets you see and hear them."
)]
pub struct TokenizeArgs {
    /// The dataset
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    /// The folder to write the token book into; DATASET/tokens by default
    #[arg(short, long, value_name = "BOOK")]
    pub output: Option<PathBuf>,
    /// 1 compares by fft alone; 2, the default, by the whole vote, coarsely for a class and finely for a token of it
    #[arg(long, value_name = "1|2", value_parser = whole(1, 2), conflicts_with = "book")]
    pub levels: Option<usize>,
    /// The distance up to which beats agree, 0 to 1, for all measures or one of them; more makes fewer tokens. 0.3 by default
    #[arg(long = "threshold", value_name = "N|MEASURE=N", conflicts_with = "book", allow_negative_numbers = true)]
    pub thresholds: Vec<String>,
    /// Start from the tokens of another token book; beats that it does not know become new tokens
    #[arg(long, value_name = "BOOK")]
    pub book: Option<PathBuf>,
    /// Give beats that the book does not know its nearest token instead
    #[arg(long, requires = "book")]
    pub nearest: bool,
}
