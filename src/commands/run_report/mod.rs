//! `RUN/report/index.html`: what a run has come to, on one page that opens from disk.
//!
//! Everything is read from the run's directory, so the page can be written by whoever trains it, while it is trained and at
//! the end, and by `adm compare` at any time.

mod charts;
mod configuration;
mod dataset;
mod facts;
mod judged;
mod previews;
mod recorded;
mod sittings;
mod when;

pub use charts::{Curves, shares};
pub use configuration::{FOUND, written};
pub use dataset::short;
pub use judged::{Best, Unit};
pub use previews::latest;
pub use recorded::Recorded;

use adm_report::{Page, Section};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// Writes the report of the run at `root`; returns its path.
///
/// # Errors
/// No run, files that cannot be read, a directory that cannot be written to.
pub fn write(root: &Path) -> Result<PathBuf> {
    write_of(&Recorded::read(root)?)
}

/// The same of a run that was read.
///
/// # Errors
/// A directory that cannot be written to.
pub fn write_of(run: &Recorded) -> Result<PathBuf> {
    Ok(page(run).write(&run.dir.report())?)
}

fn page(run: &Recorded) -> Page {
    let previews = previews::section(run);
    let summary = format!("{} that learned from the dataset {}.", run.kind(), run.dataset_name());
    let page = Page::new(format!("Training of {}", run.name())).summary(summary);
    let page = page.section(facts::section(run)).section(charts::section(run));
    let page = previews.into_iter().fold(page, Page::section);
    page.section(Section::new("Dataset").with(dataset::facts(run)))
        .section(configuration::section(run))
        .section(sittings::section(run))
        .footer(format!("Written by adm {} on {}.", env!("CARGO_PKG_VERSION"), when::now()))
}
