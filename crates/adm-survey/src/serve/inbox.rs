//! The folder of answers.

use crate::SurveyError;
use crate::answers::{Answers, MOST_BYTES, is_uuid};
use adm_core::{persist, regular};
use adm_http::{Refusal, StatusCode};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Participants whose answers one folder takes.
pub const MOST_PARTICIPANTS: usize = 10_000;

/// Bytes of all answers together.
pub const MOST_TOTAL: u64 = 1 << 30;

/// How long one participant's answers may take to arrive: phones can be slow.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much is taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub participants: usize,
    /// Of all together.
    pub bytes: u64,
    /// How long one participant's may take to arrive.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { participants: MOST_PARTICIPANTS, bytes: MOST_TOTAL, patience: PATIENCE }
    }
}

/// What became of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// The participant's first.
    New,
    /// Later than what was there.
    Later,
    /// What was there.
    Same,
}

/// Why answers were not taken.
#[derive(Debug)]
pub(super) enum NotTaken {
    /// The sender's affair.
    Refused(Refusal),
    /// Ours.
    Failed(SurveyError),
}

/// Answers on disk, one file a participant.
pub(super) struct Inbox {
    folder: PathBuf,
    pub limits: Limits,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    /// Bytes of each participant's file.
    sizes: HashMap<String, u64>,
    total: u64,
    /// From whom something came since the start.
    received: HashSet<String>,
}

impl Inbox {
    /// Counts what is there already.
    pub(super) fn open(folder: &Path, limits: Limits) -> Result<Self, SurveyError> {
        let failed = |source| SurveyError::Read { path: folder.to_owned(), source };
        let mut held = Held::default();
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if let Some(uuid) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.strip_suffix(".json"))
                .filter(|name| is_uuid(name.as_bytes()))
            {
                held.set(uuid, entry.metadata().map_err(failed)?.len());
            }
        }
        Ok(Self { folder: folder.to_owned(), limits, held: Mutex::new(held) })
    }

    pub(super) fn received(&self) -> usize {
        self.held().received.len()
    }

    pub(super) fn participants(&self) -> usize {
        self.held().sizes.len()
    }

    /// Stores answers whose participant is a UUID. One at a time: of two versions at once, the later one stays.
    pub(super) fn take(&self, answers: &Answers) -> Result<Taken, NotTaken> {
        let mut held = self.held();
        let uuid = &answers.participant;
        let taken = match self.stored(uuid).map_err(NotTaken::Failed)? {
            None => Taken::New,
            Some(stored) if stored == *answers => Taken::Same,
            Some(stored) => supersede(&stored, answers).map_err(NotTaken::Refused).map(|()| Taken::Later)?,
        };
        if taken != Taken::Same {
            let text = json(answers).map_err(NotTaken::Failed)?;
            held.has_room(uuid, text.len() as u64, self.limits).map_err(NotTaken::Refused)?;
            let path = self.path(uuid);
            persist::write_bytes(&path, &text)
                .map_err(|source| NotTaken::Failed(SurveyError::Write { path, source }))?;
            held.set(uuid, text.len() as u64);
        }
        held.received.insert(uuid.clone());
        Ok(taken)
    }

    /// What is there of a participant.
    fn stored(&self, uuid: &str) -> Result<Option<Answers>, SurveyError> {
        let path = self.path(uuid);
        let damaged = |reason: String| SurveyError::Damaged { path: path.clone(), reason };
        match fs::metadata(&path) {
            Ok(known) if known.len() > 2 * MOST_BYTES as u64 => return Err(damaged("it is too large".to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            _ => {}
        }
        let bytes = regular::read(&path).map_err(|source| SurveyError::Read { path: path.clone(), source })?;
        // Whatever it is, it was not ours to overwrite.
        serde_json::from_slice(&bytes).map(Some).map_err(|error| damaged(error.to_string()))
    }

    fn path(&self, uuid: &str) -> PathBuf {
        self.folder.join(format!("{uuid}.json"))
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn set(&mut self, uuid: &str, bytes: u64) {
        let before = self.sizes.insert(uuid.to_owned(), bytes).unwrap_or(0);
        self.total = self.total - before + bytes;
    }

    /// Whether so many bytes of a participant can be stored.
    fn has_room(&self, uuid: &str, bytes: u64, limits: Limits) -> Result<(), Refusal> {
        let before = self.sizes.get(uuid);
        let full = before.is_none() && self.sizes.len() >= limits.participants;
        if full || self.total - before.unwrap_or(&0) + bytes > limits.bytes {
            return Err(Refusal::new(StatusCode::FORBIDDEN, "this study takes no more answers"));
        }
        Ok(())
    }
}

fn json(answers: &Answers) -> Result<Vec<u8>, SurveyError> {
    let mut text = serde_json::to_vec(answers)
        .map_err(|source| SurveyError::Json { what: "a participant's answers".to_owned(), source })?;
    text.push(b'\n');
    Ok(text)
}

/// Whether `new` is a later version of `old`: of the same visit, and of no lower [`Answers::rank`]. Of equals, what comes last is later.
fn supersede(old: &Answers, new: &Answers) -> Result<(), Refusal> {
    let conflict = |reason| Err(Refusal::new(StatusCode::CONFLICT, reason));
    if (old.sheet, &old.started) != (new.sheet, &new.started) {
        return conflict("there are answers of this participant from another sheet or another start");
    }
    if new.rank() < old.rank() {
        return conflict("there are later answers of this participant");
    }
    Ok(())
}
