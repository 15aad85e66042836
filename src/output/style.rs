//! Colours, which never carry meaning alone.

use clap::ValueEnum;
use std::ffi::OsString;
use std::io::{self, IsTerminal};

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColourChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ColourChoice {
    /// What `--color` says among arguments that make no sense otherwise.
    pub fn among(arguments: &[OsString]) -> Self {
        let mut values = arguments.iter().enumerate().filter_map(|(at, argument)| match argument.to_str()? {
            "--color" => arguments.get(at + 1)?.to_str(),
            joined => joined.strip_prefix("--color="),
        });
        values.next_back().and_then(|value| Self::from_str(value, false).ok()).unwrap_or(Self::Auto)
    }
}

/// Whether a stream gets colours, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    coloured: bool,
}

impl Style {
    /// For what goes to stderr.
    pub fn for_stderr(choice: ColourChoice) -> Self {
        Self::new(choice, io::stderr().is_terminal())
    }

    /// For what goes to stdout.
    pub fn for_stdout(choice: ColourChoice) -> Self {
        Self::new(choice, io::stdout().is_terminal())
    }

    /// Whether there are no colours.
    pub fn is_plain(self) -> bool {
        !self.coloured
    }

    /// What failed.
    pub fn error(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    /// What went wrong without stopping anything.
    pub fn warning(self, text: &str) -> String {
        self.paint("1;33", text)
    }

    /// What to do next.
    pub fn hint(self, text: &str) -> String {
        self.paint("1;36", text)
    }

    fn new(choice: ColourChoice, is_terminal: bool) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let coloured = match choice {
            ColourChoice::Auto => is_terminal && wanted && !dumb,
            ColourChoice::Always => true,
            ColourChoice::Never => false,
        };
        Self { coloured }
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.coloured { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
