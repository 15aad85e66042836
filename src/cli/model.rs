//! What the verbs around models take.

use super::data::WavBits;
use super::values::{SourceName, above, bpm, number, region, sample_rate, seeds, source, whole};
use adm_core::{Bpm, SampleRate};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// A kind of model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Family {
    /// A generator of beats that learns against a discriminator
    Gan,
    /// Learns in what order beats follow one another; needs the tokens of adm tokenize
    Sequencer,
    /// Makes codes of beats, and beats of codes
    Autoencoder,
    /// Learns what row of numbers, or frame of sound, comes next, and how surely
    Mdn,
    /// A generator of beats that takes noise away, step by step
    Diffusion,
    /// Learns one recording of up to 100 seconds, waveform by waveform, and makes more like it
    Caw,
}

/// Copies of what is learned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AugmentName {
    /// At other pitches
    Pitch,
}

#[derive(Debug, Args)]
#[command(after_help = "`adm train gan --run DIR --resume` goes on with a run and needs nothing else. Ctrl-C saves a \
checkpoint before it stops.")]
pub struct TrainArgs {
    /// The kind of model
    #[arg(value_name = "FAMILY", value_enum, required_unless_present = "list")]
    pub family: Option<Family>,
    /// Show all families and their presets, and train nothing
    #[arg(long, conflicts_with_all = ["family", "data", "csv", "recording", "holes", "bpm", "run", "config", "settings", "augment", "steps", "epochs", "minutes", "resume"])]
    pub list: bool,
    /// The dataset to learn from; for a sequencer a tokenized one, or its token book
    #[arg(long, value_name = "DATASET")]
    pub data: Option<PathBuf>,
    /// Rows of numbers to learn from instead, one line for each moment; for mdn
    #[arg(long, value_name = "FILE.csv", conflicts_with = "data")]
    pub csv: Option<PathBuf>,
    /// The one recording to learn from instead; for caw
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "csv"])]
    pub recording: Option<PathBuf>,
    /// A stretch of the recording that is missing, in seconds or, with a b, in beats from its first one, as in 3.5-4 or 16b-18b; may be
    /// given many times; for caw
    #[arg(long = "hole", value_name = "START-END", allow_hyphen_values = true)]
    pub holes: Vec<String>,
    /// Tempo that holes in beats count by, from the recording's start; its beats are found where none is given
    #[arg(long, value_name = "N", value_parser = bpm, allow_negative_numbers = true, requires = "holes")]
    pub bpm: Option<Bpm>,
    /// The run's directory
    #[arg(long, value_name = "DIR", required_unless_present = "list")]
    pub run: Option<PathBuf>,
    /// A preset's name or a TOML file
    #[arg(long, value_name = "PRESET|FILE")]
    pub config: Option<String>,
    /// Change one setting of the configuration; may be given many times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
    /// Copies to learn from, too: pitch, at each semitone up to two higher and lower; for a GAN two higher and two lower
    #[arg(long, value_name = "HOW", value_enum)]
    pub augment: Option<AugmentName>,
    /// Stop after so many steps in all
    #[arg(long, value_name = "N", value_parser = whole(1, 1_000_000_000), allow_negative_numbers = true,
          conflicts_with = "epochs")]
    pub steps: Option<usize>,
    /// Stop after so many passes over the dataset in all
    #[arg(long, value_name = "N", value_parser = above(0.0, 1e9), allow_negative_numbers = true)]
    pub epochs: Option<f64>,
    /// Stop after so many minutes from now
    #[arg(long, value_name = "N", value_parser = above(0.0, 1e7), allow_negative_numbers = true)]
    pub minutes: Option<f64>,
    /// Go on from the run's last checkpoint
    #[arg(long)]
    pub resume: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "`adm compare RUN` alone says how that training goes, and writes its report/index.html anew.")]
pub struct CompareArgs {
    /// The runs' directories, which may be in training
    #[arg(value_name = "RUN", required = true)]
    pub runs: Vec<PathBuf>,
    /// A folder for a page with all curves over one another
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "One generator alone plays a walk through its noise. With a sequencer beside it, the sequencer's tokens say \
which beat comes when: `adm generate --run GAN --run SEQUENCER -o OUT.wav`."
)]
pub struct GenerateArgs {
    /// The runs to draw from: a generator, a sequencer, or one of each
    #[arg(long = "run", value_name = "DIR", required = true)]
    pub runs: Vec<PathBuf>,
    /// The WAV file to write, or the CSV where an mdn learned from one
    #[arg(short, long, value_name = "OUT.wav")]
    pub output: PathBuf,
    /// Length in bars of four beats; 16 by default
    #[arg(long, value_name = "N", value_parser = whole(1, 100_000), allow_negative_numbers = true,
          conflicts_with_all = ["beats", "seconds"])]
    pub bars: Option<usize>,
    /// Length in beats
    #[arg(long, value_name = "N", value_parser = whole(1, 400_000), allow_negative_numbers = true,
          conflicts_with = "seconds")]
    pub beats: Option<usize>,
    /// Length in seconds, rounded to whole beats where there are beats
    #[arg(long, value_name = "N", value_parser = above(0.0, 200_000.0), allow_negative_numbers = true)]
    pub seconds: Option<f64>,
    /// Tempo of the music; that of the run's dataset by default
    #[arg(long, value_name = "N", value_parser = bpm, allow_negative_numbers = true)]
    pub bpm: Option<Bpm>,
    /// How far the noise may stray: less is more typical, more is more varied
    #[arg(long, value_name = "T", value_parser = number, allow_negative_numbers = true)]
    pub truncation: Option<f64>,
    /// Move from one seed to another, as in 3:7, whatever --seed says
    #[arg(long, value_name = "A:B", value_parser = seeds)]
    pub morph: Option<(u64, u64)>,
    /// Bars that the move takes; the whole length by default
    #[arg(long, value_name = "N", value_parser = whole(1, 100_000), allow_negative_numbers = true)]
    pub morph_bars: Option<usize>,
    /// Let the end go on at the start, for players that repeat the file
    #[arg(long = "loop")]
    pub looped: bool,
    /// Write each class of tokens apart as well, into files beside the output: they add up to it before its limiter, in 16 and
    /// 24 bits as much quieter as the loudest needs
    #[arg(long)]
    pub stems: bool,
    /// Write the tokens as notes on the beat grid, too
    #[arg(long, value_name = "OUT.mid")]
    pub midi: Option<PathBuf>,
    /// Write where the sections of --form begin, too
    #[arg(long, value_name = "OUT.cue", requires = "form")]
    pub cue: Option<PathBuf>,
    #[command(flatten)]
    pub sound: SoundArgs,
    #[command(flatten)]
    pub order: OrderArgs,
    #[command(flatten)]
    pub rows: RowArgs,
    #[command(flatten)]
    pub diffusion: DiffusionArgs,
    #[command(flatten)]
    pub inpaint: InpaintArgs,
    #[command(flatten)]
    pub waves: WaveArgs,
}

/// How a diffusion model samples.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "With a diffusion model")]
pub struct DiffusionArgs {
    /// Steps from noise to beat, whatever the run's configuration says: more take longer and are more exact
    #[arg(long, value_name = "N", value_parser = whole(1, 10_000), allow_negative_numbers = true)]
    pub sampling_steps: Option<usize>,
    /// How far away from what beats are without a token, 0 to 100, for a run that is told tokens: 0 ignores them, 1 is what was
    /// learned, more exaggerates
    #[arg(long, value_name = "W", value_parser = number, allow_negative_numbers = true)]
    pub guidance: Option<f64>,
}

/// What a diffusion model makes anew.
#[derive(Debug, Args)]
#[command(next_help_heading = "With a diffusion model")]
pub struct InpaintArgs {
    /// A recorded beat of which --region is made anew; all else of it stays as it is
    #[arg(long, value_name = "BEAT.wav", requires = "region")]
    pub inpaint: Option<PathBuf>,
    /// Where what is made anew begins and ends, in beats, as in 0.5-1
    #[arg(long, value_name = "START-END", value_parser = region, allow_hyphen_values = true, requires = "inpaint")]
    pub region: Option<(f64, f64)>,
}

/// What a caw does with its recording, or with another.
#[derive(Debug, Args)]
#[command(next_help_heading = "With a caw")]
pub struct WaveArgs {
    /// Make anew what is above this rate of the pyramid, and keep the recording below it
    #[arg(long, value_name = "HZ", value_parser = whole(1, 1_000_000), allow_negative_numbers = true,
          conflicts_with_all = ["fill", "extend", "denoise"])]
    pub vary: Option<usize>,
    /// Fill the holes that the run was trained with
    #[arg(long, conflicts_with_all = ["extend", "denoise"])]
    pub fill: bool,
    /// Add to a recording of a lower sample rate what is above it
    #[arg(long, value_name = "LOW.wav", conflicts_with = "denoise")]
    pub extend: Option<PathBuf>,
    /// Play the recording as far as it was learned, without what cannot be
    #[arg(long)]
    pub denoise: bool,
}

/// How sound is stored.
#[derive(Debug, Clone, Copy, Args)]
pub struct SoundArgs {
    /// How samples are stored: 24 where nothing is said
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub format: Option<WavBits>,
    /// Sample rate of the WAV file in Hz, whatever the run learned at: 44100 where nothing is said
    #[arg(long, value_name = "HZ", value_parser = sample_rate, allow_negative_numbers = true)]
    pub sample_rate: Option<SampleRate>,
}

/// How a network of rows goes on.
#[derive(Debug, Args)]
#[command(next_help_heading = "With an mdn")]
pub struct RowArgs {
    /// Length in rows; 256 by default, or 16 seconds of sound
    #[arg(long, value_name = "N", value_parser = whole(1, 10_000_000), allow_negative_numbers = true,
          conflicts_with_all = ["bars", "beats", "seconds"])]
    pub rows: Option<usize>,
    /// How a row is taken from what it may be: greedy (the document's quick guess at the likeliest), exact (the likeliest),
    /// tempered:SHARE (a mean drawn among the likeliest that have this share together), drawn (from the distribution, noise and all);
    /// drawn for sound and tempered:0.9 for other rows by default
    #[arg(long, value_name = "HOW")]
    pub sampling: Option<String>,
    /// Rows to go on from; the beginning of what the run learned from by default
    #[arg(long, value_name = "FILE.csv")]
    pub primer: Option<PathBuf>,
}

/// How a sequencer's tokens become music.
#[derive(Debug, Args)]
#[command(next_help_heading = "With a sequencer")]
pub struct OrderArgs {
    /// Whose beats play: generated, dataset (the recorded ones), or mix:SHARE of recorded ones, as in mix:0.5
    #[arg(long, value_name = "SOURCE", value_parser = source)]
    pub source: Option<SourceName>,
    /// How freely tokens are drawn, 0 to 4: 0 takes the likeliest, 1 draws as the sequencer thinks, more surprises
    #[arg(long, value_name = "T", value_parser = number, allow_negative_numbers = true)]
    pub temperature: Option<f64>,
    /// Draw among so many of the likeliest tokens only
    #[arg(long, value_name = "N", value_parser = whole(1, 1_000_000), allow_negative_numbers = true)]
    pub top_k: Option<usize>,
    /// Draw among the likeliest tokens that have this share together only
    #[arg(long, value_name = "SHARE", value_parser = number, allow_negative_numbers = true)]
    pub top_p: Option<f64>,
    /// What the chance of tokens heard in the last four bars is multiplied by: less than 1 repeats less, more repeats more
    #[arg(long, value_name = "FACTOR", value_parser = number, allow_negative_numbers = true)]
    pub repetition: Option<f64>,
    /// Sections and their bars, as in intro:8,build:8,drop:16,break:8,outro:8, over and over; generate ends with them where no
    /// length is given
    #[arg(long, value_name = "SECTION:BARS,...")]
    pub form: Option<String>,
    /// Go on from where a recording of the dataset is at this time, as in set.wav@1:30, or 1:30 where there is only one
    #[arg(long, value_name = "[RECORDING@]TIME")]
    pub from: Option<String>,
    /// The dataset that the sequencer's tokens were taken from, where it has moved
    #[arg(long, value_name = "DATASET")]
    pub data: Option<PathBuf>,
    /// Generated beats to try before a token gets the nearest one
    #[arg(long, value_name = "N", value_parser = whole(1, 1_000_000), allow_negative_numbers = true)]
    pub budget: Option<usize>,
}

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The folder to make
    #[arg(value_name = "DIR", default_value = "adm-demo")]
    pub dir: PathBuf,
    /// What to train: a preset's name or a TOML file for datasets of any rate
    #[arg(long, value_name = "PRESET|FILE", default_value = "cpu")]
    pub config: String,
    /// Minutes of training; those of the preset by default
    #[arg(long, value_name = "N", value_parser = above(0.0, 1e7), allow_negative_numbers = true)]
    pub minutes: Option<f64>,
    /// Stop training after so many steps, whatever the minutes
    #[arg(long, value_name = "N", value_parser = whole(1, 1_000_000_000), hide = true)]
    pub steps: Option<usize>,
    /// Minutes of the synthesised set
    #[arg(long, value_name = "N", default_value = "5", value_parser = above(0.0, 600.0), hide = true)]
    pub set_minutes: f64,
    /// Bars to generate
    #[arg(long, value_name = "N", default_value = "16", value_parser = whole(1, 100_000), hide = true)]
    pub bars: usize,
    /// Change one setting of the configuration
    #[arg(long = "set", value_name = "KEY=VALUE", hide = true)]
    pub settings: Vec<String>,
}
