//! Errors that tell the user what to do next.

/// An error that may know the exact flag or command that mends it.
///
/// The binary prints the error as `error:`, its sources as `Caused by:` and this as `hint:`.
pub trait Hint: std::error::Error {
    /// One sentence without a final full stop, naming an exact flag or command; `None` where nothing sure can be said.
    fn hint(&self) -> Option<String> {
        None
    }
}
