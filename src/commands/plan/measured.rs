//! What a process that tried one configuration tells the one that asked it to.

use adm_train::trial::Tried;
use serde::{Deserialize, Serialize};

/// The figures of one configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Weights of each network.
    pub weights: Vec<usize>,
    /// Slices of the training split, or beats of it for a sequencer.
    pub items: usize,
    /// Bytes that a run holds beside checkpoints and previews: its token book.
    pub beside: u64,
    pub found: Found,
    /// The process's high-water mark in bytes, where the system tells.
    pub peak_memory: Option<u64>,
}

/// What the clock said.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// Steps were timed.
    Timed(Tried),
    /// The first step was not done after so many seconds.
    AtLeast(f64),
}

impl Found {
    /// Seconds of a step; the least that they can be where none was done.
    pub fn seconds_a_step(&self) -> f64 {
        match self {
            Self::Timed(tried) => tried.seconds_a_step,
            Self::AtLeast(seconds) => *seconds,
        }
    }

    /// What was timed, if anything was.
    pub fn tried(&self) -> Option<&Tried> {
        match self {
            Self::Timed(tried) => Some(tried),
            Self::AtLeast(_) => None,
        }
    }
}
