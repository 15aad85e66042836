//! The files of listening tests: bundles, keys, answers.

use crate::output::text::{Rows, count, duration, plural};
use adm_survey::answers::Answers;
use adm_survey::bundle;
use adm_survey::key::{Key, Role};
use anyhow::{Context, Result};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// The file that tells a bundle.
pub const BUNDLE_FILE: &str = "study.js";

/// What a bundle shows. Nothing of what it hides: that is the key's.
#[derive(Debug, Serialize)]
pub struct FoundBundle {
    kind: &'static str,
    title: String,
    id: String,
    language: String,
    pages: usize,
    trials: usize,
    sheets: usize,
    seconds_of_each: f64,
    sample_rate: u32,
    seed: String,
    commitment: String,
}

/// Opens a bundle.
///
/// # Errors
/// One that was changed.
pub fn bundle(path: &Path) -> Result<FoundBundle> {
    let opened = bundle::open(path)?;
    let manifest = opened.manifest;
    Ok(FoundBundle {
        kind: "bundle",
        title: manifest.title,
        id: opened.id,
        language: manifest.language,
        pages: manifest.pages.len(),
        trials: manifest.trials.len(),
        sheets: manifest.sheets.len(),
        seconds_of_each: manifest.sound.frames as f64 / f64::from(manifest.sound.rate.max(1)),
        sample_rate: manifest.sound.rate,
        seed: manifest.seed,
        commitment: manifest.commitment,
    })
}

impl fmt::Display for FoundBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = format!("{} at {} Hz", duration(self.seconds_of_each), count(self.sample_rate));
        let rows = Rows::default()
            .row("bundle", self.title.clone())
            .row("id", self.id.clone())
            .row("pages", format!("{}, in \"{}\"", count(self.pages as u64), self.language))
            .row("trials", count(self.trials as u64))
            .row("sheets", format!("{}, from seed {}", count(self.sheets as u64), self.seed))
            .row("sounds", each)
            .row("its key's", format!("SHA-256 {}", self.commitment));
        write!(f, "{rows}")
    }
}

/// What a key opens.
#[derive(Debug, Serialize)]
pub struct FoundKey {
    kind: &'static str,
    title: String,
    /// Sounds that are judged, by what they are.
    sounds: BTreeMap<String, usize>,
    stimuli: usize,
    trials: usize,
}

/// Opens a key.
///
/// # Errors
/// One that is damaged.
pub fn key(path: &Path) -> Result<FoundKey> {
    let key = Key::open(path)?;
    let mut sounds = BTreeMap::new();
    let judged = key.stimuli.iter().filter(|stimulus| stimulus.role == Role::Sample);
    judged.for_each(|stimulus| *sounds.entry(stimulus.truth.clone()).or_default() += 1);
    let (stimuli, trials) = (key.stimuli.len(), key.trials.len());
    Ok(FoundKey { kind: "key", title: key.study.title, sounds, stimuli, trials })
}

impl fmt::Display for FoundKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sounds =
            self.sounds.iter().map(|(truth, number)| format!("{number} {truth}")).collect::<Vec<_>>().join(", ");
        let rows = Rows::default()
            .row("key to", self.title.clone())
            .row("sounds", format!("{sounds}; {} in all", plural(self.stimuli, "file")))
            .row("trials", count(self.trials as u64));
        write!(f, "{rows}")
    }
}

/// What one participant's file holds.
#[derive(Debug, Serialize)]
pub struct FoundAnswers {
    kind: &'static str,
    participant: String,
    bundle: String,
    sheet: usize,
    answers: usize,
    started: String,
    finished: String,
    /// Whether the checksum fits.
    intact: bool,
}

/// Reads one participant's answers.
///
/// # Errors
/// Something else.
pub fn answers(path: &Path, bytes: &[u8]) -> Result<FoundAnswers> {
    let answers: Answers =
        serde_json::from_slice(bytes).with_context(|| format!("{} holds no answers", path.display()))?;
    Ok(FoundAnswers {
        kind: "answers",
        intact: answers.expected_checksum() == answers.checksum,
        answers: answers.rows.len(),
        participant: answers.participant,
        bundle: answers.bundle,
        sheet: answers.sheet,
        started: answers.started,
        finished: answers.finished,
    })
}

impl fmt::Display for FoundAnswers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Words of strangers: what a terminal would obey is shown instead.
        let plain = |text: &str| text.escape_default().to_string();
        let finished = if self.finished.is_empty() { "not".to_owned() } else { plain(&self.finished) };
        let checksum = if self.intact { "fits" } else { "does not fit: something was changed" };
        let rows = Rows::default()
            .row("answers of", plain(&self.participant))
            .row("to bundle", plain(&self.bundle))
            .row("sheet", self.sheet.to_string())
            .row("rows", count(self.answers as u64))
            .row("started", plain(&self.started))
            .row("finished", finished)
            .row("checksum", checksum);
        write!(f, "{rows}")
    }
}
