//! Where sheets are handed out and answers are taken.

use super::event::{Announcer, Event};
use super::files::{BundleFile, Files, files};
use super::inbox::{Inbox, Limits, NotTaken, Taken};
use super::read::read;
use super::state::State;
use crate::SurveyError;
use crate::bundle::{Opened, open};
use adm_http::{Refusal, StatusCode, Token};
use std::fs::File;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is served.
pub(super) struct Served {
    bundle: Opened,
    files: Files,
}

impl Served {
    pub(super) fn open(folder: &Path) -> Result<Self, SurveyError> {
        let bundle = open(folder)?;
        if bundle.manifest.sheets.is_empty() {
            let reason = "it has no sheets".to_owned();
            return Err(SurveyError::Damaged { path: folder.join("study.js"), reason });
        }
        let files = files(folder, &bundle.manifest)?;
        Ok(Self { bundle, files })
    }
}

/// All that requests have in common. What is called here reads and writes files.
pub(super) struct Desk {
    pub files: Files,
    pub inbox: Inbox,
    bundle: Opened,
    state: Mutex<State>,
    announcer: Announcer,
}

impl Desk {
    pub(super) fn open(
        served: Served,
        answers: &Path,
        limits: Limits,
        announcer: Announcer,
    ) -> Result<Self, SurveyError> {
        let Served { bundle, files } = served;
        let state = Mutex::new(State::open(answers, &bundle.id)?);
        Ok(Self { files, inbox: Inbox::open(answers, limits)?, bundle, state, announcer })
    }

    pub(super) fn token(&self) -> Result<Token, SurveyError> {
        self.state().token()
    }

    /// The next sheet. One that cannot be written down is handed out all the same: a participant is here now.
    pub(super) fn sheet(&self) -> usize {
        let (number, written) = self.state().next();
        written.unwrap_or_else(|error| self.announcer.trouble(&error));
        (number % self.bundle.manifest.sheets.len() as u64) as usize
    }

    /// Takes what was sent.
    pub(super) fn take(&self, bytes: &[u8]) -> Result<Taken, Refusal> {
        let taken = read(bytes, &self.bundle).and_then(|answers| {
            let taken = self.inbox.take(&answers).map_err(|fault| self.judge(fault))?;
            self.announcer.say(Event::Answers { finished: !answers.finished.is_empty() });
            Ok(taken)
        });
        taken.inspect_err(|refusal| self.announcer.say(Event::Refused { reason: refusal.reason.to_string() }))
    }

    /// Opens a file of the bundle.
    pub(super) fn file(&self, file: &BundleFile) -> Result<File, Refusal> {
        file.open().map_err(|error| {
            self.announcer.trouble(&error);
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "this file of the study cannot be read any more")
        })
    }

    /// What others hear of a fault; paths of this machine are not for them.
    fn judge(&self, fault: NotTaken) -> Refusal {
        match fault {
            NotTaken::Refused(refusal) => refusal,
            NotTaken::Failed(error) => {
                self.announcer.trouble(&error);
                Refusal::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "the answers could not be stored; keep them and try again",
                )
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
