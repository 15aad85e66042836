//! `adm compare`.

use super::Usage;
use crate::cli::CompareArgs;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What to put side by side.
#[derive(Debug, Clone)]
pub struct CompareSettings {
    pub runs: Vec<PathBuf>,
    /// A folder for a page.
    pub output: Option<PathBuf>,
}

/// What to put side by side.
pub fn compare(args: CompareArgs) -> Result<CompareSettings, Usage> {
    let mut seen = BTreeSet::new();
    let place = |run: &PathBuf| run.canonicalize().unwrap_or_else(|_| run.clone());
    if let Some(twice) = args.runs.iter().find(|run| !seen.insert(place(run))) {
        return Err(Usage::new(format!("the run {} is given twice", twice.display()), "give every run once"));
    }
    Ok(CompareSettings { runs: args.runs, output: args.output })
}
