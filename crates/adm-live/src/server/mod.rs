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
//! The server runs on one thread of its own. A listener holds at most a few pieces and the ring's 2.5 seconds; a client
//! that takes nothing for 15 seconds is dropped, a head must arrive within 5 seconds and 16 KiB, a change within 5 seconds
//! and 4 KiB, and 256 connections are the most. None of it can reach the player, which never waits for the hub.
//!
//! It speaks plain HTTP. On this machine nobody can listen in; beyond it (`--allow-remote`) the token and the sound
//! travel readably, so a network that is not trusted wants a tunnel such as `ssh -L 8420:localhost:8420`.

mod accept;
mod address;
mod guard;
mod hub;
mod life;
mod routes;
mod streams;
mod token;

pub use address::{DEFAULT_ADDRESS, parse_address};
pub use hub::Hub;

use crate::LiveError;
use crate::bar::Format;
use crate::controls::Board;
use hub::Shared;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};
use token::Token;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// Bytes that the system keeps for a client that reads slowly: less than a second, so that what it hears is new.
const SEND_BUFFER: u32 = 128 * 1024;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 128;

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
    address: SocketAddr,
    token: Option<Token>,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Takes the address and begins to serve the page; the stream comes from an engine with [`Server::hub`] among its taps.
    ///
    /// # Errors
    /// [`LiveError::Remote`] for an address that other machines can reach, unless that is allowed; [`LiveError::Busy`] for
    /// one that is in use; [`LiveError::Serve`], [`LiveError::NoToken`], [`LiveError::Thread`].
    pub fn start(settings: ServerSettings, board: Arc<Board>, format: Format) -> Result<Self, LiveError> {
        let remote = !settings.address.ip().is_loopback();
        if remote && !settings.allow_remote {
            return Err(LiveError::Remote { address: settings.address });
        }
        let token = remote.then(Token::draw).transpose()?;
        let shared = Arc::new(Shared::new(board, format));
        let runtime = Builder::new_current_thread().enable_all().build().map_err(LiveError::Thread)?;
        let listener = listen(&runtime, settings.address).map_err(|source| refused(settings.address, source))?;
        let address = listener.local_addr().map_err(|source| refused(settings.address, source))?;
        let (stop, stopped) = oneshot::channel();
        let serve = accept::serve(listener, shared.clone(), token.clone(), stopped);
        let work = move || runtime.block_on(serve);
        let thread = thread::Builder::new().name("adm-server".to_owned()).spawn(work).map_err(LiveError::Thread)?;
        Ok(Self { address, token, shared, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it serves.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to open in a browser, with the token where one is needed. An address that stands for all of a machine's is given
    /// as this machine sees itself; others put its name there.
    pub fn url(&self) -> String {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        let query = self.token.as_ref().map(|token| format!("?token={}", token.text())).unwrap_or_default();
        format!("http://{}/{query}", SocketAddr::new(ip, self.address.port()))
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

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        self.thread.take().map(JoinHandle::join);
    }
}

fn listen(runtime: &Runtime, address: SocketAddr) -> io::Result<TcpListener> {
    let _context = runtime.enter();
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // On Unix, it lets a restart have the address at once; on Windows, it would let others take it from us.
    socket.set_reuseaddr(cfg!(unix))?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn refused(address: SocketAddr, source: io::Error) -> LiveError {
    if source.kind() == io::ErrorKind::AddrInUse {
        LiveError::Busy { address }
    } else {
        LiveError::Serve { address, source }
    }
}
