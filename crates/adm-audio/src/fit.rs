//! Beats of any length on slices of one length.

use adm_core::SampleRate;

/// How a stretch of a recording is put on a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Length of the slice in frames.
    pub length: usize,
    /// Length of the fade-out in frames where the end is cropped or padded.
    pub fade: usize,
}

impl Placement {
    /// Slices of `length` frames with a fade-out of 5 ms at `rate`.
    pub fn new(length: usize, rate: SampleRate) -> Self {
        Self { length, fade: rate.hz() as usize / 200 }
    }
}
