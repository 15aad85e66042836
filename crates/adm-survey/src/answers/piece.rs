//! What a file holds, piece by piece.

use super::listed::Reason;
use super::record::Answers;

/// Something in a file that is, or should be, one participant's answers.
#[derive(Debug)]
pub(super) struct Piece {
    /// The line on which it begins; `None` where it is all of the file.
    pub(super) line: Option<u64>,
    /// What it is, or what is wrong with it.
    pub(super) content: Result<Answers, Fault>,
}

/// What is wrong with a piece.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(super) participant: Option<String>,
    pub(super) reason: Reason,
    pub(crate) words: String,
}

impl Fault {
    pub(super) fn new(reason: Reason, words: impl Into<String>) -> Self {
        Self { participant: None, reason, words: short(&words.into()) }
    }

    /// The same fault with the UUID that some bytes name.
    pub(super) fn of(self, bytes: &[u8]) -> Self {
        Self { participant: uuid_within(bytes), ..self }
    }

    /// A piece that begins on a line.
    pub(super) fn at(self, line: u64) -> Piece {
        Piece { line: Some(line), content: Err(self) }
    }
}

/// The beginning of a text that may be megabytes long.
pub(super) fn short(text: &str) -> String {
    const MOST: usize = 400;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Whether a text is a UUID as browsers write it: `123e4567-e89b-42d3-a456-426614174000`. Such a text is also safe as a file's name.
pub(crate) fn is_uuid(text: &[u8]) -> bool {
    let dash = |place: usize| [8, 13, 18, 23].contains(&place);
    let fits = |(place, &byte): (usize, &u8)| match dash(place) {
        true => byte == b'-',
        false => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
    };
    text.len() == 36 && text.iter().enumerate().all(fits)
}

/// The first UUID in damaged answers, so that even these can be told from others.
fn uuid_within(bytes: &[u8]) -> Option<String> {
    let found = bytes.windows(36).find(|window| is_uuid(window))?;
    String::from_utf8(found.to_vec()).ok()
}
