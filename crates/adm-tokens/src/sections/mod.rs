//! Sections: which tokens an intro, a build, a drop, a break and an outro are made of.
//!
//! ```text
//! transcript ─bars→ level, low end and onsets of each bar ─segment→ stretches of an even sound ─naming→ sections
//!            └───────────────────────── tokens of each section ─learn→ weights
//! ```
//!
//! Everything that is heard in a bar is taken from the measures of its tokens' exemplars, so a book and a transcript are
//! enough. `naming` says what each word means in numbers.

mod bars;
mod form;
mod learn;
mod name;
mod naming;
mod segment;
mod shares;

pub use form::{Form, Part};
pub use name::SectionName;

use crate::book::Book;
use crate::error::TokenError;
use crate::transcript::Transcript;
use std::ops::Range;

/// What was learned of the sections of a transcript.
#[derive(Debug, Clone, PartialEq)]
pub struct Sections {
    sections: Vec<Section>,
    overall: Vec<f32>,
    spans: Vec<Span>,
}

/// What is known of one kind of section.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its name.
    pub name: SectionName,
    /// Probability of each token in it, one a token of the book; all are above 0 and they add up to 1.
    pub weights: Vec<f32>,
    /// Bars that it was learned of; 0 where it was borrowed.
    pub bars: usize,
    /// The section whose weights it has where the dataset has none of its kind.
    pub borrowed_from: Option<SectionName>,
    /// Mean level in dBFS.
    pub level: f32,
    /// Mean share of what is below 150 Hz in the power, 0 to 1.
    pub lows: f32,
    /// Mean sum of the onsets of a slice.
    pub onsets: f32,
}

/// Where a section lies in the transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Half-open range of slice indices.
    pub slices: Range<usize>,
    /// What it is.
    pub name: SectionName,
}

impl Sections {
    /// Learns the sections of a transcript.
    ///
    /// # Errors
    /// A transcript of another book.
    pub fn learn(transcript: &Transcript, book: &Book) -> Result<Self, TokenError> {
        transcript.check(book)?;
        Ok(learn::learn(transcript, book))
    }

    /// All sections, one of each name, in the order of [`SectionName::ALL`].
    pub fn all(&self) -> &[Section] {
        &self.sections
    }

    /// What is known of a section.
    pub fn get(&self, name: SectionName) -> &Section {
        &self.sections[name as usize]
    }

    /// Probability of each token in the whole transcript, one a token of the book; all are above 0 and they add up to 1.
    ///
    /// A token of which a section has its exact share has the same [weight](Section::weights) there, to the bit, and so has one
    /// that the transcript lacks. `weight / overall` says how much more frequent a token is in a section than elsewhere; the
    /// book's counts would not, since they add up everything that was ever tokenized with it.
    pub fn overall(&self) -> &[f32] {
        &self.overall
    }

    /// Where sections lie in the transcript, in order; they cover all slices.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The section that slice `slice` of the transcript is in; `None` past the end.
    pub fn at(&self, slice: usize) -> Option<SectionName> {
        let span = self.spans.get(self.spans.partition_point(|span| span.slices.end <= slice))?;
        Some(span.name)
    }
}
