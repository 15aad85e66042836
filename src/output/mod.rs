//! What the user sees: results on stdout, everything else on stderr.

pub mod failure;
mod hinted;
mod printer;
mod progress;
mod style;
pub mod text;

pub use hinted::Hinted;
pub use printer::{Printer, write_stdout};
pub use progress::Progress;
pub use style::{ColourChoice, Style};

use crate::settings::Session;

/// Both ways to speak.
pub struct Output {
    pub printer: Printer,
    pub progress: Progress,
}

impl Output {
    /// As the session wants it.
    pub fn new(session: &Session) -> Self {
        let style = Style::for_stderr(session.colour);
        Self { printer: Printer { json: session.json }, progress: Progress::new(session.verbosity, style) }
    }
}
