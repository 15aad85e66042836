//! Answers of many browsers put together.

use super::listed::Listed;
use super::record::Answers;
use crate::SurveyError;
use crate::bundle::Manifest;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What is taken and what is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergeOptions {
    /// Keep those who did not reach the last page.
    pub unfinished: bool,
    /// UUIDs of participants who want to be forgotten.
    pub exclude: BTreeSet<String>,
}

/// Answers of many browsers put together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Merged {
    /// What holds, one for each participant, in order of their UUIDs.
    pub accepted: Vec<Answers>,
    /// Everything else that was found, each with its reason, in the order in which it was found.
    pub listed: Vec<Listed>,
    /// How many pieces were found: as many as are accepted and listed together.
    pub found: usize,
    /// UUIDs that were to be left out, of which no answers were found.
    pub not_found: Vec<String>,
}

/// Reads answers from files and folders, holds them against a manifest and puts them together.
///
/// `bundle` is the bundle's id: the SHA-256 of the manifest's JSON text.
///
/// # Errors
/// A path that does not exist, or a folder that cannot be listed. Whatever is wrong with what a file holds is listed instead.
pub fn merge(
    paths: &[PathBuf],
    manifest: &Manifest,
    bundle: &str,
    options: &MergeOptions,
) -> Result<Merged, SurveyError> {
    let _ = (paths, manifest, bundle, options);
    Ok(Merged::default())
}
