//! Answers of many browsers put together.

use super::check::check;
use super::find::find;
use super::json::Json;
use super::limits::{Held, MOST_FAULTS, weight};
use super::listed::{Listed, Reason};
use super::piece::{Fault, Piece, short};
use super::record::Answers;
use super::{csv, versions::Versions};
use crate::SurveyError;
use crate::manifest::Manifest;
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

/// What is taken and what is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergeOptions {
    /// Keep those who did not reach the last page.
    pub unfinished: bool,
    /// UUIDs of participants who want to be forgotten.
    pub exclude: BTreeSet<String>,
}

/// Answers of many browsers put together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Merged {
    /// What holds, one for each participant, in order of their UUIDs.
    pub accepted: Vec<Answers>,
    /// Everything else that was found, each with its reason, in the order in which it was found.
    pub listed: Vec<Listed>,
    /// How many pieces were found: as many as are accepted and listed together.
    pub found: usize,
    /// UUIDs that were to be left out, of which no answers were found.
    pub not_found: Vec<String>,
}

/// Reads answers from files and folders, holds them against a manifest and puts them together.
///
/// Whether a file is JSON or CSV is told from how it begins. Of several versions of one participant's answers the finished one
/// is kept, and the latest of these. `bundle` is the bundle's id: the SHA-256 of the manifest's JSON text.
///
/// # Errors
/// A path that does not exist, a folder that cannot be listed, or more answers than are held in memory (256 MiB). Whatever is
/// wrong with what a file holds is listed instead.
pub fn merge(
    paths: &[PathBuf],
    manifest: &Manifest,
    bundle: &str,
    options: &MergeOptions,
) -> Result<Merged, SurveyError> {
    merge_within(Held::default(), paths, manifest, bundle, options)
}

/// The same with another limit on what is held.
fn merge_within(
    held: Held,
    paths: &[PathBuf],
    manifest: &Manifest,
    bundle: &str,
    options: &MergeOptions,
) -> Result<Merged, SurveyError> {
    let mut merger = Merger {
        manifest,
        bundle,
        exclude: options.exclude.iter().map(|uuid| uuid.trim().to_lowercase()).collect(),
        excluded: BTreeSet::new(),
        held,
        found: 0,
        listed: Vec::new(),
        versions: Versions::default(),
    };
    for path in find(paths)? {
        merger.file(&path)?;
    }
    Ok(merger.finish(options.unfinished))
}

struct Merger<'a> {
    manifest: &'a Manifest,
    bundle: &'a str,
    exclude: BTreeSet<String>,
    excluded: BTreeSet<String>,
    held: Held,
    /// Pieces so far; each piece's number is its place in the order in which things are listed.
    found: usize,
    listed: Vec<(usize, Listed)>,
    versions: Versions,
}

impl Merger<'_> {
    fn file(&mut self, path: &Path) -> Result<(), SurveyError> {
        let before = self.found;
        if let Err(error) = self.pieces(path)? {
            let fault = Fault::new(Reason::Unreadable, error.to_string());
            self.piece(path, Piece { line: None, content: Err(fault) })?;
        }
        if self.found == before {
            let fault = Fault::new(Reason::NotAnswers, "the file is empty, or a header without lines");
            self.piece(path, Piece { line: None, content: Err(fault) })?;
        }
        Ok(())
    }

    /// The outer error ends everything, the inner one only this file.
    fn pieces(&mut self, path: &Path) -> Result<io::Result<()>, SurveyError> {
        let mut input = match open(path) {
            Ok(input) => input,
            Err(error) => return Ok(Err(error)),
        };
        match is_json(&mut input) {
            Ok(true) => self.json(path, input),
            Ok(false) => match csv::read(input, &mut self.held) {
                Ok(pieces) => pieces?.into_iter().try_for_each(|piece| self.piece(path, piece)).map(Ok),
                Err(error) => Ok(Err(error)),
            },
            Err(error) => Ok(Err(error)),
        }
    }

    fn json(&mut self, path: &Path, input: impl BufRead) -> Result<io::Result<()>, SurveyError> {
        let mut pieces = Json::new(input);
        let mut faults = 0;
        loop {
            let mut piece = match pieces.next() {
                Ok(Some(piece)) => piece,
                Ok(None) => return Ok(Ok(())),
                Err(error) => return Ok(Err(error)),
            };
            if let Err(fault) = &mut piece.content {
                faults += 1;
                if faults == MOST_FAULTS {
                    fault.words.push_str("; the rest of the file, which is as broken, is not read");
                }
            }
            self.piece(path, piece)?;
            if faults == MOST_FAULTS {
                return Ok(Ok(()));
            }
        }
    }

    fn piece(&mut self, path: &Path, piece: Piece) -> Result<(), SurveyError> {
        let number = self.found;
        self.found += 1;
        let mut listed = Listed {
            file: path.to_owned(),
            line: piece.line,
            participant: None,
            reason: Reason::Excluded,
            words: "was to be left out".to_owned(),
        };
        listed.participant = match &piece.content {
            Ok(answers) => Some(short(&answers.participant)),
            Err(fault) => fault.participant.clone(),
        };
        match piece.content.and_then(|answers| self.judge(answers)) {
            _ if self.is_excluded(listed.participant.as_deref()) => self.list(number, listed),
            Ok(answers) => {
                self.held.keep(weight(&answers))?;
                self.versions.add(number, listed, answers, &mut self.held, &mut self.listed);
                Ok(())
            }
            Err(fault) => self.list(number, Listed { reason: fault.reason, words: short(&fault.words), ..listed }),
        }
    }

    fn list(&mut self, number: usize, listed: Listed) -> Result<(), SurveyError> {
        self.held.keep(size_of::<Listed>() + listed.file.as_os_str().len() + listed.words.len())?;
        self.listed.push((number, listed));
        Ok(())
    }

    fn judge(&self, answers: Answers) -> Result<Answers, Fault> {
        check(&answers, self.manifest, self.bundle).map(|()| answers)
    }

    fn is_excluded(&mut self, participant: Option<&str>) -> bool {
        let Some(uuid) = participant.map(str::to_lowercase).filter(|uuid| self.exclude.contains(uuid)) else {
            return false;
        };
        self.excluded.insert(uuid);
        true
    }

    fn finish(mut self, unfinished: bool) -> Merged {
        let accepted = self.versions.settle(unfinished, &mut self.listed);
        self.listed.sort_by_key(|(number, _)| *number);
        Merged {
            accepted,
            listed: self.listed.into_iter().map(|(_, listed)| listed).collect(),
            found: self.found,
            not_found: self.exclude.difference(&self.excluded).cloned().collect(),
        }
    }
}

fn open(path: &Path) -> io::Result<BufReader<std::fs::File>> {
    Ok(BufReader::with_capacity(1 << 16, adm_core::regular::open(path)?))
}

/// Whether a file begins as JSON does. Takes a byte order mark away.
fn is_json(input: &mut impl BufRead) -> io::Result<bool> {
    if input.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        input.consume(3);
    }
    let first = input.fill_buf()?.iter().find(|byte| !byte.is_ascii_whitespace());
    Ok(matches!(first, Some(b'{' | b'[')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::sha256;
    use adm_core::Hint;

    const MANIFEST: &str = include_str!("../../tests/golden/answers-manifest.json");
    const TABLE: &str = include_str!("../../tests/golden/answers.csv");

    /// What comes of a line of CSV for each of so many participants, where 1 MiB is held at most.
    fn merged(people: usize) -> Result<Merged, SurveyError> {
        let lines: Vec<&str> = TABLE.splitn(3, "\r\n").collect();
        let one = |sheet: usize| lines[1].replacen(",0,2026", &format!(",{sheet},2026"), 1);
        let table: Vec<String> = std::iter::once(lines[0].to_owned()).chain((0..people).map(one)).collect();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), table.join("\r\n")).unwrap();
        let manifest = serde_json::from_str(MANIFEST).unwrap();
        let path = file.path().to_owned();
        merge_within(Held::up_to(1 << 20), &[path], &manifest, &sha256(MANIFEST.as_bytes()), &MergeOptions::default())
    }

    #[test]
    fn more_than_can_be_held_is_an_error() {
        assert_eq!(merged(500).unwrap().listed.len(), 500);
        let error = merged(1_000).unwrap_err();
        assert_eq!(error.to_string(), "there are more than 1 MiB of answers");
        assert_eq!(error.hint().unwrap(), "give fewer files at a time");
    }
}
