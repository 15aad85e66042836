//! The error of a command line that makes no sense.

use adm_core::Hint;
use std::fmt;

/// A command line that makes no sense; exit code 2.
#[derive(Debug, PartialEq)]
pub struct Usage {
    message: String,
    hint: Option<String>,
}

impl Usage {
    /// What is wrong, and the flag to mend it with.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: Some(hint.into()) }
    }

    /// The flag to mend it with.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl<E: Hint> From<E> for Usage {
    fn from(error: E) -> Self {
        Self { message: error.to_string(), hint: error.hint() }
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Usage {}
