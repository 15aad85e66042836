//! What was found and not accepted.

use serde::Serialize;
use std::fmt::{self, Display};
use std::path::PathBuf;

/// Something that was found and not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// The file.
    pub file: PathBuf,
    /// The line on which it begins, from 1; `None` where it is all of the file.
    pub line: Option<u64>,
    /// The participant's UUID, where it could be read.
    pub participant: Option<String>,
    /// What kind of reason.
    pub reason: Reason,
    /// What exactly, with expected and actual values. Holds text from the file: escape it where it is shown.
    pub words: String,
}

impl Display for Listed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.file.display())?;
        self.line.map_or(Ok(()), |line| write!(formatter, ", line {line}"))?;
        // Words of strangers: what a terminal would obey is shown instead.
        let words: String = self
            .words
            .chars()
            .flat_map(|letter| match letter.is_control() {
                true => letter.escape_default().collect::<Vec<_>>(),
                false => vec![letter],
            })
            .collect();
        write!(formatter, ": {}: {words}", self.reason)
    }
}

/// Why something was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The file could not be read.
    Unreadable,
    /// There are no answers in it.
    NotAnswers,
    /// More bytes, rows or faults than answers have.
    TooLarge,
    /// It breaks off, or is not JSON or CSV.
    Damaged,
    /// Fields or columns are missing, unknown, or hold something else than they should.
    Fields,
    /// Another format, or another version of it.
    OtherFormat,
    /// Answers to another bundle.
    OtherBundle,
    /// The checksum does not fit: something was changed.
    Tampered,
    /// The page cannot have given these answers.
    Impossible,
    /// The last page was not reached.
    Unfinished,
    /// The same answers are there already.
    Duplicate,
    /// The same answers are there under another UUID.
    Copied,
    /// The same participant has later answers.
    Superseded,
    /// The participant was to be left out.
    Excluded,
}

impl Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unreadable => "could not be read",
            Self::NotAnswers => "no answers",
            Self::TooLarge => "too large",
            Self::Damaged => "damaged",
            Self::Fields => "missing, extra or wrong fields",
            Self::OtherFormat => "another format",
            Self::OtherBundle => "another bundle",
            Self::Tampered => "changed afterwards",
            Self::Impossible => "impossible answers",
            Self::Unfinished => "unfinished",
            Self::Duplicate => "duplicate",
            Self::Copied => "copied",
            Self::Superseded => "superseded",
            Self::Excluded => "excluded",
        })
    }
}
