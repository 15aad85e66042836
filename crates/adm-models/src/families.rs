//! The families by name: which a run is of, what presets each has, and which founding document it comes from.

use std::path::Path;

use adm_train::{RunDir, TrainError};

use crate::presets::Presets;
use crate::{ModelError, autoencoder, caw, diffusion, gan, mdn, sequencer};

/// A kind of model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Makes beats.
    Gan,
    /// Orders tokens.
    Sequencer,
    /// Foretells rows.
    Mdn,
    /// Makes beats of codes, and codes of beats.
    Autoencoder,
    /// Makes beats out of noise.
    Diffusion,
    /// Makes sound like one recording.
    Caw,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Gan, Self::Sequencer, Self::Mdn, Self::Autoencoder, Self::Diffusion, Self::Caw];

    /// As it is typed, and as its table in a run's configuration is called.
    pub fn name(self) -> &'static str {
        self.presets().family
    }

    /// The founding documents that it comes from.
    pub fn documents(self) -> &'static str {
        match self {
            Self::Gan => "documents 000, 002 and 003",
            Self::Sequencer => "document 000",
            Self::Mdn => "document 004",
            Self::Autoencoder => "document 003",
            Self::Diffusion => "document 002, its future work",
            Self::Caw => "document 001",
        }
    }

    /// The family of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    /// What there is to choose from.
    pub fn presets(self) -> &'static Presets {
        match self {
            Self::Gan => &gan::GAN,
            Self::Sequencer => &sequencer::SEQUENCER,
            Self::Mdn => &mdn::MDN,
            Self::Autoencoder => &autoencoder::AUTOENCODER,
            Self::Diffusion => &diffusion::DIFFUSION,
            Self::Caw => &caw::CAW,
        }
    }

    /// Every setting of a preset, those included that it leaves to their defaults; nothing for a name that is no preset's.
    pub fn resolved(self, preset: &str) -> Option<toml::Table> {
        // Written and read, as a run's own file is: 0.15 is another number in 32 bits.
        let text = match self {
            Self::Gan => toml::to_string(&gan::load(preset, &[]).ok()?),
            Self::Sequencer => toml::to_string(&sequencer::load(preset, &[]).ok()?),
            Self::Mdn => toml::to_string(&mdn::load(preset, &[]).ok()?),
            Self::Autoencoder => toml::to_string(&autoencoder::load(preset, &[]).ok()?),
            Self::Diffusion => toml::to_string(&diffusion::load(preset, &[]).ok()?),
            Self::Caw => toml::to_string(&caw::load(preset, &[]).ok()?),
        };
        text.ok()?.parse().ok()
    }

    /// The family of a run, which has a table of its name in its configuration.
    ///
    /// # Errors
    /// No run, or one of a family that is not known.
    pub fn of_run(root: &Path) -> Result<Self, ModelError> {
        let config = RunDir::open(root)?.config();
        let text = std::fs::read_to_string(&config).map_err(TrainError::io("read", &config))?;
        // A table's header stands at the start of its line; the whole may be damaged elsewhere.
        let has = |family: &Self| {
            let (table, within) = (format!("[{}]", family.name()), format!("[{}.", family.name()));
            text.lines().any(|line| line.trim() == table || line.starts_with(&within))
        };
        Self::ALL.into_iter().find(has).ok_or_else(|| ModelError::UnknownFamily { path: root.to_owned() })
    }
}
