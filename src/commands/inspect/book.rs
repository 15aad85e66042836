//! A token book: counts, a page of its exemplars, the order of its tokens.

use crate::commands::{Outcome, heard, refuse_existing};
use crate::output::Output;
use crate::output::text::{Rows, count};
use adm_core::Seconds;
use adm_report::{Card, Cards, Facts, Image, Media, Page, Section, TokenCell, token_picture};
use adm_spectral::picture::Sound;
use adm_tokens::book::BOOK_FILE;
use adm_tokens::{Book, Sections, Token, Transcript};
use anyhow::{Context, Result};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// Exemplars on a page, the most frequent first.
const SHOWN: usize = 60;

/// Whether a folder is a token book.
pub fn is_one(path: &Path) -> bool {
    path.join(BOOK_FILE).is_file()
}

/// A book and its transcript, opened.
pub struct Opened {
    book: Book,
    transcript: Transcript,
}

impl Opened {
    /// Opens a book.
    ///
    /// # Errors
    /// A damaged one, or a transcript of another.
    pub fn open(path: &Path) -> Result<Self> {
        let (book, transcript) = (Book::open(path)?, Transcript::open(path)?);
        transcript.check(&book)?;
        Ok(Self { book, transcript })
    }

    /// The order of its tokens as a picture.
    pub fn picture(&self) -> Option<Vec<u8>> {
        let cell = |&token: &Token| TokenCell { token, class: self.book.class_of(token) };
        let cells = |slices: std::ops::Range<usize>| self.transcript.tokens()[slices].iter().map(cell).collect();
        let stretches = self.transcript.stretches().iter();
        let stretches: Vec<_> =
            stretches.map(|stretch| (usize::from(stretch.bar_beat), cells(stretch.slices.clone()))).collect();
        token_picture(&stretches)
    }

    /// Tokens with how often they come, the most frequent first.
    fn by_count(&self) -> Vec<(Token, usize)> {
        let mut counts: Vec<(Token, usize)> = (0..self.book.len() as Token).map(|token| (token, 0)).collect();
        for &token in self.transcript.tokens() {
            counts[token as usize].1 += 1;
        }
        counts.sort_by_key(|&(token, count)| (std::cmp::Reverse(count), token));
        counts
    }
}

/// Says what a book is, and writes its page where that is asked for.
///
/// # Errors
/// A damaged book, or a page that cannot be written.
pub fn show(path: &Path, page: Option<&Path>, output: &Output) -> Result<Outcome> {
    let opened = Opened::open(path)?;
    page.map_or(Ok(()), refuse_existing)?;
    let page = page.map(|folder| write_page(&opened, path, folder)).transpose()?;
    output.printer.print(&Found::new(path, &opened, page)?)?;
    Ok(Outcome::Done)
}

/// What a book is.
#[derive(Debug, Serialize)]
struct Found {
    kind: &'static str,
    path: PathBuf,
    levels: u8,
    beats: usize,
    tokens: usize,
    classes: usize,
    singles: usize,
    most: Vec<(Token, usize)>,
    /// Bars of each section, and what it was borrowed from.
    sections: Vec<(String, usize, Option<String>)>,
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<PathBuf>,
}

impl Found {
    fn new(path: &Path, opened: &Opened, page: Option<PathBuf>) -> Result<Self> {
        let Opened { book, transcript } = opened;
        let counts = opened.by_count();
        let sections = Sections::learn(transcript, book)?;
        let row = |section: &adm_tokens::sections::Section| {
            (section.name.to_string(), section.bars, section.borrowed_from.map(|name| name.to_string()))
        };
        Ok(Self {
            kind: "token book",
            path: path.to_owned(),
            levels: book.levels().into(),
            beats: transcript.tokens().len(),
            tokens: book.len(),
            classes: book.classes(),
            singles: counts.iter().filter(|&&(_, count)| count == 1).count(),
            most: counts.into_iter().take(8).collect(),
            sections: sections.all().iter().map(row).collect(),
            fingerprint: book.fingerprint().to_owned(),
            page,
        })
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most: Vec<String> = self.most.iter().map(|(token, times)| format!("{token} ({times})")).collect();
        let section = |(name, bars, borrowed): &(String, usize, Option<String>)| match borrowed {
            None => format!("{name} {bars} bars"),
            Some(from) => format!("{name} as {from}"),
        };
        let sections: Vec<String> = self.sections.iter().map(section).collect();
        let (tokens, classes) = (count(self.tokens as u64), count(self.classes as u64));
        let rows = Rows::default()
            .row("book", self.path.display().to_string())
            .row("levels", self.levels.to_string())
            .row("beats", count(self.beats as u64))
            .row("tokens", format!("{tokens} of {classes} classes; {} came once", count(self.singles as u64)))
            .row("most often", most.join(", "))
            .row("sections", sections.join(", "))
            .maybe("page", self.page.as_ref().map(|page| page.display().to_string()))
            .row("fingerprint", self.fingerprint.clone());
        write!(f, "{rows}")
    }
}

fn write_page(opened: &Opened, path: &Path, folder: &Path) -> Result<PathBuf> {
    let Opened { book, transcript } = opened;
    let facts = Facts::new()
        .fact("beats", count(transcript.tokens().len() as u64))
        .fact("tokens", count(book.len() as u64))
        .fact("classes", count(book.classes() as u64))
        .fact("levels", u8::from(book.levels()));
    let mut order = Section::new("In order")
        .with("Sixteen bars a row, a cell a beat. Tokens of one class have one hue; an empty row is a gap in the recordings.")
        .with(facts);
    if let Some(png) = opened.picture() {
        order = order.with(Image::new("the tokens of all beats in order", Media::written("order.png", png)));
    }
    let tokens = opened.by_count();
    let cards = tokens.iter().take(SHOWN).map(|&(token, times)| card(book, token, times));
    let cards = cards.collect::<Result<Vec<_>>>()?.into_iter().fold(Cards::new(), Cards::card);
    let left = book.len().saturating_sub(SHOWN);
    let rest = if left > 0 { format!(" {left} rarer tokens are not shown.") } else { String::new() };
    let heard =
        format!("Each is the first beat that had its token, with the beats that share it after it counted.{rest}");
    let page = Page::new("Token book")
        .summary(format!("What {} tells apart, and in which order it comes.", path.display()))
        .section(order)
        .section(Section::new("Exemplars").with(heard.as_str()).with(cards));
    Ok(page.write(folder)?)
}

/// A player and a spectrogram of a token's exemplar.
fn card(book: &Book, token: Token, times: usize) -> Result<Card> {
    let samples = book.exemplar(token).with_context(|| format!("token {token} has no exemplar"))?;
    let (channels, rate) = (book.channels(), book.rate());
    let row = book.row(token);
    let start = row.map_or(Seconds(0.0), |row| row.start);
    let heard = format!("class {}, {times} times, first at {start}", book.class_of(token));
    heard::card(
        &format!("Token {token}"),
        &heard,
        &format!("token-{token}"),
        Sound { samples: &samples, channels, rate },
    )
}
