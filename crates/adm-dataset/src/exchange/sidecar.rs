//! `export.json`: what the files of an export are.

use crate::error::DatasetError;
use crate::recipe::Slicing;
use crate::store::Dataset;
use adm_core::{SampleRate, persist};
use adm_spectral::{RepresentationConfig, Transform};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// File name of the sidecar inside an export's folder.
pub const SIDECAR_FILE: &str = "export.json";

const FORMAT: &str = "adm-export";
const VERSION: u32 = 1;

/// What is needed to turn exported tensors back into slices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sidecar {
    /// `adm-export`.
    pub format: String,
    /// Version of this form.
    pub version: u32,
    /// Frames a second of the slices.
    pub sample_rate: SampleRate,
    /// 1 (mono) or 2 (left, right).
    pub channels: usize,
    /// Length of every slice in frames.
    pub slice_frames: usize,
    /// How the slices were cut.
    pub slicing: Slicing,
    /// How slices became tensors; none where the export holds slices as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representation: Option<RepresentationConfig>,
    /// The transform behind the tensors, for whoever makes or reads them elsewhere; an import computes it anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transform: Option<Transform>,
    /// Fingerprint of the dataset that was exported.
    pub fingerprint: String,
}

impl Sidecar {
    pub(super) fn new(dataset: &Dataset, representation: Option<RepresentationConfig>) -> Result<Self, DatasetError> {
        let transform = |config: &RepresentationConfig| {
            config.build(dataset.slice_frames(), dataset.rate(), dataset.channels()).map(|built| built.transform())
        };
        let transform = representation.as_ref().map(transform).transpose()?;
        Ok(Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            sample_rate: dataset.rate(),
            channels: dataset.channels(),
            slice_frames: dataset.slice_frames(),
            slicing: dataset.manifest().slicing,
            representation,
            transform,
            fingerprint: dataset.manifest().fingerprint.clone(),
        })
    }

    /// Reads the sidecar of the export in `dir`; `None` where there is none.
    ///
    /// # Errors
    /// A file that cannot be read, is damaged, or is of another version.
    pub fn load(dir: &Path) -> Result<Option<Self>, DatasetError> {
        let path = dir.join(SIDECAR_FILE);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = adm_core::regular::read(&path).map_err(DatasetError::reading(&path))?;
        let sidecar: Result<Self, _> = serde_json::from_slice(&bytes);
        let fault = match &sidecar {
            Err(error) => error.to_string(),
            Ok(it) if it.format == FORMAT && it.version == VERSION => return Ok(sidecar.ok()),
            Ok(it) => format!("it is {} {}, expected {FORMAT} {VERSION}", it.format, it.version),
        };
        Err(DatasetError::Damaged { path, what: "export's sidecar", reason: fault })
    }

    pub(super) fn save(&self, dir: &Path) -> Result<(), DatasetError> {
        let path = dir.join(SIDECAR_FILE);
        let write = || persist::write_bytes(&path, &serde_json::to_vec_pretty(self)?);
        write().map_err(DatasetError::writing(&path))
    }
}
