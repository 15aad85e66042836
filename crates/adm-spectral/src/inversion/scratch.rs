//! What an inversion holds between its steps, and its working memory.

use super::griffin_lim::Estimate;
use super::pghi::PghiScratch;
use super::transform::Rows;

/// How far an inversion has come: all that further iterations need.
#[derive(Debug, Clone, Default)]
pub struct InversionState {
    pub(super) channels: Vec<Estimate>,
    pub(super) iterations: usize,
}

impl InversionState {
    /// No estimate yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Iterations done since the start.
    pub fn iterations(&self) -> usize {
        self.iterations
    }
}

/// Working memory of inversions: one a thread. What it holds between two calls means nothing.
#[derive(Debug, Default)]
pub struct InversionScratch {
    /// A signal between zeros.
    pub(super) padded: Vec<f32>,
    pub(super) rows: Rows,
    /// A row for each of two channels.
    pub(super) pair: [Rows; 2],
    /// Phases, `[frames, bins]`.
    pub(super) turns: Vec<u32>,
    /// Both channels' magnitudes together, `[frames, bins]`.
    pub(super) joint: Vec<f32>,
    pub(super) start: StartScratch,
    pub(super) state: InversionState,
}

/// Working memory of the first phases.
#[derive(Debug, Default)]
pub(super) struct StartScratch {
    pub padded: Vec<f32>,
    pub rows: Rows,
    pub pghi: PghiScratch,
}

impl InversionScratch {
    /// Empty buffers.
    pub fn new() -> Self {
        Self::default()
    }
}
