//! `adm tokenize`: a dataset to a token book.

use super::{Outcome, refuse_existing};
use crate::cli::TokenizeArgs;
use crate::output::Output;
use crate::output::text::{Rows, count, duration};
use crate::settings;
use adm_dataset::Dataset;
use adm_tokens::{Book, Levels, Transcript, VoteSettings};
use anyhow::Result;
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Gives every beat of a dataset a token.
///
/// # Errors
/// Whatever the libraries return.
pub fn run(args: TokenizeArgs, output: &Output) -> Result<Outcome> {
    let settings = settings::tokenize(args)?;
    refuse_existing(&settings.output)?;
    let dataset = Dataset::open(&settings.dataset)?;
    let start = settings.book.as_deref().map(open_book).transpose()?;
    let vote = start.as_ref().map_or(settings.vote, |book| book.settings(settings.vote.unknown));
    let began = Instant::now();
    let (book, transcript) = adm_tokens::tokenize(&dataset, &vote, start.as_ref(), &output.progress)?;
    book.save_with(&transcript, &settings.output)?;
    let seconds = began.elapsed().as_secs_f64();
    output.printer.print(&Tokenized::new(settings.output, vote, &book, &transcript, seconds))?;
    Ok(Outcome::Done)
}

/// The book of a path that names it, or its dataset.
fn open_book(path: &Path) -> Result<Book> {
    let within = path.join(settings::TOKENS);
    Ok(Book::open(if within.is_dir() { &within } else { path })?)
}

#[derive(Debug, Serialize)]
struct Tokenized {
    book: PathBuf,
    levels: u8,
    beats: usize,
    tokens: usize,
    classes: usize,
    /// Tokens that came once.
    singles: usize,
    seconds: f64,
}

impl Tokenized {
    fn new(path: PathBuf, vote: VoteSettings, book: &Book, transcript: &Transcript, seconds: f64) -> Self {
        let mut counts = vec![0usize; book.len()];
        for &token in transcript.tokens() {
            counts[token as usize] += 1;
        }
        Self {
            book: path,
            levels: vote.levels.into(),
            beats: transcript.tokens().len(),
            tokens: book.len(),
            classes: book.classes(),
            singles: counts.iter().filter(|&&count| count == 1).count(),
            seconds,
        }
    }
}

impl fmt::Display for Tokenized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_classes = if Levels::try_from(self.levels) == Ok(Levels::Two) {
            format!(" of {} classes", count(self.classes as u64))
        } else {
            String::new()
        };
        let tokens = format!("{}{of_classes}; {} came once", count(self.tokens as u64), count(self.singles as u64));
        let rows = Rows::default()
            .row("book", self.book.display().to_string())
            .row("beats", count(self.beats as u64))
            .row("tokens", tokens)
            .row("time", duration(self.seconds));
        write!(f, "{rows}")
    }
}
