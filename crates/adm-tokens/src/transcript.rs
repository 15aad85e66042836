//! Transcripts: the token of every slice of a dataset, and where slices follow one another.

use crate::Token;
use crate::book::Book;
use crate::error::TokenError;
use crate::json;
use adm_core::BEATS_PER_BAR;
use adm_dataset::manifest::MANIFEST_FILE;
use adm_dataset::{Dataset, DatasetError, Slicing};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::Path;

/// File name of a transcript inside its book's folder.
pub const TRANSCRIPT_FILE: &str = "transcript.json";

/// Beats in a bar, as an index.
const BAR: usize = BEATS_PER_BAR as usize;

/// Most tokens that a book can have: as many as there are numbers.
const MOST_TOKENS: u64 = 1 << 32;
/// The last beat of any recording, some ten thousand years on; a later one would leave the range of what is counted from it.
const LAST_POSITION: u64 = 1 << 40;
/// Most beats of a slice, far above what fits the longest slice of a dataset.
const MOST_BEATS: usize = 1 << 16;

/// What `format` says in every transcript.
const FORMAT: &str = "adm-transcript";
/// The format version that this build writes, and the only one it reads.
const VERSION: u32 = 1;
/// What error messages call it.
const WHAT: &str = "transcript";

/// The tokens of a dataset in the order of its slices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transcript {
    format: String,
    version: u32,
    book: String,
    dataset: String,
    dataset_path: String,
    vocabulary: usize,
    beats_per_slice: usize,
    stretches: Vec<Stretch>,
    tokens: Vec<Token>,
}

/// Slices that follow one another in one recording without a gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// Half-open range of slice indices.
    pub slices: Range<usize>,
    /// Index of the recording in the dataset's manifest.
    pub recording: usize,
    /// Position of the first slice on the recording's beat grid, or its number as a window.
    pub position: u64,
    /// Position in the bar of the first slice's first beat, 0 to 3. Where the dataset does not know bars, and for windows,
    /// it is `position` modulo 4: the recording's first beat, or window, then begins a bar.
    pub bar_beat: u8,
}

impl Transcript {
    /// The transcript of `dataset` in tokens of `book`.
    ///
    /// # Errors
    /// A dataset whose recordings or slices are longer than any.
    pub(crate) fn new(dataset: &Dataset, book: &Book, tokens: Vec<Token>) -> Result<Self, TokenError> {
        let manifest = dataset.manifest();
        let beats_per_slice = match manifest.slicing {
            Slicing::Beats { beats_per_slice, .. } => beats_per_slice,
            Slicing::Windows { .. } => 1,
        };
        let transcript = Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            book: book.fingerprint().to_owned(),
            dataset: manifest.fingerprint.clone(),
            dataset_path: std::path::absolute(dataset.dir())
                .unwrap_or_else(|_| dataset.dir().to_owned())
                .display()
                .to_string(),
            vocabulary: book.len(),
            beats_per_slice,
            stretches: stretches(dataset),
            tokens,
        };
        let path = || dataset.dir().join(MANIFEST_FILE);
        let damaged = |reason| DatasetError::Damaged { path: path(), what: "dataset manifest", reason }.into();
        transcript.contradiction().map_or(Ok(transcript), |reason| Err(damaged(reason)))
    }

    /// Reads the transcript in the folder `dir`.
    ///
    /// # Errors
    /// A file that is missing, damaged, of another version, or contradicts itself.
    pub fn open(dir: &Path) -> Result<Self, TokenError> {
        let path = dir.join(TRANSCRIPT_FILE);
        let bytes = adm_core::regular::read(&path).map_err(TokenError::reading(&path))?;
        Self::parse(&bytes).map_err(|reason| TokenError::Damaged { path, what: WHAT, reason })
    }

    /// Writes the transcript into the folder `dir`; the file is whole or absent.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn save(&self, dir: &Path) -> Result<(), TokenError> {
        json::save(&dir.join(TRANSCRIPT_FILE), self)
    }

    /// Whether it is written in the tokens of `book`. Until this is known, [`Self::vocabulary`] is no more than a claim.
    ///
    /// # Errors
    /// Another book, or another number of tokens than the book has.
    pub fn check(&self, book: &Book) -> Result<(), TokenError> {
        if self.book != book.fingerprint() {
            return Err(TokenError::OtherBook { expected: self.book.clone(), actual: book.fingerprint().to_owned() });
        }
        if self.vocabulary != book.len() {
            return Err(TokenError::OtherVocabulary { expected: book.len(), actual: self.vocabulary });
        }
        Ok(())
    }

    /// The token of every slice, in the order of the slices.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Where slices follow one another, in their order. They cover all slices.
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// Number of the book's tokens; every token is below it.
    pub fn vocabulary(&self) -> usize {
        self.vocabulary
    }

    /// Fingerprint of the book.
    pub fn book_fingerprint(&self) -> &str {
        &self.book
    }

    /// Fingerprint of the dataset.
    pub fn dataset_fingerprint(&self) -> &str {
        &self.dataset
    }

    /// Where the dataset lay when it was tokenized.
    pub fn dataset_path(&self) -> &Path {
        Path::new(&self.dataset_path)
    }

    /// Beats in a slice; 1 for windows, four of which count as a bar.
    pub fn beats_per_slice(&self) -> usize {
        self.beats_per_slice
    }

    /// Position in the bar, 0 to 3, of the first beat of slice `index` of a stretch.
    pub fn bar_beat(&self, stretch: &Stretch, index: usize) -> usize {
        let beats = index.wrapping_mul(self.beats_per_slice % BAR);
        usize::from(stretch.bar_beat).wrapping_add(beats) % BAR
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let transcript: Self = json::parse(bytes, FORMAT, VERSION)?;
        transcript.contradiction().map_or(Ok(transcript), Err)
    }

    fn contradiction(&self) -> Option<String> {
        if self.tokens.is_empty() {
            return Some("it has no tokens".to_owned());
        }
        if !(1..=MOST_BEATS).contains(&self.beats_per_slice) {
            return Some(format!("its slices have {} beats, expected 1 to {MOST_BEATS}", self.beats_per_slice));
        }
        let vocabulary = self.vocabulary;
        if vocabulary as u64 > MOST_TOKENS {
            return Some(format!("its book has {vocabulary} tokens, more than there are numbers for"));
        }
        if let Some(token) = self.tokens.iter().find(|&&token| token as usize >= vocabulary) {
            return Some(format!("token {token} is none of its book's {vocabulary}"));
        }
        self.misplaced()
    }

    /// What is wrong with the stretches.
    fn misplaced(&self) -> Option<String> {
        let mut next = 0;
        for Stretch { slices, position, bar_beat, .. } in &self.stretches {
            let fits = slices.start == next && slices.end > next;
            if !fits || usize::from(*bar_beat) >= BAR {
                return Some(format!("its stretch from slice {} on does not fit the others", slices.start));
            }
            if *position > LAST_POSITION {
                return Some(format!("its stretch from slice {} on lies at beat {position}", slices.start));
            }
            next = slices.end;
        }
        let count = self.tokens.len();
        (next != count).then(|| format!("its stretches have {next} slices, expected {count}"))
    }
}

/// The passages of a dataset's recordings.
fn stretches(dataset: &Dataset) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    for (recording, row) in dataset.manifest().recordings.iter().enumerate() {
        let mut first = row.slices.start;
        for passage in row.passages.iter().filter(|passage| passage.slices > 0) {
            let slices = first..first + passage.slices;
            first = slices.end;
            let counted = (passage.position % BEATS_PER_BAR) as u8;
            let bar_beat = passage.bar_beat.unwrap_or(counted);
            stretches.push(Stretch { slices, recording, position: passage.position, bar_beat });
        }
    }
    stretches
}
