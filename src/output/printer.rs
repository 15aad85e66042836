//! Results on stdout.

use anyhow::Context;
use serde::Serialize;
use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

/// Prints results.
pub struct Printer {
    /// Whether as JSON.
    pub json: bool,
}

impl Printer {
    /// Prints what a verb found or did: text for people, or the same as JSON.
    ///
    /// # Errors
    /// A stdout that takes nothing, such as a file on a full disk.
    pub fn print(&self, report: &(impl Display + Serialize)) -> anyhow::Result<()> {
        let text = if self.json { serde_json::to_string_pretty(report)? + "\n" } else { report.to_string() };
        write_stdout(&text).context("cannot write the result to stdout")
    }
}

/// Writes text to stdout. That whoever reads it has seen enough and closed the pipe is no error.
pub fn write_stdout(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
