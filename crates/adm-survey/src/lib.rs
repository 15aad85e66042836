//! Listening tests: from a study file to one offline folder, from the answers of many browsers to statistics.
//!
//! ```text
//! STUDY.toml ─read→ Study ─┐
//! files, folders, runs,    ├─ design: trials, hashed names, sheets ─▶ Manifest ─┐
//! regions of datasets ─────┴─ sound: cut, match, level, dither ─────▶ stimuli ──┴─▶ BUNDLE/   what participants open
//!                                                                    └────────────▶ KEY.json  what nobody sees till the end
//! BUNDLE/index.html ─a participant→ answers (JSON, CSV) ─merge, check→ scored by KEY ─statistics→ report
//! ```
//!
//! # The four files
//!
//! - [`Study`](study::Study): what is asked, of which sounds. Written by hand; one schema, unknown keys are errors.
//! - The bundle: a folder with a page, scripts that hold the stimuli, and [`Manifest`](manifest::Manifest). It opens from disk
//!   without a network.
//! - [`Key`](key::Key): which name is which sound, and what is right. It lies beside the bundle, never in it; the bundle holds its
//!   SHA-256, so that nobody can change what is right after answers were seen.
//! - [`Answers`](answers::Answers): what one participant said.
//!
//! # Blinding
//!
//! Whatever the page needs lies in the participant's hands, so the bundle is made such that reading it tells nothing:
//!
//! - Names of stimuli and trials are hashes of their ids under a salt that only the key has.
//! - A trial lists its samples in an order that is drawn under that salt. Sheets say in which order each participant sees
//!   trials and samples; they are drawn from a public seed that knows nothing of truths, so sheets can be replayed and
//!   balance every order, but say nothing. With an order balanced by truth, two hundred sheets would be two hundred
//!   equations for what is hidden.
//! - All stimuli have one length, rate, format and loudness, and (unless the study says otherwise) one bandwidth. Each copy has
//!   dither of its own, so that X is not, byte for byte, A, nor a hidden reference the reference.
//! - What a program could still tell truths by is looked for ([`audit`](sound::audit)): what should have been made alike refuses the
//!   bundle, what a setting mends is a warning, and what music differs in is a note.
//! - Trials that see who attends are not marked. Where participants hear a part of a block, they stand out by being on every
//!   sheet; that tells who attends, and no truth: given trials are in no other statistics.
//!
//! What remains: who subtracts two decoded sounds finds copies of one, who subtracts a sound from itself, a beat later, finds music
//! that is made of beats which come again, and who has the recordings can look for them. A test that is taken in good faith is blind,
//! and a dishonest participant needs more than a text editor.

pub mod analysis;
pub mod answers;
pub mod bundle;
mod csv;
pub mod design;
mod digest;
mod error;
pub mod key;
pub mod manifest;
pub mod presets;
pub mod rehearsal;
pub mod report;
pub mod scoring;
pub mod serve;
pub mod sound;
pub mod sources;
pub mod study;

pub use error::SurveyError;
