//! A study goes the whole way in memory: packed, opened, answered by pretended participants, merged, scored, analysed, reported.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]
