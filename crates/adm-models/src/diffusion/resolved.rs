//! A run's `config.toml`: the preset as it was resolved, and the slices that it is about.

use std::path::Path;

use adm_spectral::Transform;
use serde::{Deserialize, Serialize};

use super::{DiffusionConfig, Told};
use crate::frontend::Frontend;
use crate::labels::Shares;
use crate::ranges::refused;
use crate::{ModelError, SliceConfig};

/// Enough to build the network without the dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolved {
    /// Every setting; the scaling's reference is given where tensors are scaled.
    pub diffusion: DiffusionConfig,
    /// Slices of the dataset.
    pub slice: SliceConfig,
    /// What a conditional run knows of its labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Shares>,
    /// The transform between the two, for whoever reads the tensors elsewhere.
    pub transform: Transform,
}

impl Resolved {
    /// What a run with this configuration, frontend and labels records.
    pub fn new(config: &DiffusionConfig, frontend: &Frontend, labels: Option<Shares>) -> Self {
        let mut diffusion = config.clone();
        diffusion.scaling.reference = frontend.scaling.map(|scaling| scaling.reference);
        let (slice, transform) = (SliceConfig::of(frontend), frontend.representation.transform());
        Self { diffusion, slice, labels, transform }
    }

    /// Reads a run's configuration.
    ///
    /// # Errors
    /// A damaged file, or one that has labels without a condition or the other way round.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        crate::config::of_run(path, |resolved: &Self| {
            resolved.diffusion.validate()?;
            resolved.check_labels()
        })
    }

    fn check_labels(&self) -> Result<(), ModelError> {
        match (self.diffusion.condition, &self.labels) {
            (None, None) => Ok(()),
            (Some(_), Some(labels)) => labels.validate(),
            (_, labels) => {
                let allowed = "given where diffusion.condition is, and only there".to_owned();
                let got = if labels.is_some() { "labels alone" } else { "diffusion.condition alone" };
                Err(refused("labels", allowed, got))
            }
        }
    }

    /// What labels the network can be told.
    pub fn told(&self) -> Option<Told> {
        self.diffusion.told(self.labels.as_ref())
    }

    /// What the network's values mean.
    ///
    /// # Errors
    /// A representation that cannot be built, or a reference that is not given.
    pub fn frontend(&self) -> Result<Frontend, ModelError> {
        let config = &self.diffusion;
        self.slice.frontend(&config.representation, config.scaling, &self.transform)
    }
}
