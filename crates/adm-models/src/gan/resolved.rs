//! A run's `config.toml`: the preset as it was resolved, and the slices that it is about.

use std::path::Path;

use adm_spectral::Transform;
use serde::{Deserialize, Serialize};

use super::{GanConfig, Learned};
use crate::frontend::Frontend;
use crate::labels::Shares;
use crate::{ModelError, SliceConfig};

/// Most beats with codes: what is read is not trusted with more memory than a large dataset needs.
const MOST_BEATS: usize = 1 << 18;

/// Enough to build the networks without the dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolved {
    /// Every setting; the scaling's reference is given where tensors are scaled.
    pub gan: GanConfig,
    /// Slices of the dataset.
    pub slice: SliceConfig,
    /// What a conditional run knows of its labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Shares>,
    /// How many beats have a code, where the generator has codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beats: Option<usize>,
    /// The transform between the two, for whoever reads the tensors elsewhere.
    pub transform: Transform,
}

impl Resolved {
    /// What a run with this configuration and frontend records.
    pub fn new(config: &GanConfig, frontend: &Frontend, learned: Learned) -> Self {
        let mut gan = config.clone();
        gan.scaling.reference = frontend.scaling.map(|scaling| scaling.reference);
        let representation = &frontend.representation;
        let slice = SliceConfig::of(frontend);
        let Learned { shares: labels, beats } = learned;
        let beats = (beats > 0).then_some(beats);
        Self { gan, slice, labels, beats, transform: representation.transform() }
    }

    /// What the networks learned from.
    pub fn learned(&self) -> Learned {
        Learned { shares: self.labels.clone(), beats: self.beats.unwrap_or(0) }
    }

    /// Reads a run's configuration.
    ///
    /// # Errors
    /// A damaged file, or one that has labels without a condition or the other way round.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        crate::config::of_run(path, |resolved: &Self| {
            resolved.gan.validate()?;
            resolved.check_labels()?;
            check_beats(&resolved.gan, resolved.beats.unwrap_or(0))
        })
    }

    fn check_labels(&self) -> Result<(), ModelError> {
        match (self.gan.condition, &self.labels) {
            (None, None) => Ok(()),
            (Some(_), Some(labels)) => labels.validate(),
            (_, labels) => {
                let allowed = "given where gan.condition is, and only there".to_owned();
                let got = if labels.is_some() { "labels alone" } else { "gan.condition alone" }.to_owned();
                Err(ModelError::Setting { key: "labels", allowed, got })
            }
        }
    }

    /// What the networks' values mean.
    ///
    /// # Errors
    /// A representation that cannot be built, or a reference that is not given.
    pub fn frontend(&self) -> Result<Frontend, ModelError> {
        self.slice.frontend(&self.gan.representation, self.gan.scaling, &self.transform)
    }
}

/// Whether so many beats can have codes: some where the configuration has a table of codes, and none elsewhere.
pub(super) fn check_beats(gan: &GanConfig, beats: usize) -> Result<(), ModelError> {
    let fits = if gan.codes.is_some() { (1..=MOST_BEATS).contains(&beats) } else { beats == 0 };
    if fits {
        return Ok(());
    }
    let allowed = format!("1 to {MOST_BEATS} where gan.codes is given, and none elsewhere");
    Err(ModelError::Setting { key: "the number of beats with codes", allowed, got: beats.to_string() })
}
