//! A book's folder: written whole, read with suspicion.

use super::file::{BOOK_FILE, BookFile, EXEMPLARS_FILE, MEASURES_FILE, hash};
use super::{Book, Exemplar};
use crate::error::TokenError;
use crate::measures::{Table, VALUES};
use crate::transcript::Transcript;
use adm_core::persist;
use adm_dataset::DatasetError;
use adm_dataset::npy::{MappedSlices, SliceWriter, read_tensor, write_tensor};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// What error messages call it.
const WHAT: &str = "token book";

pub(super) fn save(book: &Book, transcript: Option<&Transcript>, dir: &Path) -> Result<(), TokenError> {
    if dir.exists() {
        return Err(DatasetError::OutputExists { path: dir.to_owned() }.into());
    }
    let mut result = Ok(());
    let written = persist::write_dir(dir, |folder| {
        result = fill(book, transcript, folder);
        // The reason itself stays in `result`; this one only keeps the folder from appearing.
        if result.is_ok() { Ok(()) } else { Err(io::Error::other("not filled")) }
    });
    match written {
        Err(source) if result.is_ok() => Err(TokenError::Write { path: dir.to_owned(), source }),
        _ => result,
    }
}

fn fill(book: &Book, transcript: Option<&Transcript>, folder: &Path) -> Result<(), TokenError> {
    let exemplars = write_exemplars(book, &folder.join(EXEMPLARS_FILE))?;
    write_tensor(&folder.join(MEASURES_FILE), &[book.len(), VALUES], book.measures.values())?;
    let path = folder.join(BOOK_FILE);
    let mut text = serde_json::to_vec_pretty(&BookFile::of(book, exemplars))
        .map_err(io::Error::from)
        .map_err(TokenError::writing(&path))?;
    text.push(b'\n');
    persist::write_bytes(&path, &text).map_err(TokenError::writing(&path))?;
    transcript.map_or(Ok(()), |transcript| transcript.save(folder))
}

/// Copies the exemplars' samples, one at a time, and returns their hash.
fn write_exemplars(book: &Book, path: &Path) -> Result<String, TokenError> {
    let mut writer = SliceWriter::create(path, book.form.slice_frames, book.form.channels)?;
    let mut hasher = blake3::Hasher::new();
    for Exemplar { slices, index } in &book.exemplars {
        let gone = || DatasetError::NoSuchSlice { index: *index, len: slices.shape()[0] };
        let samples = slices.slice(*index).ok_or_else(gone)?;
        hasher.update(bytemuck::cast_slice(samples));
        writer.append(samples)?;
        slices.release(*index);
    }
    writer.finish()?;
    Ok(hasher.finalize().to_hex().to_string())
}

pub(super) fn open(dir: &Path) -> Result<Book, TokenError> {
    let (file, slices) = open_files(dir)?;
    let path = dir.join(MEASURES_FILE);
    let values = read_tensor(&path, &[file.tokens.len(), VALUES])?;
    if hash(bytemuck::cast_slice(&values)) != file.measures {
        return Err(damaged(&path, "its values were changed".to_owned()));
    }
    let exemplars = (0..file.tokens.len()).map(|index| Exemplar { slices: Arc::clone(&slices), index }).collect();
    let measures = Table::from_values(values).unwrap_or_default();
    let book = Book::new(file.slices, (file.levels, file.thresholds), file.tokens, measures, exemplars);
    if book.fingerprint != file.fingerprint {
        let reason = format!("its fingerprint is {}, expected {}: it was edited", file.fingerprint, book.fingerprint);
        return Err(damaged(&dir.join(BOOK_FILE), reason));
    }
    Ok(book)
}

pub(super) fn verify(dir: &Path) -> Result<(), TokenError> {
    open(dir)?;
    let (file, slices) = open_files(dir)?;
    let mut hasher = blake3::Hasher::new();
    for index in 0..file.tokens.len() {
        hasher.update(bytemuck::cast_slice(slices.slice(index).unwrap_or_default()));
        slices.release(index);
    }
    if hasher.finalize().to_hex().as_str() == file.exemplars {
        return Ok(());
    }
    Err(damaged(&dir.join(EXEMPLARS_FILE), "its samples were changed".to_owned()))
}

fn open_files(dir: &Path) -> Result<(BookFile, Arc<MappedSlices>), TokenError> {
    let path = dir.join(BOOK_FILE);
    let bytes = adm_core::regular::read(&path).map_err(TokenError::reading(&path))?;
    let file = BookFile::parse(&bytes).map_err(|reason| damaged(&path, reason))?;
    let path = dir.join(EXEMPLARS_FILE);
    let slices = MappedSlices::open(&path)?;
    let expected = [file.tokens.len(), file.slices.slice_frames, file.slices.channels];
    if slices.shape() != expected {
        let (expected, actual) = (format!("{expected:?} as in {BOOK_FILE}"), format!("{:?}", slices.shape()));
        return Err(DatasetError::WrongShape { path, expected, actual }.into());
    }
    Ok((file, Arc::new(slices)))
}

fn damaged(path: &Path, reason: String) -> TokenError {
    TokenError::Damaged { path: path.to_owned(), what: WHAT, reason }
}
