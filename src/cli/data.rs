//! What the verbs around recordings, datasets and tensors take.

use super::grid::{BeatArgs, GivenGridArgs};
use super::values::{bpm, number, sample_rate, whole};
use adm_core::{Bpm, SampleRate};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Most recordings or files to work on at once.
const MOST_JOBS: usize = 1024;

#[derive(Debug, Args)]
#[command(
    after_help = "Beats are found in each recording, or laid out with --bpm and --offset; every beat is fitted to a \
slice of the target tempo's length, by default without stretching. With --window and --hop the recording is cut without regard to \
beats. Silent, clipped and too short slices are left out and counted."
)]
pub struct PrepareArgs {
    /// Recordings, and folders to search for them: WAV, FLAC, MP3, Ogg Vorbis, AAC in M4A, AIFF
    #[arg(value_name = "INPUT", required = true)]
    pub inputs: Vec<PathBuf>,
    /// The dataset to make
    #[arg(short, long, value_name = "DATASET")]
    pub output: PathBuf,
    #[command(flatten)]
    pub beats: BeatArgs,
    #[command(flatten)]
    pub given: GivenGridArgs,
    /// Tempo of the slices: a higher one gives shorter slices
    #[arg(long, value_name = "N", default_value = "130", value_parser = bpm, allow_negative_numbers = true)]
    pub target_bpm: Bpm,
    /// Beats in a slice: more give longer and fewer slices
    #[arg(long, value_name = "N", default_value = "1", value_parser = whole(1, 400), allow_negative_numbers = true)]
    pub beats_per_slice: usize,
    /// How a beat of another tempo becomes a slice
    #[arg(long, value_name = "FIT", value_enum, default_value_t = FitName::Place)]
    pub fit: FitName,
    /// Cut windows of this length instead of beats; goes with --hop
    #[arg(long, value_name = "SECONDS", value_parser = number, allow_negative_numbers = true, requires = "hop",
          conflicts_with_all = ["bpm", "offset", "target_bpm", "beats_per_slice", "fit"])]
    pub window: Option<f64>,
    /// From the start of one window to the next: a shorter one gives more windows
    #[arg(long, value_name = "SECONDS", value_parser = number, allow_negative_numbers = true, requires = "window")]
    pub hop: Option<f64>,
    /// Sample rate of the slices in Hz
    #[arg(long, value_name = "HZ", default_value = "44100", value_parser = sample_rate, allow_negative_numbers = true)]
    pub sample_rate: SampleRate,
    /// Mix down to one channel
    #[arg(long)]
    pub mono: bool,
    /// Go on where an interrupted preparation stopped
    #[arg(long)]
    pub resume: bool,
    /// Recordings to work on at once; as many as there are threads by default
    #[arg(long, value_name = "N", value_parser = whole(1, MOST_JOBS), allow_negative_numbers = true)]
    pub jobs: Option<usize>,
}

/// How a beat becomes a slice of another length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FitName {
    /// Its end is cropped or padded, with a short fade
    Place,
    /// It is played faster or slower, which shifts its pitch: 3 % more tempo is half a semitone more
    Resample,
    /// It is stretched at its pitch; its kick stays as it is
    Stretch,
}

/// What an export's files hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportKind {
    /// Tensors: float32, (bins, frames, 4)
    Npy,
    /// The slices as they are, 16 bits
    Wav,
}

/// One part of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SplitName {
    /// What a model learns from
    Train,
    /// What it is watched with
    Validation,
    /// What it is judged by
    Test,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The dataset
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    /// The folder to make
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// What each file holds
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ExportKind::Npy)]
    pub format: ExportKind,
    /// Only this part of the dataset
    #[arg(long, value_name = "SPLIT", value_enum)]
    pub split: Option<SplitName>,
    #[command(flatten)]
    pub tensor: TensorArgs,
    /// Files to write at once; as many as there are threads by default
    #[arg(long, value_name = "N", value_parser = whole(1, MOST_JOBS), allow_negative_numbers = true)]
    pub jobs: Option<usize>,
}

/// What tensors hold, and their size.
#[derive(Debug, Args)]
pub struct TensorArgs {
    /// Form of the tensors, stereo-complex unless given: a name, and settings such as `log-mel,bins=128`
    #[arg(long, value_name = "NAME[,KEY=VALUE]")]
    pub representation: Option<String>,
    /// Frequencies of a tensor: more tell near frequencies apart better
    #[arg(long, value_name = "N", value_parser = whole(4, 8192), allow_negative_numbers = true)]
    pub bins: Option<usize>,
    /// Moments of a tensor, however long the slice is
    #[arg(long, value_name = "N", value_parser = whole(2, 8192), allow_negative_numbers = true)]
    pub frames: Option<usize>,
}

/// The slice that a tensor stands for.
#[derive(Debug, Args)]
pub struct SliceArgs {
    /// Tempo of the slice
    #[arg(long, value_name = "N", value_parser = bpm, allow_negative_numbers = true)]
    pub bpm: Option<Bpm>,
    /// Beats in the slice, 1 by default
    #[arg(long, value_name = "N", value_parser = whole(1, 400), allow_negative_numbers = true)]
    pub beats_per_slice: Option<usize>,
    /// Sample rate of the slice in Hz
    #[arg(long, value_name = "HZ", value_parser = sample_rate, allow_negative_numbers = true)]
    pub sample_rate: Option<SampleRate>,
    /// One channel: tensors of (bins, frames, 2)
    #[arg(long)]
    pub mono: bool,
    #[command(flatten)]
    pub tensor: TensorArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "What is not given is read from the export.json beside the tensors. Without one, --bpm and \
--sample-rate are needed.")]
pub struct ImportArgs {
    /// The folder with the .npy files, in the order of their names
    #[arg(value_name = "DIR")]
    pub input: PathBuf,
    /// The dataset to make
    #[arg(short, long, value_name = "DATASET")]
    pub output: PathBuf,
    #[command(flatten)]
    pub slice: SliceArgs,
    /// Files to read at once; as many as there are threads by default
    #[arg(long, value_name = "N", value_parser = whole(1, MOST_JOBS), allow_negative_numbers = true)]
    pub jobs: Option<usize>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "The slice is one beat at 130 BPM and 44100 Hz unless you say otherwise. Where the recording ends \
before the slice does, the rest is silence."
)]
pub struct AnalyzeArgs {
    /// The recording
    #[arg(value_name = "INPUT")]
    pub input: PathBuf,
    /// The .npy file to write
    #[arg(short, long, value_name = "TENSOR.npy")]
    pub output: PathBuf,
    /// When the slice starts in the recording, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "0", value_parser = number, allow_negative_numbers = true)]
    pub start: f64,
    #[command(flatten)]
    pub slice: SliceArgs,
}

/// How phases are found for magnitudes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PhaseName {
    /// PGHI, then a few fast Griffin-Lim steps
    Auto,
    /// Integrated from the magnitudes' slopes
    Pghi,
    /// Iterated as in 1984
    GriffinLim,
    /// Iterated with momentum
    FastGriffinLim,
    /// Thrown
    Random,
    /// Frames aligned in time
    Slaney,
}

/// How samples are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WavBits {
    /// 16-bit integers
    #[value(name = "16")]
    Pcm16,
    /// 24-bit integers
    #[value(name = "24")]
    Pcm24,
    /// 32-bit floats
    Float,
}

#[derive(Debug, Args)]
#[command(
    after_help = "What is not given is read from an export.json beside the tensor. Without one, the slice is one \
beat at 130 BPM and 44100 Hz."
)]
pub struct RenderArgs {
    /// The .npy file
    #[arg(value_name = "TENSOR.npy")]
    pub input: PathBuf,
    /// The WAV file to write
    #[arg(short, long, value_name = "OUT.wav")]
    pub output: PathBuf,
    /// How samples are stored
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = WavBits::Pcm24)]
    pub format: WavBits,
    /// How phases are found where the tensor holds none
    #[arg(long, value_name = "METHOD", value_enum)]
    pub phase: Option<PhaseName>,
    #[command(flatten)]
    pub slice: SliceArgs,
}

#[derive(Debug, Args)]
pub struct InspectArgs {
    /// A dataset, token book, run, checkpoint, export or bundle, a recording, or a .npy or .json file
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// Draw it into this picture: the tempo of a grid or a dataset.json, the order of a token book, the spectrogram of what has
    /// a sound
    #[arg(long, value_name = "OUT.png")]
    pub plot: Option<PathBuf>,
    /// Write a page of a token book into this folder: its exemplars to see and hear, and the order of its tokens
    #[arg(long, value_name = "DIR")]
    pub page: Option<PathBuf>,
}
