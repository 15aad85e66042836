//! What slices a family that makes beats learns from: as a preset asks for them, and as a run's `config.toml` holds them.

use std::sync::Arc;

use adm_core::{SampleRate, Seeds};
use adm_dataset::Dataset;
use adm_spectral::{RepresentationConfig, Transform};
use serde::{Deserialize, Serialize};

use crate::ModelError;
use crate::frontend::{BatchPlan, Frontend, ScalingConfig};

/// What a configuration says of the slices that are learned from.
#[derive(Debug, Clone, Copy)]
pub struct SliceSettings<'a> {
    /// Slice ⇄ tensor.
    pub representation: &'a RepresentationConfig,
    /// Tensor ⇄ the network's range.
    pub scaling: ScalingConfig,
    /// The rate in Hz that the configuration is made for; 0 takes any.
    pub sample_rate: u32,
    /// Seed of every random number.
    pub seed: u64,
    /// Slices a step.
    pub batch: usize,
}

impl SliceSettings<'_> {
    /// What stands between a dataset and the network.
    ///
    /// # Errors
    /// A dataset of another rate, and those of [`Frontend::for_dataset`].
    pub fn frontend(self, dataset: &Dataset) -> Result<Frontend, ModelError> {
        match (self.sample_rate, dataset.rate().hz()) {
            (0, _) => {}
            (expected, got) if expected == got => {}
            (expected, got) => return Err(ModelError::Rate { expected, got }),
        }
        Frontend::for_dataset(dataset, self.representation, self.scaling)
    }

    /// What batches of a dataset are made of.
    pub fn batch_plan(self, dataset: Arc<Dataset>, frontend: &Frontend) -> BatchPlan {
        BatchPlan { dataset, frontend: frontend.clone(), batch: self.batch, seeds: Seeds::new(self.seed) }
    }
}

/// Their length, channels and rate.
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

impl SliceConfig {
    /// Those of a frontend.
    pub fn of(frontend: &Frontend) -> Self {
        let representation = &frontend.representation;
        let (frames, channels) = (representation.slice_frames(), representation.slice_channels());
        Self { frames, channels, rate: frontend.rate }
    }

    /// The frontend of a run, without its dataset; `recorded` is the transform that the run was trained with.
    ///
    /// # Errors
    /// A representation that cannot be built or makes another transform, or a reference that is not given.
    pub fn frontend(
        self,
        representation: &RepresentationConfig,
        scaling: ScalingConfig,
        recorded: &Transform,
    ) -> Result<Frontend, ModelError> {
        let Self { frames, channels, rate } = self;
        let representation = representation.build(frames, rate, channels)?;
        let made = representation.transform();
        if made != *recorded {
            let (allowed, got) = (format!("{made:?}, which the representation makes"), format!("{recorded:?}"));
            return Err(ModelError::Setting { key: "transform", allowed, got });
        }
        let missing = || ModelError::Setting {
            key: "scaling.reference",
            allowed: "given in a run's configuration".into(),
            got: "nothing".into(),
        };
        let scaling = scaling.resolve(&*representation, || Err(missing()))?;
        Ok(Frontend { representation, scaling, rate })
    }
}
