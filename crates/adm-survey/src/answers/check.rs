//! Answers held against the manifest: whatever the page cannot have given is refused.

use super::asked::{Asked, asked};
use super::json::check_kind;
use super::listed::Reason;
use super::piece::{Fault, is_uuid};
use super::possible;
use super::record::{Answers, Row};
use super::time::milliseconds;
use crate::manifest::Manifest;

/// Says what is wrong with a participant's answers.
pub(crate) fn check(answers: &Answers, manifest: &Manifest, bundle: &str) -> Result<(), Fault> {
    check_kind(&answers.format, &answers.version.to_string())?;
    if answers.bundle != bundle {
        let words = format!("answers to bundle {:?}, expected {bundle:?}", answers.bundle);
        return Err(Fault::new(Reason::OtherBundle, words));
    }
    let expected = answers.expected_checksum();
    if answers.checksum != expected {
        let words = format!(
            "the checksum is {:?}, expected {expected:?}: something was changed after the page wrote it (a spreadsheet that \
             saved the file anew is enough)",
            answers.checksum
        );
        return Err(Fault::new(Reason::Tampered, words));
    }
    let impossible = |words: String| Fault::new(Reason::Impossible, words);
    head(answers, manifest).and_then(|()| rows(answers, manifest)).map_err(impossible)
}

fn head(answers: &Answers, manifest: &Manifest) -> Result<(), String> {
    if !is_uuid(answers.participant.as_bytes()) {
        return Err(format!("the participant is {:?}, expected a UUID", answers.participant));
    }
    if answers.sheet >= manifest.sheets.len() {
        return Err(format!("sheet {} of {}, which are counted from 0", answers.sheet, manifest.sheets.len()));
    }
    let time = |name: &str, text: &str| {
        milliseconds(text).ok_or_else(|| format!("{name} is {text:?}, expected a time like 2026-05-01T12:00:00.000Z"))
    };
    time("started", &answers.started)?;
    // An end before the start is no fault of the participant's: clocks are set back. Times within rows do not follow the clock.
    if !answers.finished.is_empty() {
        time("finished", &answers.finished)?;
    }
    Ok(())
}

/// Walks along what the sheet asks and what was answered, which come in the same order.
fn rows(answers: &Answers, manifest: &Manifest) -> Result<(), String> {
    let mut rows = answers.rows.iter();
    let asked = asked(manifest, answers.sheet);
    for asked in &asked {
        let row = rows.as_slice().first();
        let given = answers.rows.len() - rows.len();
        let wanted = wanted(asked, &answers.rows);
        match row {
            Some(row) if asked.is_of(row) => {
                if !wanted {
                    return Err(format!("{} was answered, but not asked", asked.words()));
                }
                possible::check(asked, row).map_err(|what| format!("{} has {what}", asked.words()))?;
                rows.next();
            }
            _ if !asked.required || !wanted => {}
            _ if answers.finished.is_empty() && !goes_on(asked, rows.as_slice()) => {}
            _ => return Err(format!("{} has no answer where it should be{}", asked.words(), instead(row, given))),
        }
    }
    match rows.as_slice().first() {
        Some(row) => Err(format!("row {} is not asked: {}", answers.rows.len() - rows.len() + 1, row_words(row))),
        None => Ok(()),
    }
}

/// Whether someone who did not finish got beyond a page or trial.
fn goes_on(asked: &Asked<'_>, rest: &[Row]) -> bool {
    rest.iter().any(|row| !asked.is_beside(row))
}

fn instead(row: Option<&Row>, given: usize) -> String {
    row.map_or(String::new(), |row| format!("; row {} is {}", given + 1, row_words(row)))
}

fn row_words(row: &Row) -> String {
    let Row { page, block, position, trial, question, slot, stimulus, .. } = row;
    format!(
        "page {page}, block {block:?}, position {position:?}, trial {trial:?}, question {question:?}, slot {slot:?}, stimulus \
         {stimulus:?}"
    )
}

/// Whether what a question waits for was answered: on the same page or in the same trial, of the same sample where both are asked
/// of samples; else on a page of questions.
pub(crate) fn wanted(asked: &Asked<'_>, rows: &[Row]) -> bool {
    asked.when.is_none_or(|when| {
        let of = |row: &&Row| row.question == when.question;
        let mut beside = rows.iter().filter(of).filter(|row| asked.is_beside(row)).peekable();
        match beside.peek() {
            Some(_) => beside.filter(|row| asked.is_about(row)).any(|row| row.response == when.is),
            None => rows.iter().filter(of).any(|row| row.trial.is_empty() && row.response == when.is),
        }
    })
}
