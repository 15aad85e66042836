//! A run's `config.toml`: the preset as it was resolved, and the rows that it is about.

use std::path::Path;

use adm_core::SampleRate;
use serde::{Deserialize, Serialize};

use super::{Frames, MdnConfig, Series, Standard};
use crate::ModelError;
use crate::ranges::refused;

/// Enough to build the network without what it learned from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolved {
    /// Every setting.
    pub mdn: MdnConfig,
    /// The rows.
    pub rows: RowConfig,
}

/// What rows a run was trained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowConfig {
    /// Values in a row.
    pub columns: usize,
    /// How much a row differs from the one before in what was learned from, in the network's range; see [`super::change`].
    pub change: f64,
    /// Of the sound, where rows are frames of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sound: Option<SoundConfig>,
    /// What the values were brought to.
    pub standard: Standard,
}

/// The sound that rows are frames of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoundConfig {
    /// Its sample rate in Hz.
    pub rate: SampleRate,
    /// Its channels.
    pub channels: usize,
}

impl RowConfig {
    /// Those of a series, whose rows are frames of sound where `frames` says so.
    pub(super) fn of(series: &Series, frames: Option<&Frames>) -> Self {
        Self {
            columns: series.columns(),
            change: super::evaluate::recorded_change(series),
            sound: frames.map(|frames| SoundConfig { rate: frames.rate(), channels: frames.channels() }),
            standard: series.standard().clone(),
        }
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

    /// What its rows are frames of; none where they are not.
    ///
    /// # Errors
    /// Settings that make no frames.
    pub fn frames(&self) -> Result<Option<Frames>, ModelError> {
        self.rows.sound.map(|sound| Frames::new(&self.mdn, sound.rate, sound.channels)).transpose()
    }

    fn check(&self) -> Result<(), ModelError> {
        self.mdn.validate()?;
        self.mdn.outputs(self.rows.columns)?;
        let RowConfig { columns, change, standard, .. } = &self.rows;
        let of_frames = self.frames()?.map_or(*columns, |frames| frames.columns());
        if let Some(&got) = [of_frames, standard.means.len()].iter().find(|got| *got != columns) {
            return Err(ModelError::Columns { expected: *columns, got });
        }
        if !standard.is_usable() {
            return Err(refused("rows.standard", "finite, with a deviation above 0".to_owned(), standard.deviation));
        }
        let positive = change.is_finite() && *change > 0.0;
        if positive { Ok(()) } else { Err(refused("rows.change", "above 0".to_owned(), change)) }
    }
}
