//! The folder that a participant opens.
//!
//! ```text
//! BUNDLE/index.html        the page; opens by double click
//! BUNDLE/page/*.js, *.css  its scripts and its looks
//! BUNDLE/study.js          adm.study({…}): the manifest
//! BUNDLE/audio/NAME.js     adm.sound("NAME", "base64 of a WAV file"): one stimulus each, loaded when it is needed
//! ```
//!
//! Browsers let a page that was opened from disk load scripts, but not data; so all data are scripts.

mod assemble;
mod open;
mod page;
mod words;
mod write;

pub use assemble::{Assembled, Counts, assemble};
pub use open::{Opened, open};
pub use words::words;

#[cfg(test)]
mod tests;
