//! A run's `config.toml`: the preset as it was resolved, and the slices that it is about.

use std::path::Path;

use adm_spectral::Transform;
use serde::{Deserialize, Serialize};

use super::AutoencoderConfig;
use crate::frontend::Frontend;
use crate::{ModelError, SliceConfig};

/// Enough to build the network without the dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolved {
    /// Every setting; the scaling's reference is given where tensors are scaled.
    pub autoencoder: AutoencoderConfig,
    /// Slices of the dataset.
    pub slice: SliceConfig,
    /// The transform between the two, for whoever reads the tensors elsewhere.
    pub transform: Transform,
}

impl Resolved {
    /// What a run with this configuration and frontend records.
    pub fn new(config: &AutoencoderConfig, frontend: &Frontend) -> Self {
        let mut autoencoder = config.clone();
        autoencoder.scaling.reference = frontend.scaling.map(|scaling| scaling.reference);
        Self { autoencoder, slice: SliceConfig::of(frontend), transform: frontend.representation.transform() }
    }

    /// Reads a run's configuration.
    ///
    /// # Errors
    /// A damaged file.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        crate::config::of_run(path, |resolved: &Self| resolved.autoencoder.validate())
    }

    /// What the network's values mean.
    ///
    /// # Errors
    /// A representation that cannot be built, or a reference that is not given.
    pub fn frontend(&self) -> Result<Frontend, ModelError> {
        let config = &self.autoencoder;
        self.slice.frontend(&config.representation, config.scaling, &self.transform)
    }
}
