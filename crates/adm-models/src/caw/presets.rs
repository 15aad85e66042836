//! The presets of the family.

use super::CawConfig;
use crate::ModelError;
use crate::presets::{Presets, named};

/// Name and TOML of every preset.
pub const PRESETS: &[(&str, &str)] = named!("caw": "cpu", "document-001");

/// The presets of pyramids of waveforms.
pub const CAW: Presets =
    Presets { family: "caw", base: include_str!("../../../../configs/caw/base.toml"), named: PRESETS };

/// Reads a preset or a file and lays `settings` over it; see [`Presets::read`].
///
/// # Errors
/// Those of [`Presets::read`], and a value out of range.
pub fn load(name: &str, settings: &[String]) -> Result<CawConfig, ModelError> {
    let config: CawConfig = CAW.read(name, settings)?;
    config.validate()?;
    Ok(config)
}
