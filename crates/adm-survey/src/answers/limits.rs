//! How much is read: answers come from anywhere.
//!
//! A participant of the largest study that people sit through gives some hundred rows, together less than 100 KiB.

use super::record::{Answers, Row};
use crate::SurveyError;

/// Most bytes of one participant's answers, in a file or sent to a collector: what one takes, the other takes too.
pub const MOST_BYTES: usize = 4 << 20;
/// Most rows of one participant.
pub(super) const MOST_ROWS: usize = 20_000;
/// Faults of one file from which on the rest of it is not read.
pub(super) const MOST_FAULTS: usize = 1_000;
/// Most bytes of answers that are held in memory at a time, of all files together.
const MOST_HELD: usize = 256 << 20;

/// What is held in memory.
#[derive(Debug)]
pub(super) struct Held {
    bytes: usize,
    most: usize,
}

impl Default for Held {
    fn default() -> Self {
        Self::up_to(MOST_HELD)
    }
}

impl Held {
    /// Nothing yet, and never more than so many bytes.
    pub(super) fn up_to(most: usize) -> Self {
        Self { bytes: 0, most }
    }

    /// Counts what is kept from now on.
    pub(super) fn keep(&mut self, bytes: usize) -> Result<(), SurveyError> {
        self.bytes += bytes;
        if self.bytes > self.most { Err(SurveyError::TooManyAnswers { most: self.most >> 20 }) } else { Ok(()) }
    }

    /// Counts what is no longer kept.
    pub(super) fn free(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}

/// About how much memory a row takes.
pub(super) fn weight_of_row(row: &Row) -> usize {
    let texts = [&row.block, &row.position, &row.trial, &row.question, &row.slot, &row.stimulus, &row.response];
    size_of::<Row>() + texts.iter().map(|text| text.len()).sum::<usize>()
}

/// About how much memory answers take.
pub(super) fn weight(answers: &Answers) -> usize {
    // Room for names, times and the tables in which answers are found.
    1_024 + answers.rows.iter().map(weight_of_row).sum::<usize>()
}
