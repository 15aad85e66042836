//! Whether a key is the one that was promised.

use crate::SurveyError;
use crate::digest::sha256;
use crate::key::Key;
use crate::manifest::Manifest;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Reads a key file and checks that it is the manifest's.
///
/// # Errors
/// No such file; another key than the bundle was packed with; one that does not fit the manifest.
pub fn read_key(path: &Path, manifest: &Manifest) -> Result<Key, SurveyError> {
    check_key(path, &Key::bytes(path)?, manifest)
}

/// Checks that the bytes of a key file, which is named in errors, are the key of a manifest.
///
/// # Errors
/// Another key than the bundle was packed with; one that does not fit the manifest.
pub fn check_key(path: &Path, bytes: &[u8], manifest: &Manifest) -> Result<Key, SurveyError> {
    let actual = sha256(bytes);
    if !manifest.commitment.eq_ignore_ascii_case(&actual) {
        let expected = manifest.commitment.clone();
        return Err(SurveyError::OtherKey { path: path.to_owned(), expected, actual });
    }
    let wrong = |what: String| SurveyError::KeyDoesNotFit { path: path.to_owned(), what };
    let key = Key::parse(path, bytes)?;
    trials(&key, manifest).and_then(|()| sounds(&key, manifest)).map_err(wrong)?;
    Ok(key)
}

/// Trials are the same on both sides.
fn trials(key: &Key, manifest: &Manifest) -> Result<(), String> {
    let known: BTreeMap<&str, _> = key.trials.iter().map(|trial| (&*trial.name, trial)).collect();
    if known.len() != key.trials.len() {
        return Err("it names a trial twice".to_owned());
    }
    if let Some(extra) = known.keys().find(|name| !manifest.trials.contains_key(**name)) {
        return Err(format!("it has trial {extra:?}, which the bundle has not"));
    }
    for (name, shown) in &manifest.trials {
        let trial = known.get(&**name).ok_or_else(|| format!("it has no trial {name:?}"))?;
        if trial.block != shown.block || trial.samples != shown.samples || trial.copies.len() != shown.copies.len() {
            return Err(format!("trial {name:?} has other samples than in the bundle"));
        }
        if let Some(copy) = trial.copies.iter().find(|copy| **copy >= trial.samples.len()) {
            return Err(format!("trial {name:?} has X a copy of sample {copy} of {}", trial.samples.len()));
        }
    }
    Ok(())
}

/// Every sound that the bundle names is in the key, once.
fn sounds(key: &Key, manifest: &Manifest) -> Result<(), String> {
    let known: BTreeSet<&str> = key.stimuli.iter().map(|stimulus| &*stimulus.name).collect();
    if known.len() != key.stimuli.len() {
        return Err("it names a sound twice".to_owned());
    }
    match manifest.sounds().into_iter().find(|name| !known.contains(name)) {
        Some(name) => Err(format!("it does not know the sound {name:?}")),
        None => Ok(()),
    }
}
