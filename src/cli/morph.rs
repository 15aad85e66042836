//! What `adm morph` takes.

use super::data::WavBits;
use super::values::{above, bpm, sample_rate, share, slices, whole};
use adm_core::{Bpm, SampleRate};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    after_help = "One recording is made again; of two the first turns into the second. The run is an auto-encoder's: \
`adm train autoencoder --data DATASET --run RUN`."
)]
pub struct MorphArgs {
    /// One recording, or two: what is gone from, and what to
    #[arg(value_name = "INPUT", required = true, num_args = 1..=2)]
    pub inputs: Vec<PathBuf>,
    /// The run of an auto-encoder
    #[arg(long, value_name = "DIR", required = true)]
    pub run: PathBuf,
    /// The WAV file to write
    #[arg(short, long, value_name = "OUT.wav")]
    pub output: PathBuf,
    /// The same share of the second throughout, 0 to 1, instead of a way from none of it to all
    #[arg(long, value_name = "S", value_parser = share, allow_negative_numbers = true, conflicts_with = "between")]
    pub share: Option<f64>,
    /// From slice A of the first to slice B of the second (or of the only one), counted from 0, as in 4:12
    #[arg(long, value_name = "A:B", value_parser = slices)]
    pub between: Option<(usize, usize)>,
    /// Slices from the one to the other, both counted; 8 by default
    #[arg(long, value_name = "N", value_parser = whole(1, 100_000), allow_negative_numbers = true, requires = "between")]
    pub steps: Option<usize>,
    /// Tempo of the recordings, where their beats are not to be looked for
    #[arg(long, value_name = "N", value_parser = bpm, allow_negative_numbers = true)]
    pub bpm: Option<Bpm>,
    /// With --bpm: when the first beat is, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = above(-86_400.0, 86_400.0), allow_negative_numbers = true, requires = "bpm")]
    pub offset: Option<f64>,
    /// Sample rate of the WAV file in Hz, whatever the run learned at
    #[arg(long, value_name = "HZ", default_value = "44100", value_parser = sample_rate, allow_negative_numbers = true)]
    pub sample_rate: SampleRate,
    /// How samples are stored
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = WavBits::Pcm24)]
    pub format: WavBits,
}
