//! Against scipy, statsmodels, krippendorff and R (`make.py` wrote `statistics.json`), and against published tables.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod agreement;
mod document_002;
mod file;
mod planning;
mod proportions;
mod published;
mod ratings;
mod tables;
