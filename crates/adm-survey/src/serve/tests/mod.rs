//! The collector over real sockets.

mod answers;
mod client;
mod crowd;
mod damage;
mod files;
mod hostile;
mod remote;

use super::inbox::Limits;
use super::{Collector, CollectorSettings};
use crate::SurveyError;
use crate::answers::{Answers, Row};
use crate::digest::sha256;
use crate::manifest::{Block, BlockKind, Manifest, Page, PageKind, Shown, SoundFormat, Trial};
use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Sheets of the bundle.
const SHEETS: usize = 7;

/// Larger than what is sent at a time.
const SOUND_BYTES: usize = 300_000;

/// A bundle and a folder for answers.
struct Place {
    folder: tempfile::TempDir,
    id: String,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let id = write_bundle(&folder.path().join("bundle"), "A test");
        Self { folder, id }
    }

    fn bundle(&self) -> PathBuf {
        self.folder.path().join("bundle")
    }

    fn answers(&self) -> PathBuf {
        self.folder.path().join("answers")
    }

    fn stored(&self, participant: &str) -> PathBuf {
        self.answers().join(format!("{participant}.json"))
    }

    fn start(&self) -> Result<Collector, SurveyError> {
        self.start_within(false, Limits::default())
    }

    fn start_within(&self, allow_remote: bool, limits: Limits) -> Result<Collector, SurveyError> {
        let settings = CollectorSettings { address: SocketAddr::from(([127, 0, 0, 1], 0)), allow_remote };
        Collector::start_within(&self.bundle(), &self.answers(), settings, limits)
    }

    /// Finished answers of the participant of a number, who has answered so many questions.
    fn answered(&self, number: u32, rows: usize) -> Answers {
        let row = |page| Row {
            page,
            block: String::new(),
            position: String::new(),
            trial: String::new(),
            question: "age".to_owned(),
            slot: String::new(),
            stimulus: String::new(),
            response: "\"40\", or\nso 🙂".to_owned(),
            declined: false,
            ms: 1_200,
            plays: 0,
            heard: 0,
        };
        checked(Answers {
            format: "adm-answers".to_owned(),
            version: 1,
            bundle: self.id.clone(),
            participant: format!("{number:08x}-0000-4000-8000-000000000000"),
            sheet: 3,
            started: "2026-05-01T12:00:00.000Z".to_owned(),
            finished: "2026-05-01T12:20:00.000Z".to_owned(),
            device_rate: 48_000,
            rows: (0..rows).map(row).collect(),
            checksum: String::new(),
        })
    }
}

fn checked(mut answers: Answers) -> Answers {
    answers.checksum = answers.expected_checksum();
    answers
}

fn text(answers: &Answers) -> String {
    serde_json::to_string(answers).unwrap()
}

/// Writes a bundle as packing does, with one trial of two samples; its id.
fn write_bundle(folder: &Path, title: &str) -> String {
    let names = ["s1", "s2"];
    fs::create_dir_all(folder.join("audio")).unwrap();
    fs::create_dir_all(folder.join("page")).unwrap();
    for name in names {
        let sound = format!("adm.sound(\"{name}\",\"{}\");\n", name.repeat(SOUND_BYTES / 2));
        fs::write(folder.join(format!("audio/{name}.js")), sound).unwrap();
    }
    fs::write(folder.join("index.html"), "<!doctype html><title>…</title>").unwrap();
    fs::write(folder.join("page/main.js"), "'use strict';").unwrap();
    fs::write(folder.join("page/style.css"), "body {}").unwrap();
    let text = serde_json::to_string(&manifest(title, names)).unwrap();
    let id = sha256(text.as_bytes());
    let script = format!("adm.study({},\"{id}\");\n", serde_json::to_string(&text).unwrap());
    fs::write(folder.join("study.js"), script).unwrap();
    id
}

fn manifest(title: &str, names: [&str; 2]) -> Manifest {
    let shown = Shown { trial: "t1".to_owned(), slots: vec![0, 1], x: None };
    let sheet = BTreeMap::from([("pairs".to_owned(), vec![shown])]);
    let block = Block { kind: BlockKind::Samples, text: None, questions: Vec::new(), heard: 0.5 };
    let trial = Trial {
        block: "pairs".to_owned(),
        samples: names.map(str::to_owned).to_vec(),
        reference: None,
        copies: Vec::new(),
    };
    Manifest {
        format: "adm-bundle".to_owned(),
        version: 1,
        title: title.to_owned(),
        language: "en".to_owned(),
        texts: BTreeMap::new(),
        commitment: "0".repeat(64),
        seed: "1".to_owned(),
        sound: SoundFormat { rate: 44_100, channels: 2, frames: 441_000, looped: true, fade_ms: 5.0 },
        volume: None,
        pages: vec![Page { kind: PageKind::Consent, title: None, text: None }],
        questions: BTreeMap::new(),
        blocks: BTreeMap::from([("pairs".to_owned(), block)]),
        trials: BTreeMap::from([("t1".to_owned(), trial)]),
        sheets: vec![sheet; SHEETS],
    }
}
