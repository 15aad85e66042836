//! The presets of the family.

use super::AutoencoderConfig;
use crate::ModelError;
use crate::presets::{Presets, named};

/// Name and TOML of every preset.
pub const PRESETS: &[(&str, &str)] = named!("autoencoder": "vae", "document-003-vae", "simple", "bpm-split");

/// The presets of auto-encoders.
pub const AUTOENCODER: Presets =
    Presets { family: "autoencoder", base: include_str!("../../../../configs/autoencoder/base.toml"), named: PRESETS };

/// Reads a preset or a file and lays `settings` over it; see [`Presets::read`].
///
/// # Errors
/// Those of [`Presets::read`], and a value out of range.
pub fn load(name: &str, settings: &[String]) -> Result<AutoencoderConfig, ModelError> {
    let config: AutoencoderConfig = AUTOENCODER.read(name, settings)?;
    config.validate()?;
    Ok(config)
}
