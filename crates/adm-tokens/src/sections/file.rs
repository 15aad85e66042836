//! `sections.json`.

use super::{SectionName, Sections};
use crate::error::TokenError;
use crate::json;
use std::path::Path;

/// File name of sections inside a folder.
pub const SECTIONS_FILE: &str = "sections.json";

/// What `format` says in every file of sections.
pub(super) const FORMAT: &str = "adm-sections";
/// The format version that this build writes, and the only one it reads.
pub(super) const VERSION: u32 = 1;
/// What error messages call it.
const WHAT: &str = "file of sections";
/// How far weights may add up beside 1: they are f32, and there may be thousands.
const SUM_WITHIN: f32 = 1e-3;

impl Sections {
    /// Reads the sections in the folder `dir`.
    ///
    /// # Errors
    /// A file that is missing, damaged, of another version, or contradicts itself.
    pub fn open(dir: &Path) -> Result<Self, TokenError> {
        let path = dir.join(SECTIONS_FILE);
        let bytes = adm_core::regular::read(&path).map_err(TokenError::reading(&path))?;
        let sections = json::parse(&bytes, FORMAT, VERSION);
        let sections = sections.and_then(|sections: Self| sections.contradiction().map_or(Ok(sections), Err));
        sections.map_err(|reason| TokenError::Damaged { path, what: WHAT, reason })
    }

    /// Writes the sections into the folder `dir`; the file is whole or absent.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn save(&self, dir: &Path) -> Result<(), TokenError> {
        json::save(&dir.join(SECTIONS_FILE), self)
    }

    fn contradiction(&self) -> Option<String> {
        if !self.sections.iter().map(|section| section.name).eq(SectionName::ALL) {
            return Some("it does not have each section once, in order".to_owned());
        }
        let tokens = self.sections[0].weights.len();
        for section in &self.sections {
            let positive = section.weights.iter().all(|&weight| weight > 0.0 && weight <= 1.0);
            let sum: f32 = section.weights.iter().sum();
            if section.weights.len() != tokens || !positive || (sum - 1.0).abs() > SUM_WITHIN {
                return Some(format!("the weights of {} are no probabilities of {tokens} tokens", section.name));
            }
        }
        let overlap = self.spans.windows(2).any(|pair| pair[0].slices.end > pair[1].slices.start);
        let empty = self.spans.iter().any(|span| span.slices.is_empty());
        (overlap || empty).then(|| "its spans are empty or overlap".to_owned())
    }
}
