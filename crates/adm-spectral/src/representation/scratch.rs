//! Working memory of one thread.

/// Buffers that a representation reuses from slice to slice. One a thread; any representation may use any of them.
#[derive(Debug, Default)]
pub struct Scratch {}

impl Scratch {
    /// Empty; grows at the first slice and then stays as it is.
    pub fn new() -> Self {
        Self::default()
    }
}
