//! The presets of the family.

use super::DiffusionConfig;
use crate::ModelError;
use crate::presets::{Presets, named};

/// Name and TOML of every preset.
pub const PRESETS: &[(&str, &str)] = named!("diffusion": "ddpm", "conditional", "linear-epsilon", "full");

/// The presets of diffusion models.
pub const DIFFUSION: Presets =
    Presets { family: "diffusion", base: include_str!("../../../../configs/diffusion/base.toml"), named: PRESETS };

/// Reads a preset or a file and lays `settings` over it; see [`Presets::read`].
///
/// # Errors
/// Those of [`Presets::read`], and a value out of range.
pub fn load(name: &str, settings: &[String]) -> Result<DiffusionConfig, ModelError> {
    let config: DiffusionConfig = DIFFUSION.read(name, settings)?;
    config.validate()?;
    Ok(config)
}
