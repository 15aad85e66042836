//! Findings as a page, as JSON and as tables.
//!
//! ```text
//! Findings ─┬─ sheets ─┬─ page ─▶ report.html    summary, figures, tables, methods
//!           │          └─ csv ──▶ *.csv          one file a table; scored.csv has every response
//!           └──────────────────▶ report.json    every number, with its method, or why there is none
//! answers that were accepted ──▶ answers.json   merged; can be read again
//! ```
//!
//! Words of participants are untrusted: the page escapes them, and in CSV files they cannot become a spreadsheet's formulas.

mod csv;
mod figures;
mod methods;
mod page;
mod place;
mod sheet;
mod sheets;
mod summary;

pub use summary::paragraphs;

use crate::SurveyError;
use crate::analysis::Findings;
use crate::answers::Merged;
use crate::key::Key;
use crate::scoring::Scored;
use adm_core::persist;
use serde::Serialize;
use std::io;
use std::path::{Path, PathBuf};

/// What findings were found in.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// Answers that were accepted, and all else that was found.
    pub merged: &'a Merged,
    /// The same, held against the key.
    pub scored: &'a Scored,
    /// The key.
    pub key: &'a Key,
}

/// What `report.json` holds.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    findings: &'a Findings,
    found: usize,
    listed: &'a [crate::answers::Listed],
    not_found: &'a [String],
    /// Every other file of the report: what a later one may replace.
    files: Vec<String>,
}

/// Writes a report into a folder, whole or not at all; gives the path of `report.html`.
///
/// An earlier report in that folder is replaced when the new one is whole, if nothing else lies there.
///
/// # Errors
/// [`SurveyError::NotAReport`] where the folder holds something else, [`SurveyError::Write`] where it does not take a file.
pub fn write(folder: &Path, findings: &Findings, material: &Material<'_>) -> Result<PathBuf, SurveyError> {
    place::replace(folder, |new| fill(new, findings, material))?;
    Ok(folder.join(PAGE))
}

/// The page's name.
const PAGE: &str = "report.html";

fn fill(folder: &Path, findings: &Findings, material: &Material<'_>) -> Result<(), SurveyError> {
    page::page(findings, material).write_as(folder, PAGE).map_err(|error| SurveyError::Report { source: error })?;
    json(&folder.join("answers.json"), &material.merged.accepted)?;
    let more = [
        sheets::scored(material.scored, material.key, findings),
        sheets::said(material.scored),
        sheets::listed(&material.merged.listed),
        sheets::listed_by_reason(&material.merged.listed),
    ];
    for sheet in sheets::all(findings).iter().chain(&more) {
        let path = folder.join(format!("{}.csv", sheet.name));
        persist::write_bytes(&path, csv::csv(sheet).as_bytes()).map_err(writing(&path))?;
    }
    let document = Document {
        findings,
        found: material.merged.found,
        listed: &material.merged.listed,
        not_found: &material.merged.not_found,
        files: place::names(folder).map_err(writing(folder))?,
    };
    json(&folder.join(place::MARK), &document)
}

fn json(path: &Path, value: &impl Serialize) -> Result<(), SurveyError> {
    let text = serde_json::to_vec_pretty(value).map_err(|error| writing(path)(io::Error::other(error)))?;
    persist::write_bytes(path, &text).map_err(writing(path))
}

fn writing(path: &Path) -> impl FnOnce(io::Error) -> SurveyError {
    move |source| SurveyError::Write { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests;
