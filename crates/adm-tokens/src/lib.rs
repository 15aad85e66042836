//! Beats as tokens: which beats of a set are the same, in which order they come, and what sections they make.
//!
//! ```text
//! dataset ─measures→ one row of numbers a slice ─vote→ tokens ─┬→ Book        what a token sounds like
//!                                                              ├→ Transcript  which token each slice is
//!                                                              └→ Sections    which tokens an intro, a drop … has
//! Book ─Recognizer→ the token of any other beat
//! ```
//!
//! Seven [measures] describe a slice (document 000, section 5.8). Two slices agree in a measure where their distance is
//! no larger than a threshold; more than three agreements of seven, with the spectrum or the spectrogram among them, make
//! them the same token ([vote]). A slice that is like none before it is a new token and becomes its *exemplar*. A [`Book`]
//! keeps the exemplars, a [`Transcript`] the sequence; both are written beside each other in one folder.

pub mod book;
pub mod error;
mod json;
pub mod measures;
pub mod recognise;
pub mod sections;
mod tokenize;
pub mod transcript;
pub mod vote;

pub use book::Book;
pub use error::TokenError;
pub use measures::{Detail, Measure};
pub use recognise::{Recognition, Recognizer, Scratch, Survey};
pub use sections::{Form, SectionName, Sections};
pub use tokenize::tokenize;
pub use transcript::{Stretch, Transcript};
pub use vote::{Levels, PerMeasure, Thresholds, Unknown, VoteSettings};

/// The number of a class of similar beats: 0 is the first that a book met.
pub type Token = u32;
