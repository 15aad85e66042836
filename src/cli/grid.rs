//! What says where beats are.

use super::values::{Tempo, bpm_range, number, share, tempo};
use adm_core::Bpm;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Where the beats of recordings are.
#[derive(Debug, Args)]
pub struct BeatArgs {
    /// Tempo of the recordings: `auto` follows it through each one
    #[arg(long, value_name = "auto|N", default_value = "auto", value_parser = tempo, allow_negative_numbers = true)]
    pub bpm: Tempo,
    /// When the first beat starts, in seconds; goes with --bpm N
    #[arg(long, value_name = "SECONDS", value_parser = number, allow_negative_numbers = true)]
    pub offset: Option<f64>,
    /// The tempi to look for, 60-200 unless given: less than an octave settles half and double
    #[arg(long, value_name = "LOW-HIGH", value_parser = bpm_range)]
    pub bpm_range: Option<(Bpm, Bpm)>,
    /// Move all beats that were found, as when they are on the off-beat
    #[arg(long, value_name = "BY", value_enum)]
    pub shift: Option<Shift>,
    /// Twice as many beats as were found
    #[arg(long, conflicts_with = "half")]
    pub double: bool,
    /// Half as many beats as were found
    #[arg(long)]
    pub half: bool,
}

/// By how much beats are moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shift {
    /// Half a beat
    HalfBeat,
}

#[derive(Debug, Args)]
#[command(
    after_help = "The file is made to be edited: beats, downbeats and regions are lists of seconds. `adm prepare --grid \
GRID.json` obeys it, and `adm inspect GRID.json --plot GRID.png` draws it."
)]
pub struct GridArgs {
    /// The recording
    #[arg(value_name = "INPUT")]
    pub input: PathBuf,
    /// The JSON file to write
    #[arg(short, long, value_name = "GRID.json")]
    pub output: PathBuf,
    /// Write the recording with a click on every beat, a higher one where bars begin
    #[arg(long, value_name = "CLICK.wav")]
    pub click: Option<PathBuf>,
    #[command(flatten)]
    pub beats: BeatArgs,
}

/// Where `adm prepare` takes beats from, besides what it finds.
#[derive(Debug, Args)]
pub struct GivenGridArgs {
    /// An edited grid file, or a folder in which SET.json is the grid of SET.wav
    #[arg(long, value_name = "GRID.json|DIR",
          conflicts_with_all = ["bpm", "offset", "bpm_range", "shift", "double", "half", "window"])]
    pub grid: Option<PathBuf>,
    /// Leave out beats in parts where the grid is less sure than this, 0 to 1: 0 keeps all
    #[arg(long, value_name = "SHARE", default_value = "0.3", value_parser = share, allow_negative_numbers = true)]
    pub min_confidence: f64,
}
