//! From a dataset to its tokens.

use crate::Token;
use crate::book::{Book, Exemplar, SliceForm, TokenRow};
use crate::error::TokenError;
use crate::measures::{Table, measure_all};
use crate::transcript::Transcript;
use crate::vote::{Elected, KnownBook, Unknown, VoteSettings, elect};
use adm_core::{Observer, Seconds};
use adm_dataset::Dataset;
use adm_dataset::manifest::SLICES_FILE;
use adm_dataset::npy::MappedSlices;
use std::sync::Arc;

/// Gives every slice of a dataset a token.
///
/// With a book to `start` from, its tokens keep their numbers and slices that are like none of them are born after them, or
/// take the nearest one ([`Unknown::Nearest`]). The result depends on nothing but the slices, the settings and that book.
///
/// A slice is compared with the exemplars before it, as in the founding work, and a new token is born where it is like none
/// of them. At the end it is compared with those that were born after it as well: every slice that the finished book knows has
/// the token that a [`crate::Recognizer`] of that book gives it.
///
/// Stages for the observer, in slices: `measuring`, then `comparing` and `settling`, once for each level.
///
/// # Errors
/// Settings out of range, or other levels or thresholds than the book's; slices of another form than the book's; a dataset
/// that cannot be read, or has recordings longer than any; `Interrupted`.
pub fn tokenize(
    dataset: &Dataset,
    settings: &VoteSettings,
    start: Option<&Book>,
    observer: &dyn Observer,
) -> Result<(Book, Transcript), TokenError> {
    check(dataset, settings, start)?;
    let table = measure_all(dataset, observer)?;
    let known = start.map_or_else(KnownBook::default, Book::known);
    let elected = elect(&table, settings, known, observer)?;
    let book = bind(dataset, settings, start, &table, &elected)?;
    let transcript = Transcript::new(dataset, &book, elected.tokens.numbers)?;
    Ok((book, transcript))
}

/// The form of a dataset's slices.
fn form(dataset: &Dataset) -> SliceForm {
    SliceForm {
        sample_rate: dataset.rate(),
        channels: dataset.channels(),
        slice_frames: dataset.slice_frames(),
        bpm: dataset.manifest().slicing.bpm(),
    }
}

fn check(dataset: &Dataset, settings: &VoteSettings, start: Option<&Book>) -> Result<(), TokenError> {
    settings.validate()?;
    let Some(book) = start else {
        let (what, expected, hint) = ("the book that unknown beats take the nearest token of", "given", "--book BOOK");
        let missing = || TokenError::BadSetting { what, expected, actual: "none".to_owned(), hint };
        return if settings.unknown == Unknown::Nearest { Err(missing()) } else { Ok(()) };
    };
    if (book.levels(), *book.thresholds()) != (settings.levels, settings.thresholds) {
        return Err(TokenError::OtherVote);
    }
    let (ours, theirs) = (book.form(), form(dataset));
    let frames = |form: SliceForm| format!("{} frames", form.slice_frames);
    for (what, expected, actual) in [
        ("sample rate", ours.sample_rate.to_string(), theirs.sample_rate.to_string()),
        ("number of channels", ours.channels.to_string(), theirs.channels.to_string()),
        ("slice length", frames(ours), frames(theirs)),
    ] {
        if expected != actual {
            return Err(TokenError::OtherSlices { what, expected, actual });
        }
    }
    Ok(())
}

/// Puts the book together: the tokens of the one to start from, and those that were born.
fn bind(
    dataset: &Dataset,
    settings: &VoteSettings,
    start: Option<&Book>,
    table: &Table,
    elected: &Elected,
) -> Result<Book, TokenError> {
    // A map of its own, so that the book outlives the dataset.
    let slices = Arc::new(MappedSlices::open(&dataset.dir().join(SLICES_FILE))?);
    let mut rows = start.map_or_else(Vec::new, |book| book.rows().to_vec());
    let mut measures = start.map_or_else(Table::default, |book| book.measures().clone());
    let mut exemplars = start.map_or_else(Vec::new, |book| book.exemplars().to_vec());
    for &slice in &elected.tokens.born {
        rows.push(birth(dataset, slice, elected.classes[slice]));
        measures.push(table.row(slice));
        exemplars.push(Exemplar { slices: Arc::clone(&slices), index: slice });
    }
    count(&mut rows, &elected.tokens.numbers);
    let form = start.map_or_else(|| form(dataset), Book::form);
    Ok(Book::new(form, (settings.levels, settings.thresholds), rows, measures, exemplars))
}

fn birth(dataset: &Dataset, slice: usize, class: u32) -> TokenRow {
    let origin = dataset.origin(slice);
    let recording = origin.map_or_else(String::new, |origin| origin.recording.path.clone());
    let start = origin.map_or(Seconds(0.0), |origin| origin.start);
    TokenRow { class, count: 0, recording, start }.rounded()
}

fn count(rows: &mut [TokenRow], tokens: &[Token]) {
    for &token in tokens {
        if let Some(row) = rows.get_mut(token as usize) {
            row.count = row.count.saturating_add(1);
        }
    }
}
