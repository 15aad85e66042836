//! Token books: what each token sounds like, and how beats are compared with it.
//!
//! A book is a folder:
//!
//! - `book.json`: how it votes, what slices it knows, and for each token its class, its count and where its exemplar
//!   comes from;
//! - `measures.npy`: float32 `[tokens, values]`, the exemplars' measures;
//! - `exemplars.npy`: 16-bit PCM `[tokens, frames, channels]`, their sound, in the form of a dataset's slices.
//!
//! So a book works without the dataset that it was made of. The transcripts that were written with it lie beside these.

mod file;
mod folder;

pub use file::{BOOK_FILE, EXEMPLARS_FILE, MEASURES_FILE};

use crate::Token;
use crate::error::TokenError;
use crate::measures::Table;
use crate::transcript::Transcript;
use crate::vote::{Known, KnownBook, Levels, Thresholds, Unknown, VoteSettings};
use adm_core::{Bpm, SampleRate, Seconds};
use adm_dataset::npy::MappedSlices;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// Full scale of stored 16-bit samples: -32,768 is -1.0.
const FULL_SCALE: f32 = 32_768.0;

/// What slices a book can be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SliceForm {
    /// Frames a second.
    pub sample_rate: SampleRate,
    /// 1 (mono) or 2 (left, right).
    pub channels: usize,
    /// Length of a slice in frames.
    pub slice_frames: usize,
    /// The slices' tempo; none for windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bpm: Option<Bpm>,
}

/// What is known of a token besides its sound and its measures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRow {
    /// The class that it is of.
    pub class: u32,
    /// Slices that it stood for in everything that was tokenized with the book, its exemplar among them.
    pub count: u64,
    /// The recording that its exemplar comes from.
    pub recording: String,
    /// When its exemplar starts there, to the microsecond.
    pub start: Seconds,
}

impl TokenRow {
    /// Rounds the start to what is kept of it, so that a reader's last bit does not change the file when it is written again.
    pub(crate) fn rounded(self) -> Self {
        let micro = self.start.0 * 1e6;
        // Past that, a number has no microseconds.
        let start = if micro.is_finite() { Seconds(micro.round() / 1e6) } else { self.start };
        Self { start, ..self }
    }
}

/// Where a token's sound lies.
#[derive(Debug, Clone)]
pub(crate) struct Exemplar {
    pub slices: Arc<MappedSlices>,
    pub index: usize,
}

/// Tokens with their exemplars. Sounds stay on disk until they are asked for.
#[derive(Debug, Clone)]
pub struct Book {
    form: SliceForm,
    levels: Levels,
    thresholds: Thresholds,
    rows: Vec<TokenRow>,
    measures: Table,
    exemplars: Vec<Exemplar>,
    fingerprint: String,
}

impl Book {
    /// A book of tokens that belong together.
    pub(crate) fn new(
        form: SliceForm,
        (levels, thresholds): (Levels, Thresholds),
        rows: Vec<TokenRow>,
        measures: Table,
        exemplars: Vec<Exemplar>,
    ) -> Self {
        let mut book = Self { form, levels, thresholds, rows, measures, exemplars, fingerprint: String::new() };
        book.fingerprint = file::fingerprint(&book);
        book
    }

    /// Opens the book in the folder `dir`.
    ///
    /// Sizes, counts and the measures' hash are compared; the exemplars' sound is not read, see [`Self::verify`].
    ///
    /// # Errors
    /// Files that are missing, damaged, edited, of another version, or contradict each other.
    pub fn open(dir: &Path) -> Result<Self, TokenError> {
        folder::open(dir)
    }

    /// Writes the book into the new folder `dir`, which is whole or absent.
    ///
    /// # Errors
    /// Something at `dir`, and whatever the file system returns.
    pub fn save(&self, dir: &Path) -> Result<(), TokenError> {
        folder::save(self, None, dir)
    }

    /// Writes the book and a transcript into the new folder `dir`, which is whole or absent.
    ///
    /// # Errors
    /// A transcript of another book; something at `dir`; whatever the file system returns.
    pub fn save_with(&self, transcript: &Transcript, dir: &Path) -> Result<(), TokenError> {
        transcript.check(self)?;
        folder::save(self, Some(transcript), dir)
    }

    /// Reads the exemplars' sound in the folder `dir` and compares it with the hash in `book.json`.
    ///
    /// # Errors
    /// As [`Self::open`], and sound that was changed.
    pub fn verify(dir: &Path) -> Result<(), TokenError> {
        folder::verify(dir)
    }

    /// Hash of all that the book recognises by: the measures, the classes, the vote and the form of the slices, but no
    /// count and no path. Two books with one fingerprint give every beat the same token.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Number of tokens.
    #[expect(clippy::len_without_is_empty, reason = "a book without tokens does not exist")]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.rows.iter().map(|row| row.class as usize + 1).max().unwrap_or(0)
    }

    /// The class of a token, which is below [`Self::len`].
    ///
    /// # Panics
    /// A token that the book does not have; see [`Self::row`] for a token from outside.
    pub fn class_of(&self, token: Token) -> u32 {
        self.rows[token as usize].class
    }

    /// What is known of a token; `None` where the book does not have it.
    pub fn row(&self, token: Token) -> Option<&TokenRow> {
        self.rows.get(token as usize)
    }

    /// What is known of all tokens, in order.
    pub fn rows(&self) -> &[TokenRow] {
        &self.rows
    }

    /// The sound of a token's exemplar, `[frames, channels]` interleaved in [-1, 1); `None` where the book does not have it.
    pub fn exemplar(&self, token: Token) -> Option<Vec<f32>> {
        let exemplar = self.exemplars.get(token as usize)?;
        let sound = exemplar.slices.slice(exemplar.index)?;
        let sound = sound.iter().map(|&sample| f32::from(sample) / FULL_SCALE).collect();
        exemplar.slices.release(exemplar.index);
        Some(sound)
    }

    /// The measures of all exemplars, a row a token.
    pub fn measures(&self) -> &Table {
        &self.measures
    }

    /// What slices the book can be compared with.
    pub fn form(&self) -> SliceForm {
        self.form
    }

    /// Frames a second of its slices.
    pub fn rate(&self) -> SampleRate {
        self.form.sample_rate
    }

    /// Channels of its slices.
    pub fn channels(&self) -> usize {
        self.form.channels
    }

    /// Length of its slices in frames.
    pub fn slice_frames(&self) -> usize {
        self.form.slice_frames
    }

    /// Tempo of its slices; none for windows.
    pub fn bpm(&self) -> Option<Bpm> {
        self.form.bpm
    }

    /// How often beats are compared with it.
    pub fn levels(&self) -> Levels {
        self.levels
    }

    /// How near beats must be to its exemplars.
    pub fn thresholds(&self) -> &Thresholds {
        &self.thresholds
    }

    /// The settings that [`crate::tokenize`] takes together with this book.
    pub fn settings(&self, unknown: Unknown) -> VoteSettings {
        VoteSettings { levels: self.levels, thresholds: self.thresholds, unknown }
    }

    pub(crate) fn exemplars(&self) -> &[Exemplar] {
        &self.exemplars
    }

    /// The exemplars as the vote knows them.
    pub(crate) fn known(&self) -> KnownBook<'_> {
        let group = |row: &TokenRow| if self.levels == Levels::Two { row.class } else { 0 };
        let rows = || self.rows.iter().enumerate();
        let tokens = rows().map(|(token, row)| Known { group: group(row), row: self.measures.row(token) }).collect();
        let mut classes = Vec::new();
        for (token, row) in rows() {
            // A class's exemplar is that of its first token, and classes come in order.
            if row.class as usize == classes.len() {
                classes.push(Known { group: 0, row: self.measures.row(token) });
            }
        }
        KnownBook { classes, tokens }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_kept_to_the_microsecond_and_stay_finite() {
        let rounded = |start: f64| {
            TokenRow { class: 0, count: 1, recording: String::new(), start: Seconds(start) }.rounded().start.0
        };
        assert_eq!((rounded(1.234_567_89), rounded(-0.000_000_4)), (1.234_568, 0.0));
        assert_eq!([1e305, f64::MAX].map(rounded), [1e305, f64::MAX]);
    }
}
