//! `adm train`, `adm generate`, `adm demo`.

use super::slice::wav_format;
use super::{Session, Usage};
use crate::cli::{DemoArgs, GenerateArgs, TrainArgs};
use adm_audio::WavFormat;
use adm_core::{Bpm, SampleRate, Seconds, Seeds};
use adm_models::gan::{self, GanConfig};
use adm_render::{Timeline, WalkSettings};
use adm_train::DeviceChoice;
use std::path::PathBuf;

/// When training is to end.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Until {
    pub steps: Option<u64>,
    pub epochs: Option<f64>,
    pub minutes: Option<f64>,
}

impl Until {
    fn is_open(self) -> bool {
        self == Self::default()
    }
}

/// What a training starts from.
#[derive(Debug, Clone)]
pub enum Start {
    /// A new run of this configuration on this dataset.
    New { config: Box<GanConfig>, data: PathBuf },
    /// A run that is there, on its own dataset or the same one at another place.
    Resume { data: Option<PathBuf> },
}

/// What to train, where, and for how long.
#[derive(Debug, Clone)]
pub struct TrainSettings {
    pub run: PathBuf,
    pub start: Start,
    pub until: Until,
    pub device: DeviceChoice,
}

/// The preset where none is asked for: the one that learns something on any machine.
const DEFAULT_PRESET: &str = "cpu";

/// What to train, where, and for how long.
pub fn train(args: TrainArgs, session: &Session) -> Result<TrainSettings, Usage> {
    let until = Until { steps: args.steps.map(|steps| steps as u64), epochs: args.epochs, minutes: args.minutes };
    let start = match (args.resume, args.data) {
        (true, data) => {
            if args.config.is_some() || !args.settings.is_empty() || session.seed.is_some() {
                let hint = "leave out --config, --set and --seed, or start a new --run";
                return Err(Usage::new("a run keeps the configuration that it began with", hint));
            }
            Start::Resume { data }
        }
        (false, Some(data)) => {
            let mut config = gan::load(args.config.as_deref().unwrap_or(DEFAULT_PRESET), &args.settings)?;
            config.seed = session.seed.unwrap_or(config.seed);
            Start::New { config: Box::new(config), data }
        }
        (false, None) => return Err(Usage::new("there is no dataset to learn from", "give one with --data")),
    };
    Ok(TrainSettings { run: args.run, start, until, device: session.device })
}

/// The budget of a configuration where the command line leaves it open.
pub fn until_or_preset(until: Until, config: &GanConfig) -> Until {
    if !until.is_open() {
        return until;
    }
    let training = &config.training;
    Until {
        steps: None,
        epochs: (training.epochs > 0).then_some(training.epochs as f64),
        minutes: (training.minutes > 0.0).then_some(training.minutes),
    }
}

/// How long the music is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Length {
    Beats(u64),
    Lasting(Seconds),
}

/// What to generate, and where to.
#[derive(Debug, Clone)]
pub struct GenerateSettings {
    pub run: PathBuf,
    pub output: PathBuf,
    pub length: Length,
    pub bpm: Option<Bpm>,
    pub rate: SampleRate,
    pub walk: WalkSettings,
    pub format: WavFormat,
    pub seeds: Seeds,
    pub device: DeviceChoice,
}

impl GenerateSettings {
    /// When what plays, at the tempo of the run's slices where no other is asked for.
    pub fn timeline(&self, of_run: Option<Bpm>, beats_per_slice: usize) -> anyhow::Result<Timeline> {
        let bpm = self.bpm.or(of_run).unwrap_or(Bpm::FOUNDING);
        let timeline = match self.length {
            Length::Beats(beats) => Timeline::new(bpm, self.rate, beats)?,
            Length::Lasting(seconds) => Timeline::lasting(bpm, self.rate, seconds)?,
        };
        Ok(timeline.with_beats_per_slice(beats_per_slice as u64)?)
    }
}

/// Below it the loudness of EBU R 128 means nothing.
const LOWEST_RATE: u32 = 8_000;

/// What to generate, and where to.
pub fn generate(args: GenerateArgs, session: &Session) -> Result<GenerateSettings, Usage> {
    let walk = WalkSettings { truncation: args.truncation.unwrap_or(1.0), ..WalkSettings::default() };
    walk.validate()?;
    if args.sample_rate.hz() < LOWEST_RATE {
        let message =
            format!("--sample-rate must be at least {LOWEST_RATE} Hz for music, got {}", args.sample_rate.hz());
        return Err(Usage::new(message, "44100 is the default"));
    }
    let length = match (args.seconds, args.beats) {
        (Some(seconds), _) => Length::Lasting(Seconds(seconds)),
        (None, Some(beats)) => Length::Beats(beats as u64),
        (None, None) => Length::Beats(args.bars.unwrap_or(16) as u64 * 4),
    };
    Ok(GenerateSettings {
        run: args.run,
        output: args.output,
        length,
        bpm: args.bpm,
        rate: args.sample_rate,
        walk,
        format: wav_format(args.format),
        seeds: session.seeds,
        device: session.device,
    })
}

/// What the demo makes.
#[derive(Debug, Clone)]
pub struct DemoSettings {
    pub dir: PathBuf,
    pub set_minutes: f64,
    pub bars: usize,
    pub config: GanConfig,
    pub until: Until,
    pub seeds: Seeds,
    pub device: DeviceChoice,
}

/// What the demo makes.
pub fn demo(args: DemoArgs, session: &Session) -> Result<DemoSettings, Usage> {
    let mut config = gan::load(DEFAULT_PRESET, &args.settings)?;
    config.seed = session.seed.unwrap_or(config.seed);
    let minutes = args.minutes.or_else(|| args.steps.is_none().then_some(config.training.minutes));
    let until = Until { steps: args.steps.map(|steps| steps as u64), epochs: None, minutes };
    Ok(DemoSettings {
        dir: args.dir,
        set_minutes: args.set_minutes,
        bars: args.bars,
        config,
        until,
        seeds: session.seeds,
        device: session.device,
    })
}
