//! The test of golden/answers.py, and files to merge.

use adm_survey::answers::{Answers, COLUMNS, MergeOptions, Merged, merge};
use adm_survey::key::Key;
use adm_survey::manifest::Manifest;
use sha2::{Digest, Sha256};
use std::path::PathBuf;

pub fn golden(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)).unwrap()
}

pub fn manifest() -> Manifest {
    serde_json::from_slice(&golden("answers-manifest.json")).unwrap()
}

pub fn key() -> Key {
    serde_json::from_slice(&golden("answers-key.json")).unwrap()
}

pub fn bundle() -> String {
    Sha256::digest(golden("answers-manifest.json")).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn answers() -> Answers {
    serde_json::from_slice(&golden("answers.json")).unwrap()
}

/// The golden answers, changed, under a checksum that fits.
pub fn changed(change: impl FnOnce(&mut Answers)) -> Answers {
    let mut answers = answers();
    change(&mut answers);
    answers.checksum = answers.expected_checksum();
    answers
}

/// The UUID of a number.
pub fn uuid(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// Another participant with the golden answers, who began at another time.
pub fn participant(number: usize) -> Answers {
    changed(|answers| {
        answers.participant = uuid(number);
        answers.started = format!("2026-04-01T12:00:{:02}.{:03}Z", number / 1_000 % 60, number % 1_000);
    })
}

/// What comes of some files; their names tell nothing.
pub fn merged(files: &[&[u8]], options: &MergeOptions) -> Merged {
    let folder = tempfile::tempdir().unwrap();
    for (number, bytes) in files.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{number:03}.txt")), bytes).unwrap();
    }
    let merged = merge(&[folder.path().to_owned()], &manifest(), &bundle(), options).unwrap();
    assert_eq!(merged.accepted.len() + merged.listed.len(), merged.found);
    merged
}

pub fn json(answers: &[Answers]) -> Vec<u8> {
    serde_json::to_vec_pretty(answers).unwrap()
}

/// The CSV of many participants under one header, as tools put it together.
pub fn csv(answers: &[Answers]) -> String {
    let header = format!("{}\r\n", COLUMNS.join(","));
    let lines = answers.iter().map(|one| one.to_csv().strip_prefix(&header).unwrap().to_owned());
    std::iter::once(header.clone()).chain(lines).collect()
}
