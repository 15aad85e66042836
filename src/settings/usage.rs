//! The error of a command line that makes no sense.

use adm_core::Hint;
use std::error::Error;
use std::fmt;

/// A command line that makes no sense; exit code 2.
#[derive(Debug)]
pub struct Usage {
    reason: Box<dyn Error + Send + Sync>,
    hint: Option<String>,
}

impl Usage {
    /// What is wrong, and the flag to mend it with.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { reason: message.into().into(), hint: Some(hint.into()) }
    }

    /// The flag to mend it with.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl<E: Hint + Send + Sync + 'static> From<E> for Usage {
    fn from(error: E) -> Self {
        Self { hint: error.hint(), reason: Box::new(error) }
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl Error for Usage {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.reason.source()
    }
}
