//! From answers to responses that are right, wrong or worth points.
//!
//! This is the only place where answers and key meet. What comes out is plain data in which people, trials and stimuli
//! are indices, so that every table and test runs over the same list.

mod responses;

pub use responses::{Person, Response, Scored};
