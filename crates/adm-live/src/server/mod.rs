//! The page and its stream over HTTP.
//!
//! ```text
//! player ─▶ Hub ─chunks, events→ broadcast ring ─▶ a task for each listener ─▶ socket
//!                (never waits)   (2.5 seconds)      (too slow: taken to what is new)
//! page ─ POST /controls ─▶ Board ─▶ the next bar
//! ```
//!
//! | request | answer |
//! |---|---|
//! | `GET /` | the page |
//! | `GET /stream` | packets: first frame (u64), bytes (u32), 16-bit samples; little-endian |
//! | `GET /stream.wav` | an endless WAV file, for `mpv`, `ffplay`, VLC |
//! | `GET /events` | server-sent events, each a JSON object with its `type` ([`crate::Event`]) |
//! | `GET /controls` | controls, their ranges, rate and channels |
//! | `HEAD` of any of them | what `GET` would answer, without it |
//! | `POST /controls` | changes some controls ([`crate::Change`]); 400 or 422 says what is wrong |
//!
//! The server runs on one thread of its own, within the limits of [`adm_http`]. A listener holds at most a few pieces and the
//! ring's 2.5 seconds, and a change must arrive within 5 seconds and 4 KiB. None of it can reach the player, which never
//! waits for the hub.
//!
//! It speaks plain HTTP. On this machine nobody can listen in; beyond it (`--allow-remote`) the token and the sound
//! travel readably, so a network that is not trusted wants a tunnel such as `ssh -L 8420:localhost:8420`.

mod hub;
mod routes;
mod streams;

pub use hub::Hub;

use crate::LiveError;
use crate::bar::Format;
use crate::controls::Board;
use adm_http::{Flags, Gate, Token};
use hub::Shared;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// How `adm live` speaks of where it serves.
const FLAGS: Flags = Flags { address: "--serve", port: 8420, others_may: "listen and control" };

/// The default: this machine alone.
pub const DEFAULT_ADDRESS: SocketAddr = FLAGS.default_address();

/// Bytes that the system keeps for a client that reads slowly: less than a second, so that what it hears is new.
const SEND_BUFFER: u32 = 128 * 1024;

/// Reads `HOST:PORT` or a port alone, as [`adm_http::parse_address`] does.
///
/// # Errors
/// [`adm_http::HttpError::Address`].
pub fn parse_address(text: &str) -> Result<SocketAddr, LiveError> {
    Ok(adm_http::parse_address(text, FLAGS)?)
}

/// Where to serve, and whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerSettings {
    /// The address; port 0 takes any that is free.
    pub address: SocketAddr,
    /// Allows an address that other machines can reach. Whoever asks must then know a token, which is part of the URL.
    pub allow_remote: bool,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self { address: DEFAULT_ADDRESS, allow_remote: false }
    }
}

/// A server that runs until it is dropped.
pub struct Server {
    http: adm_http::Server,
    shared: Arc<Shared>,
}

impl Server {
    /// Takes the address and begins to serve the page; the stream comes from an engine with [`Server::hub`] among its taps.
    ///
    /// # Errors
    /// [`LiveError::Http`]: an address that other machines can reach, unless that is allowed, or one that is in use.
    pub fn start(settings: ServerSettings, board: Arc<Board>, format: Format) -> Result<Self, LiveError> {
        let ServerSettings { address, allow_remote } = settings;
        let remote = allow_remote && !address.ip().is_loopback();
        let gate = if remote { Gate::Query(Token::draw()?) } else { Gate::Here };
        let shared = Arc::new(Shared::new(board, format));
        let settings = adm_http::ServerSettings { address, gate, send_buffer: Some(SEND_BUFFER), flags: FLAGS };
        let known = shared.clone();
        let http = adm_http::Server::start(settings, move |asked| routes::answer(asked, known.clone()))?;
        Ok(Self { http, shared })
    }

    /// Where it serves.
    pub fn address(&self) -> SocketAddr {
        self.http.address()
    }

    /// What to open in a browser, with the token where one is needed. An address that stands for all of a machine's is given
    /// as this machine sees itself; others put its name there.
    pub fn url(&self) -> String {
        self.http.url()
    }

    /// What the engine plays into: [`crate::Engine::with_tap`].
    pub fn hub(&self) -> Hub {
        Hub(self.shared.clone())
    }

    /// Those who listen now.
    pub fn listeners(&self) -> usize {
        self.shared.listeners.load(Ordering::Relaxed)
    }

    /// How often a listener was too slow and was taken to what is new.
    pub fn skips(&self) -> u64 {
        self.shared.skips.load(Ordering::Relaxed)
    }
}
