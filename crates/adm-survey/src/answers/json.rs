//! Answers from JSON: one object, a list of them, or one after the other.

use super::limits::{MOST_BYTES, MOST_ROWS};
use super::listed::Reason;
use super::piece::{Fault, Piece};
use super::record::{Answers, FORMAT, VERSION};
use super::split::{Cut, Splitter};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::error::Category;
use std::io::{self, BufRead};

/// The pieces of a JSON file, one at a time.
pub(super) struct Json<R>(Splitter<R>);

impl<R: BufRead> Json<R> {
    pub(super) fn new(input: R) -> Self {
        Self(Splitter::new(input))
    }

    /// The next piece; `None` at the end of the file.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        Ok(self.0.next()?.map(piece))
    }
}

fn piece(cut: Cut) -> Piece {
    match cut {
        Cut::Object(line, bytes) => {
            Piece { line: Some(line), content: parse(&bytes, line).map_err(|fault| fault.of(&bytes)) }
        }
        Cut::TooLarge(line) => {
            let words = format!("an object of more than {} MiB, which nobody's answers are", MOST_BYTES >> 20);
            Fault::new(Reason::TooLarge, words).at(line)
        }
        Cut::Broken(line, (last, column), bytes) => {
            let words = format!("the file breaks off on line {last}, after column {column}, within answers");
            Fault::new(Reason::Damaged, words).of(&bytes).at(line)
        }
        Cut::Unclosed((line, column)) => {
            let words = format!("the file breaks off on line {line}, after column {column}: its list is not closed");
            Fault::new(Reason::Damaged, words).at(line)
        }
        Cut::Stray(line, byte) => {
            let words =
                format!("{:?} on line {line} is no part of a list of answers; the rest is not read", char::from(byte));
            Fault::new(Reason::Damaged, words).at(line)
        }
    }
}

/// What tells answers of other versions, which have other fields.
#[derive(Deserialize)]
struct Kind {
    format: Option<String>,
    version: Option<u64>,
}

fn parse(bytes: &[u8], line: u64) -> Result<Answers, Fault> {
    if let Err(error) = serde_json::from_slice::<IgnoredAny>(bytes) {
        return Err(Fault::new(Reason::Damaged, placed(&error, line)));
    }
    if let Ok(kind) = serde_json::from_slice::<Kind>(bytes) {
        check_kind(kind.format.as_deref().unwrap_or_default(), &kind.version.unwrap_or_default().to_string())?;
    }
    let answers: Answers = serde_json::from_slice(bytes).map_err(|error| {
        let reason = if error.classify() == Category::Data { Reason::Fields } else { Reason::Damaged };
        Fault::new(reason, placed(&error, line))
    })?;
    match answers.rows.len() {
        0..=MOST_ROWS => Ok(answers),
        rows => Err(Fault::new(Reason::TooLarge, format!("{rows} rows; nobody gives more than {MOST_ROWS}"))),
    }
}

/// An error with the line of the file rather than of the object.
fn placed(error: &serde_json::Error, line: u64) -> String {
    let text = error.to_string();
    let what = text.rsplit_once(" at line ").map_or(&*text, |(what, _)| what);
    format!("{what} (line {}, column {})", line + (error.line() as u64).saturating_sub(1), error.column())
}

/// Refuses other formats and versions.
pub(super) fn check_kind(format: &str, version: &str) -> Result<(), Fault> {
    if format != FORMAT {
        return Err(Fault::new(Reason::OtherFormat, format!("its format is {format:?}, expected {FORMAT:?}")));
    }
    if version != VERSION.to_string() {
        let words = format!("version {version} of the format; this program knows version {VERSION}");
        return Err(Fault::new(Reason::OtherFormat, words));
    }
    Ok(())
}
