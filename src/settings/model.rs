//! `adm train`, `adm demo`.

use super::{Session, Usage};
use crate::cli::{AugmentName, DemoArgs, TrainArgs};
use adm_core::Seeds;
use adm_models::Length;
use adm_models::autoencoder::{self, AutoencoderConfig};
use adm_models::diffusion::{self, DiffusionConfig};
use adm_models::gan::{self, GanConfig};
use adm_models::mdn::{self, MdnConfig};
use adm_models::sequencer::{self, SequencerConfig};
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
    /// Whether nothing was said of it.
    pub fn is_open(self) -> bool {
        self == Self::default()
    }
}

impl From<Length> for Until {
    fn from(Length { steps, epochs, minutes }: Length) -> Self {
        Self { steps, epochs, minutes }
    }
}

/// What a training starts from.
#[derive(Debug, Clone)]
pub enum Start<C> {
    /// A new run of this configuration on this dataset, or this file of rows.
    New { config: Box<C>, data: PathBuf },
    /// A run that is there, on its own dataset or the same one at another place.
    Resume { data: Option<PathBuf> },
}

/// What to train, where, and for how long.
#[derive(Debug, Clone)]
pub struct TrainSettings<C> {
    pub run: PathBuf,
    pub start: Start<C>,
    pub until: Until,
    pub device: DeviceChoice,
}

/// The preset where none is asked for: the one that learns something on any machine.
const DEFAULT_PRESET: &str = "cpu";

/// The preset of an auto-encoder where none is asked for.
const DEFAULT_AUTOENCODER: &str = "vae";

/// The preset of a diffusion model where none is asked for: the one that learns something on any machine.
const DEFAULT_DIFFUSION: &str = "ddpm";

/// The preset of a sequencer where none is asked for: the one that remembers longest.
const DEFAULT_SEQUENCER: &str = "clockwork";

/// The preset of a mixture density network where none is asked for: the document's.
const DEFAULT_MDN: &str = "lstm";

/// What GAN to train, where, and for how long.
pub fn train_gan(args: TrainArgs, session: &Session) -> Result<TrainSettings<GanConfig>, Usage> {
    without_rows(&args)?;
    without_recording(&args)?;
    let args = with_copies(args, "augment.pitch_copies=2")?;
    train(args, session, |name, settings, seed| {
        let mut config = gan::load(name.unwrap_or(DEFAULT_PRESET), settings)?;
        config.seed = seed.unwrap_or(config.seed);
        Ok(config)
    })
}

/// What auto-encoder to train, where, and for how long.
pub fn train_autoencoder(args: TrainArgs, session: &Session) -> Result<TrainSettings<AutoencoderConfig>, Usage> {
    without_rows(&args)?;
    without_recording(&args)?;
    if args.augment.is_some() {
        let hint = "leave out --augment, or learn from copies with adm train gan";
        return Err(Usage::new("an auto-encoder learns from no copies at other pitches", hint));
    }
    train(args, session, |name, settings, seed| {
        let mut config = autoencoder::load(name.unwrap_or(DEFAULT_AUTOENCODER), settings)?;
        config.seed = seed.unwrap_or(config.seed);
        Ok(config)
    })
}

/// What diffusion model to train, where, and for how long.
pub fn train_diffusion(args: TrainArgs, session: &Session) -> Result<TrainSettings<DiffusionConfig>, Usage> {
    without_rows(&args)?;
    without_recording(&args)?;
    if args.augment.is_some() {
        let hint = "leave out --augment, or learn from copies with adm train gan";
        return Err(Usage::new("a diffusion model learns from no copies at other pitches", hint));
    }
    train(args, session, |name, settings, seed| {
        let mut config = diffusion::load(name.unwrap_or(DEFAULT_DIFFUSION), settings)?;
        config.seed = seed.unwrap_or(config.seed);
        Ok(config)
    })
}

/// What sequencer to train, where, and for how long.
pub fn train_sequencer(args: TrainArgs, session: &Session) -> Result<TrainSettings<SequencerConfig>, Usage> {
    without_rows(&args)?;
    without_recording(&args)?;
    if args.augment.is_some() {
        return Err(Usage::new("a sequencer's tokens have no pitch to be changed", "leave out --augment"));
    }
    train(args, session, |name, settings, seed| {
        let mut config = sequencer::load(name.unwrap_or(DEFAULT_SEQUENCER), settings)?;
        config.seed = seed.unwrap_or(config.seed);
        Ok(config)
    })
}

/// What mixture density network to train, where, and for how long.
pub fn train_mdn(args: TrainArgs, session: &Session) -> Result<TrainSettings<MdnConfig>, Usage> {
    without_recording(&args)?;
    if let Some(csv) = args.csv.as_ref().filter(|csv| csv.is_dir()) {
        let message = format!("--csv takes a file, and {} is a folder", csv.display());
        return Err(Usage::new(message, format!("if it is a dataset: --data {}", csv.display())));
    }
    if args.csv.is_some() && args.augment.is_some() {
        return Err(Usage::new("rows of a file have no pitch to be changed", "leave out --augment"));
    }
    let args = with_copies(args, "augment.pitch=2")?;
    train(args, session, |name, settings, seed| {
        let mut config = mdn::load(name.unwrap_or(DEFAULT_MDN), settings)?;
        config.seed = seed.unwrap_or(config.seed);
        Ok(config)
    })
}

/// `--augment pitch` as the setting that it stands for, which `--set` may change.
fn with_copies(mut args: TrainArgs, setting: &str) -> Result<TrainArgs, Usage> {
    if args.resume && args.augment.is_some() {
        let hint = "leave out --augment, or start a new --run";
        return Err(Usage::new("a run keeps the configuration that it began with", hint));
    }
    if let Some(AugmentName::Pitch) = args.augment.take() {
        args.settings.insert(0, setting.to_owned());
    }
    Ok(args)
}

/// Refuses what only a family of rows learns from.
fn without_rows(args: &TrainArgs) -> Result<(), Usage> {
    match args.csv {
        Some(_) => Err(Usage::new("only the family mdn learns from --csv", "give a dataset with --data")),
        None => Ok(()),
    }
}

/// Refuses what only a family of one recording learns from.
fn without_recording(args: &TrainArgs) -> Result<(), Usage> {
    if args.recording.is_some() {
        return Err(Usage::new("only the family caw learns from --recording", "give a dataset with --data"));
    }
    if args.holes.is_empty() { Ok(()) } else { Err(Usage::new("only the family caw heeds --hole", "leave out --hole")) }
}

/// What to train, with a family's way to read a preset, settings and a seed.
pub(super) fn train<C>(
    args: TrainArgs,
    session: &Session,
    load: impl FnOnce(Option<&str>, &[String], Option<u64>) -> Result<C, Usage>,
) -> Result<TrainSettings<C>, Usage> {
    let until = Until { steps: args.steps.map(|steps| steps as u64), epochs: args.epochs, minutes: args.minutes };
    let Some(run) = args.run else { return Err(Usage::new("there is no place for the run", "give one with --run")) };
    let start = match (args.resume, args.data.or(args.csv)) {
        (true, data) => {
            if args.config.is_some() || !args.settings.is_empty() || session.seed.is_some() {
                let hint = "leave out --config, --set and --seed, or start a new --run";
                return Err(Usage::new("a run keeps the configuration that it began with", hint));
            }
            Start::Resume { data }
        }
        (false, Some(data)) => {
            let config = load(args.config.as_deref(), &args.settings, session.seed)?;
            Start::New { config: Box::new(config), data }
        }
        (false, None) => return Err(Usage::new("there is no dataset to learn from", "give one with --data")),
    };
    Ok(TrainSettings { run, start, until, device: session.device })
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
    let mut config = gan::load(&args.config, &args.settings)?;
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
