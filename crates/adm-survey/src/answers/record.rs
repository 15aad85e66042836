//! Answers and their checksum.

use crate::digest::sha256;
use serde::{Deserialize, Serialize};

/// What [`Answers::format`] says.
pub const FORMAT: &str = "adm-answers";
/// What [`Answers::version`] says.
pub const VERSION: u32 = 1;

/// The columns of a CSV file of answers, in order: the participant's, then the row's, then the checksum.
pub const COLUMNS: [&str; 21] = [
    "format",
    "version",
    "bundle",
    "participant",
    "sheet",
    "started",
    "finished",
    "device_rate",
    "page",
    "block",
    "position",
    "trial",
    "question",
    "slot",
    "stimulus",
    "response",
    "declined",
    "ms",
    "plays",
    "heard",
    "checksum",
];

/// What one participant said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// `adm-answers`.
    pub format: String,
    /// 1.
    pub version: u32,
    /// The bundle's id.
    pub bundle: String,
    /// A random UUID, drawn by the page; nothing else tells who it was.
    pub participant: String,
    /// Which of [`crate::manifest::Manifest::sheets`] was shown.
    pub sheet: usize,
    /// When consent was given, as `2026-05-01T12:00:00.000Z`.
    pub started: String,
    /// When the last page was reached; empty where it was not. Earlier than `started` where the device's clock was set back.
    pub finished: String,
    /// The device's sample rate in Hz; 0 where nothing was played.
    pub device_rate: u32,
    /// Every answer, in the order of pages, trials, questions and places on the page.
    pub rows: Vec<Row>,
    /// [`Answers::expected_checksum`].
    pub checksum: String,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Index into [`crate::manifest::Manifest::pages`].
    pub page: usize,
    /// The block; empty on other pages.
    pub block: String,
    /// The trial's place in the participant's sheet, from 0; empty on other pages.
    pub position: String,
    /// The trial's name; empty on other pages.
    pub trial: String,
    /// The question's id; `abx` and `mushra` for what those trials ask by themselves.
    pub question: String,
    /// The place on the page, from 1, of the sample that is asked about; empty where the question is about all.
    pub slot: String,
    /// That sample's name; empty where the question is about all.
    pub stimulus: String,
    /// The response, as [`crate::manifest::QuestionKind`] says; `a` or `b` for ABX, 0 to 100 for MUSHRA. Empty where none was given.
    pub response: String,
    /// Whether the participant preferred not to say.
    pub declined: bool,
    /// Milliseconds from when it was first asked to when it was last changed.
    pub ms: u64,
    /// How often the sample, or all of the trial's samples together, were started or switched to.
    pub plays: u32,
    /// How much of the sample, or of the trial's least heard one, was heard, in percent.
    pub heard: u32,
}

impl Answers {
    /// SHA-256, in 64 hexadecimal digits, of all fields as CSV has them: the participant's joined by U+001F, then each row's,
    /// every line ended by U+001E. It finds accidents and clumsy hands; whoever can compute it can also forge it.
    pub fn expected_checksum(&self) -> String {
        let mut text = self.head().join("\u{1f}");
        text.push('\u{1e}');
        for row in &self.rows {
            text.push_str(&row.fields().join("\u{1f}"));
            text.push('\u{1e}');
        }
        sha256(text.as_bytes())
    }

    /// The participant's columns.
    pub(crate) fn head(&self) -> [String; 8] {
        [
            self.format.clone(),
            self.version.to_string(),
            self.bundle.clone(),
            self.participant.clone(),
            self.sheet.to_string(),
            self.started.clone(),
            self.finished.clone(),
            self.device_rate.to_string(),
        ]
    }
}

impl Row {
    /// The row's columns.
    pub(crate) fn fields(&self) -> [String; 12] {
        [
            self.page.to_string(),
            self.block.clone(),
            self.position.clone(),
            self.trial.clone(),
            self.question.clone(),
            self.slot.clone(),
            self.stimulus.clone(),
            self.response.clone(),
            self.declined.to_string(),
            self.ms.to_string(),
            self.plays.to_string(),
            self.heard.to_string(),
        ]
    }
}
