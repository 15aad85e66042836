//! What `adm live` takes.

use super::values::{above, bpm, number, sample_rate, seeds};
use super::{DiffusionArgs, OrderArgs};
use adm_core::{Bpm, SampleRate};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    after_help = "`adm live --run GAN --run SEQUENCER --serve` prints an address: open it in a browser. With --out - the \
music goes to a pipe: `adm live --run GAN --out - | ffplay -`."
)]
pub struct LiveArgs {
    /// The runs to play: a generator, a sequencer, or one of each
    #[arg(long = "run", value_name = "DIR", required = true)]
    pub runs: Vec<PathBuf>,
    /// Serve a page to listen at and to steer the music with; 127.0.0.1:8420 where no address is given
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:8420")]
    pub serve: Option<String>,
    /// Let other machines reach the page; the printed address then holds a token that they need
    #[arg(long, requires = "serve")]
    pub allow_remote: bool,
    /// Write the music to standard output
    #[arg(long, value_name = "-", value_parser = ["-"])]
    pub out: Option<String>,
    /// What is written there
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = PipeName::Wav, requires = "out")]
    pub pipe: PipeName,
    /// Record the music into a WAV file, which appears when it is complete
    #[arg(long, value_name = "FILE.wav")]
    pub record: Option<PathBuf>,
    /// Play through the sound card
    #[cfg(feature = "playback")]
    #[arg(long)]
    pub play: bool,
    /// Tempo at first; that of the beats by default
    #[arg(long, value_name = "N", value_parser = bpm, allow_negative_numbers = true)]
    pub bpm: Option<Bpm>,
    /// The seeds that the page's morph moves between; --seed and the next one by default
    #[arg(long, value_name = "A:B", value_parser = seeds)]
    pub morph: Option<(u64, u64)>,
    /// How far the noise may stray: less is more typical, more is more varied
    #[arg(long, value_name = "T", value_parser = number, allow_negative_numbers = true)]
    pub truncation: Option<f64>,
    /// Stop after so many seconds; go on for ever by default
    #[arg(long, value_name = "N", value_parser = above(0.0, 1e7), allow_negative_numbers = true)]
    pub seconds: Option<f64>,
    /// Sample rate in Hz, whatever the runs learned at
    #[arg(long, value_name = "HZ", default_value = "44100", value_parser = sample_rate, allow_negative_numbers = true)]
    pub sample_rate: SampleRate,
    #[command(flatten)]
    pub order: OrderArgs,
    #[command(flatten)]
    pub diffusion: DiffusionArgs,
}

/// What goes to a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PipeName {
    /// A WAV header that leaves the length open, then 16-bit samples
    Wav,
    /// 16-bit samples alone, little-endian
    S16le,
    /// 32-bit float samples alone, little-endian
    F32le,
}
