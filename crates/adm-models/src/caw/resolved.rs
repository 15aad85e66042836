//! A run's `config.toml`: the preset as it was resolved, and the recording that it is about.

use std::path::Path;

use adm_core::SampleRate;
use serde::{Deserialize, Serialize};

use super::{CawConfig, Hole, Pyramid, Recording};
use crate::ModelError;
use crate::ranges::{count, refused, within};

/// Enough to build the networks without the recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolved {
    /// Every setting.
    pub caw: CawConfig,
    /// The recording.
    pub sound: SoundConfig,
}

/// The recording that a run learns from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoundConfig {
    /// Its sample rate in Hz.
    pub rate: SampleRate,
    /// Its channels.
    pub channels: usize,
    /// Samples of a channel.
    pub length: u32,
    /// Rates of the scales that it has, in Hz.
    pub rates: Vec<u32>,
    /// What is missing of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<Hole>,
}

impl SoundConfig {
    pub(super) fn of(recording: &Recording, pyramid: &Pyramid, holes: &[Hole]) -> Self {
        Self {
            rate: recording.rate,
            channels: recording.signal.channels,
            length: pyramid.full[0],
            rates: pyramid.rates(),
            holes: holes.to_vec(),
        }
    }

    /// How long it is, in seconds.
    pub fn seconds(&self) -> f64 {
        f64::from(self.length) / self.rate.as_f64()
    }
}

impl Resolved {
    /// Reads a run's configuration.
    ///
    /// # Errors
    /// A file that is damaged, or that of another family.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        crate::config::of_run(path, Self::check)
    }

    fn check(&self) -> Result<(), ModelError> {
        self.caw.validate()?;
        let SoundConfig { channels, length, rates, holes, .. } = &self.sound;
        count("sound.channels", *channels, 1, 2)?;
        count("sound.length", *length as usize, 1, u32::MAX as usize)?;
        within("sound.length", self.sound.seconds(), 0.0, self.caw.recording.longest)?;
        super::check_holes(holes, self.sound.seconds())?;
        let known = &self.caw.pyramid.rates;
        let among = !rates.is_empty() && rates.windows(2).all(|pair| pair[0] < pair[1]);
        if among && rates.iter().all(|rate| known.contains(rate)) {
            return Ok(());
        }
        Err(refused("sound.rates", format!("rising and among {known:?}"), format!("{rates:?}")))
    }
}
