//! The presets of the family.

use super::GanConfig;
use crate::ModelError;
use crate::presets::{Presets, named};

/// Name and TOML of every preset.
pub const PRESETS: &[(&str, &str)] = named!("gan":
    "adm", "cpu", "complex", "conditional",
    "training-1", "training-2", "training-3", "training-4", "training-5",
    "djset-1", "djset-2", "djset-3", "djset-4", "djset-4-uniform", "document-003",
);

/// The presets of GANs.
pub const GAN: Presets =
    Presets { family: "gan", base: include_str!("../../../../configs/gan/base.toml"), named: PRESETS };

/// Reads a preset or a file and lays `settings` over it; see [`Presets::read`].
///
/// # Errors
/// Those of [`Presets::read`], and a value out of range.
pub fn load(name: &str, settings: &[String]) -> Result<GanConfig, ModelError> {
    let config: GanConfig = GAN.read(name, settings)?;
    config.validate()?;
    Ok(config)
}
