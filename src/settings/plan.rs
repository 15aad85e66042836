//! `adm plan`.

use super::{Session, Until, Usage};
use crate::cli::{Family, PlanArgs};
use adm_models::BeatConfig;
use adm_models::autoencoder::{self, AutoencoderConfig};
use adm_models::caw::{self, CawConfig};
use adm_models::diffusion::{self, DiffusionConfig};
use adm_models::gan::{self, GanConfig};
use adm_models::mdn::{self, MdnConfig};
use adm_models::sequencer::{self, SequencerConfig};
use adm_train::Schedule;
use std::path::PathBuf;
use std::time::Duration;

/// What to try, on what, and what to say of it.
#[derive(Debug, Clone)]
pub struct TrialSettings {
    pub candidates: Vec<Candidate>,
    pub data: Option<PathBuf>,
    /// What the command line says of how long.
    pub until: Until,
    pub patience: Duration,
    /// The folder of the one trial that this process makes; none where it has others make them.
    pub scratch: Option<PathBuf>,
    /// What is changed in every configuration, as it was typed.
    pub changes: Vec<String>,
}

/// A configuration that is tried.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The preset, or the path of the file.
    pub name: String,
    pub config: FamilyConfig,
}

/// A configuration of any family.
#[derive(Debug, Clone)]
pub enum FamilyConfig {
    Gan(Box<GanConfig>),
    Autoencoder(Box<AutoencoderConfig>),
    Diffusion(Box<DiffusionConfig>),
    Sequencer(Box<SequencerConfig>),
    Mdn(Box<MdnConfig>),
    Caw(Box<CawConfig>),
}

/// How a training of a configuration goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    /// How long, where nobody says.
    pub own: Until,
    pub schedule: Schedule,
    /// Slices, beats or rows that a step learns from.
    pub items_a_step: f64,
}

impl Course {
    /// That of a family that makes beats.
    fn of_beats(config: &impl BeatConfig) -> Self {
        let items_a_step = config.slices().batch as f64;
        Self { own: config.length().into(), schedule: *config.schedule(), items_a_step }
    }
}

impl FamilyConfig {
    /// The family, as it is typed.
    pub fn family(&self) -> &'static str {
        match self {
            Self::Gan(_) => "gan",
            Self::Autoencoder(_) => "autoencoder",
            Self::Diffusion(_) => "diffusion",
            Self::Sequencer(_) => "sequencer",
            Self::Mdn(_) => "mdn",
            Self::Caw(_) => "caw",
        }
    }

    /// How a training goes.
    pub fn course(&self) -> Course {
        match self {
            Self::Gan(config) => Course::of_beats(&**config),
            Self::Autoencoder(config) => Course::of_beats(&**config),
            Self::Diffusion(config) => Course::of_beats(&**config),
            Self::Sequencer(config) => Course {
                own: Until { steps: Some(config.training.steps), ..Until::default() },
                schedule: config.training.schedule,
                items_a_step: (config.training.batch * config.training.time_steps) as f64,
            },
            Self::Mdn(config) => Course {
                own: Until { steps: Some(config.training.steps), ..Until::default() },
                schedule: config.training.schedule,
                items_a_step: (config.training.batch * config.training.time_steps) as f64,
            },
            // A step belongs to one scale, and hears all of the recording there.
            Self::Caw(config) => Course {
                own: Until {
                    steps: Some(config.training.steps * config.pyramid.rates.len() as u64),
                    ..Until::default()
                },
                schedule: config.training.schedule,
                items_a_step: 1.0,
            },
        }
    }

    fn read(family: Family, name: &str, changes: &[String], seed: Option<u64>) -> Result<Self, Usage> {
        Ok(match family {
            Family::Gan => {
                let mut config = gan::load(name, changes)?;
                config.seed = seed.unwrap_or(config.seed);
                Self::Gan(Box::new(config))
            }
            Family::Autoencoder => {
                let mut config = autoencoder::load(name, changes)?;
                config.seed = seed.unwrap_or(config.seed);
                Self::Autoencoder(Box::new(config))
            }
            Family::Diffusion => {
                let mut config = diffusion::load(name, changes)?;
                config.seed = seed.unwrap_or(config.seed);
                Self::Diffusion(Box::new(config))
            }
            Family::Sequencer => {
                let mut config = sequencer::load(name, changes)?;
                config.seed = seed.unwrap_or(config.seed);
                Self::Sequencer(Box::new(config))
            }
            Family::Mdn => {
                let mut config = mdn::load(name, changes)?;
                config.seed = seed.unwrap_or(config.seed);
                Self::Mdn(Box::new(config))
            }
            Family::Caw => {
                let mut config = caw::load(name, changes)?;
                config.seed = seed.unwrap_or(config.seed);
                Self::Caw(Box::new(config))
            }
        })
    }
}

/// What to try: the configurations that were named, or all presets of the family.
pub fn plan(args: PlanArgs, session: &Session) -> Result<TrialSettings, Usage> {
    let presets = match args.family {
        Family::Gan => gan::PRESETS,
        Family::Autoencoder => autoencoder::PRESETS,
        Family::Diffusion => diffusion::PRESETS,
        Family::Sequencer => sequencer::PRESETS,
        Family::Mdn => mdn::PRESETS,
        Family::Caw => caw::PRESETS,
    };
    let names = match args.configs.is_empty() {
        true => presets.iter().map(|(name, _)| (*name).to_owned()).collect(),
        false => args.configs,
    };
    let candidate = |name: String| {
        let config = FamilyConfig::read(args.family, &name, &args.settings, session.seed)?;
        Ok(Candidate { name, config })
    };
    Ok(TrialSettings {
        candidates: names.into_iter().map(candidate).collect::<Result<_, Usage>>()?,
        data: args.data,
        until: Until { steps: args.steps.map(|steps| steps as u64), epochs: args.epochs, minutes: args.minutes },
        patience: Duration::from_secs_f64(args.patience),
        scratch: args.scratch,
        changes: args.settings,
    })
}
