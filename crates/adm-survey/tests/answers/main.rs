//! Answers from files to scores.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod damage;
mod document_002;
mod fixture;
mod golden;
mod impossible;
mod keys;
mod large;
mod merging;
mod scoring;
