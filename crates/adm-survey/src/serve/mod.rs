//! The bundle over HTTP, and answers that come back.
//!
//! ```text
//! BUNDLE ─files, as they were at the start─▶ page ─GET collect→ next sheet ─a participant→ POST collect
//!                                                                                              │ read: whole, of this bundle
//! ANSWERS/UUID.json ◀─whole or absent─ Inbox: later versions replace earlier ones ◀────────────┘
//! ANSWERS/.collector    how many sheets were handed out, and the token; so a restart goes on
//! ```
//!
//! | request | answer |
//! |---|---|
//! | `GET /`, `/index.html`, `/study.js`, `/page/…`, `/audio/…` | the bundle's files; 304 for what a browser has (`ETag`) |
//! | `HEAD` of any of them | what `GET` would answer, without it |
//! | `GET /collect` | `{"sheet": N}`: sheets one after the other, from the first again after the last |
//! | `POST /collect` | takes [`Answers`](crate::answers::Answers): 201 for a new participant, 200 for the same again or a later version |
//!
//! Anything else is answered with a JSON object that says in `error` what is wrong: 400 for what is no JSON object, 422 for answers
//! that are no answers to this bundle, 409 for a version that is earlier than what is there (later is, as in merging: finished
//! before unfinished, a later end, more answers), 403 for more than is taken, 413, 408, 415, 500 where the disk fails.
//!
//! # Limits
//!
//! One participant's answers have at most [`MOST_BYTES`](crate::answers::MOST_BYTES) and arrive within 30 seconds. A folder takes answers of at most
//! [`MOST_PARTICIPANTS`], and of [`MOST_TOTAL`] bytes together, so that a bored visitor cannot fill a disk. Whoever has the address
//! can still ask for sheets that are never filled in, and send nonsense within these limits, which the report lists. What is
//! asked of connections is [`adm_http`]'s.
//!
//! # Who may take part
//!
//! By default, browsers on this machine. With [`CollectorSettings::allow_remote`], whoever has the address: its path begins with a
//! token, `http://host:8421/TOKEN/`, which the page's relative links keep. The token stays the same over restarts, so that
//! addresses that were given out stay good. All of it is plain HTTP; for a study over the internet, let a proxy speak HTTPS that passes `Host` on,
//! by which requests from other sites are told.

mod desk;
mod event;
mod files;
mod inbox;
mod read;
mod routes;
mod state;
#[cfg(test)]
mod tests;

pub use event::Event;
pub use inbox::{MOST_PARTICIPANTS, MOST_TOTAL};

use crate::SurveyError;
use adm_http::{Flags, Gate};
use desk::{Desk, Served};
use inbox::Limits;
use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How `adm survey-serve` speaks of where it serves.
const FLAGS: Flags = Flags { address: "--serve", port: 8421, others_may: "take part" };

/// The default: this machine alone.
pub const DEFAULT_ADDRESS: SocketAddr = FLAGS.default_address();

/// Reads `HOST:PORT` or a port alone, as [`adm_http::parse_address`] does.
///
/// # Errors
/// [`adm_http::HttpError::Address`].
pub fn parse_address(text: &str) -> Result<SocketAddr, SurveyError> {
    Ok(adm_http::parse_address(text, FLAGS)?)
}

/// Where to serve, and whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CollectorSettings {
    /// The address; port 0 takes any that is free.
    pub address: SocketAddr,
    /// Lets other machines take part, and proxies on this one. Whoever asks must then have the token, which is part of the URL.
    pub allow_remote: bool,
}

impl Default for CollectorSettings {
    fn default() -> Self {
        Self { address: DEFAULT_ADDRESS, allow_remote: false }
    }
}

/// Serves a bundle and collects answers until it is dropped.
pub struct Collector {
    // Dropped in this order: nobody else may have the folder before the server has ended.
    server: adm_http::Server,
    desk: Arc<Desk>,
    events: Mutex<Receiver<Event>>,
    _lock: File,
}

impl Collector {
    /// Serves the bundle in the folder `bundle` and collects answers in the folder `answers`, which it makes.
    ///
    /// # Errors
    /// A bundle that is not whole; a folder where another collector is at work, or which has answers to another bundle; an address
    /// that cannot be served at: [`SurveyError::Http`].
    pub fn start(bundle: &Path, answers: &Path, settings: CollectorSettings) -> Result<Self, SurveyError> {
        Self::start_within(bundle, answers, settings, Limits::default())
    }

    fn start_within(
        bundle: &Path,
        answers: &Path,
        settings: CollectorSettings,
        limits: Limits,
    ) -> Result<Self, SurveyError> {
        let served = Served::open(bundle)?;
        let lock = state::hold(answers)?;
        let (announcer, events) = event::channel();
        let desk = Arc::new(Desk::open(served, answers, limits, announcer)?);
        let gate = if settings.allow_remote { Gate::Path(desk.token()?) } else { Gate::Here };
        let root = gate.root();
        let server = adm_http::ServerSettings { address: settings.address, gate, send_buffer: None, flags: FLAGS };
        let known = desk.clone();
        let server = adm_http::Server::start(server, move |asked| routes::answer(asked, known.clone(), root.clone()))?;
        Ok(Self { server, desk, events: Mutex::new(events), _lock: lock })
    }

    /// Where it serves.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// What to open in a browser, as [`adm_http::Server::url`] gives it.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Participants whose answers came since the start.
    pub fn received(&self) -> usize {
        self.desk.inbox.received()
    }

    /// Participants whose answers are in the folder.
    pub fn participants(&self) -> usize {
        self.desk.inbox.participants()
    }

    /// The next thing that happened; `None` when nothing does for `patience`. Of those that nobody asks for, 256 are kept.
    pub fn event(&self, patience: Duration) -> Option<Event> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(patience).ok()
    }
}
