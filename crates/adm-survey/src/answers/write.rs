//! Answers as the page writes them.

use super::record::{Answers, COLUMNS};
use crate::csv::line;

impl Answers {
    /// One JSON object on one line.
    ///
    /// # Errors
    /// None that is known: everything is text or a number. serde_json does not promise it.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// CSV by RFC 4180 with a header line, as the page gives it. Answers without rows have no other line.
    ///
    /// Texts are written as they were answered, or checksums would not fit any more; a spreadsheet may take one that begins with
    /// `=` for a formula.
    pub fn to_csv(&self) -> String {
        let mut csv = String::new();
        line(&mut csv, COLUMNS);
        let head = self.head();
        for row in &self.rows {
            line(&mut csv, head.iter().chain(&row.fields()).chain([&self.checksum]));
        }
        csv
    }
}
