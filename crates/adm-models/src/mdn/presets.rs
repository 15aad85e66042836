//! The presets of the family.

use super::MdnConfig;
use crate::ModelError;
use crate::presets::{Presets, named};

/// Name and TOML of every preset.
pub const PRESETS: &[(&str, &str)] = named!("mdn": "lstm", "regression", "feed-forward", "document-004");

/// The presets of mixture density networks.
pub const MDN: Presets =
    Presets { family: "mdn", base: include_str!("../../../../configs/mdn/base.toml"), named: PRESETS };

/// Reads a preset or a file and lays `settings` over it; see [`Presets::read`].
///
/// # Errors
/// Those of [`Presets::read`], and a value out of range.
pub fn load(name: &str, settings: &[String]) -> Result<MdnConfig, ModelError> {
    let config: MdnConfig = MDN.read(name, settings)?;
    config.validate()?;
    Ok(config)
}
