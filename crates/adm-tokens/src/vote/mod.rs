//! Which beats are the same.
//!
//! ```text
//! rows of measures ─coarse vote→ class of each slice ─fine vote within the class→ token of each slice
//! ```
//!
//! Slices are taken in the order of the timeline. Each is compared with every exemplar before it, the slice that a token
//! was born of; of those that pass the vote the one with most agreeing measures wins, then the one at the smallest mean
//! distance, then the earliest. Where none passes, a new token is born. With two levels the first vote gives the class and
//! the second is held within it, so every token is of one class.
//!
//! A last step settles each vote: every slice is compared with the exemplars that were born after it as well, so that all have
//! the token that a recogniser of the finished book gives them.

mod assign;
mod jury;
mod levels;
#[cfg(test)]
mod rows;
mod settings;
mod settle;

pub(crate) use assign::{Known, best, nearest};
pub(crate) use jury::Jury;
pub(crate) use levels::{Elected, KnownBook, elect};
pub use settings::{Levels, PerMeasure, Thresholds, Unknown, VoteSettings};
