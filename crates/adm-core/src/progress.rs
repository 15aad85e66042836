//! How a library tells what it is doing without printing.

/// Watches a long operation, and can ask it to stop.
///
/// Libraries call it from any thread; the binary turns it into bars on a terminal, lines elsewhere, and Ctrl-C.
pub trait Observer: Sync {
    /// A stage begins; `total` counts its units of work where that is known.
    fn begin(&self, stage: &str, total: Option<u64>);

    /// `amount` more units of the current stage are done.
    fn advance(&self, amount: u64);

    /// A short word on where things stand (losses, what was kept), shown beside the bar.
    fn status(&self, text: &str);

    /// The current stage is over.
    fn end(&self);

    /// Something that the user should know but that stops nothing.
    fn warn(&self, text: &str);

    /// Whether the user asked to stop. Long loops look here at least once a second.
    fn stop_requested(&self) -> bool {
        false
    }
}

/// Watches nothing and never stops anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, _amount: u64) {}
    fn status(&self, _text: &str) {}
    fn end(&self) {}
    fn warn(&self, _text: &str) {}
}
