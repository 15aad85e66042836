//! The presets of the family.

use super::SequencerConfig;
use crate::ModelError;
use crate::presets::{Presets, named};

/// Name and TOML of every preset.
pub const PRESETS: &[(&str, &str)] = named!("sequencer": "one-level", "two-level", "clockwork", "transformer");

/// The presets of sequencers.
pub const SEQUENCER: Presets =
    Presets { family: "sequencer", base: include_str!("../../../../configs/sequencer/base.toml"), named: PRESETS };

/// Reads a preset or a file and lays `settings` over it; see [`Presets::read`].
///
/// # Errors
/// Those of [`Presets::read`], and a value out of range.
pub fn load(name: &str, settings: &[String]) -> Result<SequencerConfig, ModelError> {
    let config: SequencerConfig = SEQUENCER.read(name, settings)?;
    config.validate()?;
    Ok(config)
}
