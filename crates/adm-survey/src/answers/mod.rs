//! What one participant said.
//!
//! The page gives the same answers as JSON, one object, and as CSV, one line a row with the participant's columns repeated; so CSV
//! files of many participants can be put together by any tool. All values are text or whole numbers, so that both, and both
//! languages, write them alike.
//!
//! ```text
//! files, folders ─find→ file ─json: split, parse─┬→ pieces ─check (manifest)─┬→ versions of participants ─▶ accepted
//!                            └csv: records, group┘        └────── faults ────┴──── what does not count ───▶ listed
//! ```
//!
//! Answers come from anywhere, so they are read in bounded memory ([`limits`](self#limits)), and nothing that was found is
//! dropped without being listed.
//!
//! # Limits
//!
//! [`MOST_BYTES`] and 20,000 rows of one participant; a thousand faults of one file, after which the rest of it is not read, and said so;
//! 256 MiB of answers in all.

mod asked;
mod check;
mod csv;
mod find;
mod json;
mod limits;
mod listed;
mod merge;
mod piece;
mod possible;
mod record;
mod records;
mod split;
mod time;
mod versions;
mod write;

pub(crate) use asked::{Asked, AskedKind, asked};
pub(crate) use check::{check, wanted};
pub use limits::MOST_BYTES;
pub use listed::{Listed, Reason};
pub use merge::{MergeOptions, Merged, merge};
pub(crate) use piece::is_uuid;
pub use record::{Answers, COLUMNS, FORMAT, Row, VERSION};
pub(crate) use time::milliseconds;
