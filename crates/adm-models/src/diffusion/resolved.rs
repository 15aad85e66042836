//! A run's `config.toml`: the preset as it was resolved, and the slices that it is about.

use std::path::Path;

use adm_core::SampleRate;
use adm_spectral::Transform;
use adm_train::TrainError;
use serde::{Deserialize, Serialize};

use super::DiffusionConfig;
use crate::ModelError;
use crate::frontend::Frontend;
use crate::ranges::refused;

/// Enough to build the network without the dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolved {
    /// Every setting; the scaling's reference is given where tensors are scaled.
    pub diffusion: DiffusionConfig,
    /// Slices of the dataset.
    pub slice: SliceConfig,
    /// The transform between the two, for whoever reads the tensors elsewhere.
    pub transform: Transform,
}

/// What slices a run was trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SliceConfig {
    /// Frames of a slice.
    pub frames: usize,
    /// 1 or 2.
    pub channels: usize,
    /// In Hz.
    pub rate: SampleRate,
}

impl Resolved {
    /// What a run with this configuration and frontend records.
    pub fn new(config: &DiffusionConfig, frontend: &Frontend) -> Self {
        let mut diffusion = config.clone();
        diffusion.scaling.reference = frontend.scaling.map(|scaling| scaling.reference);
        let representation = &frontend.representation;
        let (frames, channels) = (representation.slice_frames(), representation.slice_channels());
        let slice = SliceConfig { frames, channels, rate: frontend.rate };
        Self { diffusion, slice, transform: representation.transform() }
    }

    /// Reads a run's configuration.
    ///
    /// # Errors
    /// A damaged file.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        let text = std::fs::read_to_string(path).map_err(TrainError::io("read", path))?;
        let resolved: Self = crate::config::read("", &path.display().to_string(), &text, &[])?;
        let checked = resolved.diffusion.validate();
        checked.map_err(|error| TrainError::Damaged { path: path.to_owned(), reason: error.to_string() })?;
        Ok(resolved)
    }

    /// What the network's values mean.
    ///
    /// # Errors
    /// A representation that cannot be built, or a reference that is not given.
    pub fn frontend(&self) -> Result<Frontend, ModelError> {
        let SliceConfig { frames, channels, rate } = self.slice;
        let representation = self.diffusion.representation.build(frames, rate, channels)?;
        let (made, recorded) = (representation.transform(), &self.transform);
        if made != *recorded {
            return Err(refused(
                "transform",
                format!("{made:?}, which the representation makes"),
                format!("{recorded:?}"),
            ));
        }
        let missing = || refused("diffusion.scaling.reference", "given in a run's configuration".to_owned(), "nothing");
        let scaling = self.diffusion.scaling.resolve(&*representation, || Err(missing()))?;
        Ok(Frontend { representation, scaling, rate })
    }
}
