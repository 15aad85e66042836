//! An error of the binary itself, or a better hint than a library could give.

use std::error::Error;
use std::fmt;

/// A sentence and what to do about it.
#[derive(Debug)]
pub struct Hinted {
    message: String,
    hint: Option<String>,
}

impl Hinted {
    /// One sentence without a final full stop, and an exact flag or command.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: Some(hint.into()) }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Hinted {}
