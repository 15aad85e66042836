//! A bundle, read again.

use crate::SurveyError;
use crate::digest::sha256;
use crate::manifest::{FORMAT, Manifest, VERSION};
use std::fs;
use std::path::Path;

/// Largest `study.js`: ten thousand sheets of a hundred trials.
pub(super) const MOST_BYTES: u64 = 64 << 20;

/// A bundle's manifest and its id.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// What the page reads.
    pub manifest: Manifest,
    /// SHA-256 of the manifest's text.
    pub id: String,
}

/// Opens the bundle in `folder`.
///
/// # Errors
/// [`SurveyError::NoBundle`] for a folder that holds none; [`SurveyError::Damaged`] for one whose manifest was changed.
pub fn open(folder: &Path) -> Result<Opened, SurveyError> {
    let path = folder.join("study.js");
    let damaged = |reason: &str| SurveyError::Damaged { path: path.clone(), reason: reason.to_owned() };
    let size = fs::metadata(&path).map_err(|_| SurveyError::NoBundle { path: folder.to_owned() })?.len();
    if size > MOST_BYTES {
        return Err(damaged("it is larger than any study"));
    }
    let script = fs::read_to_string(&path).map_err(|source| SurveyError::Read { path: path.clone(), source })?;
    let arguments = script.trim_end().strip_prefix("adm.study(").and_then(|rest| rest.strip_suffix(");"));
    let (text, id): (String, String) = arguments
        .and_then(|arguments| serde_json::from_str(&format!("[{arguments}]")).ok())
        .ok_or_else(|| damaged("it is no call of adm.study"))?;
    if sha256(text.as_bytes()) != id {
        return Err(damaged("its text does not have the SHA-256 that it says"));
    }
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| damaged(&error.to_string()))?;
    if manifest.format != FORMAT || manifest.version != VERSION {
        return Err(damaged("it is of another version of adm"));
    }
    Ok(Opened { manifest, id })
}
