//! What one participant said.
//!
//! The page gives the same answers as JSON, one object, and as CSV, one line a row with the participant's columns repeated; so CSV
//! files of many participants can be put together by any tool. All values are text or whole numbers, so that both, and both
//! languages, write them alike.

mod listed;
mod merge;
mod record;

pub use listed::{Listed, Reason};
pub use merge::{MergeOptions, Merged, merge};
pub use record::{Answers, COLUMNS, Row};
