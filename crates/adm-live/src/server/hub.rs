//! Where the engine leaves the stream for whoever listens.

use crate::bar::Format;
use crate::controls::Board;
use crate::tap::{Chunk, Event, Tap};
use bytes::Bytes;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast::{self, Receiver, Sender};

/// Chunks that a listener may be behind by, about 2.5 seconds, before it is taken to what is new.
const CHUNKS: usize = 128;

/// Events that a watcher may be behind by; what it misses, the next state makes good.
const EVENTS: usize = 256;

/// A chunk on its way to listeners.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub frame: u64,
    /// Empty at the end of the stream.
    pub wire: Bytes,
}

/// What the engine and all connections share.
pub(crate) struct Shared {
    pub board: Arc<Board>,
    pub format: Format,
    pub listeners: AtomicUsize,
    /// How often a listener was too slow and was taken to what is new.
    pub skips: AtomicU64,
    chunks: Sender<Piece>,
    events: Sender<Event>,
    ended: AtomicBool,
    last: Mutex<(Option<Event>, Option<Event>)>,
}

impl Shared {
    pub(crate) fn new(board: Arc<Board>, format: Format) -> Self {
        let (chunks, events) = (broadcast::channel(CHUNKS).0, broadcast::channel(EVENTS).0);
        let (listeners, skips, ended) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicBool::new(false));
        Self { board, format, listeners, skips, chunks, events, ended, last: Mutex::default() }
    }

    /// The stream from now on; `None` when it is over.
    pub(crate) fn listen(&self) -> Option<Receiver<Piece>> {
        let chunks = self.chunks.subscribe();
        (!self.ended.load(Ordering::SeqCst)).then_some(chunks)
    }

    /// The last bar and state, and what happens from now on.
    pub(crate) fn watch(&self) -> (Vec<Event>, Receiver<Event>) {
        let events = self.events.subscribe();
        let (state, bar) = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (bar.into_iter().chain(state).collect(), events)
    }

    fn keep(&self, event: &Event) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::State(_) | Event::Ended { .. } => last.0 = Some(event.clone()),
            Event::Bar(_) => last.1 = Some(event.clone()),
            Event::Level(_) | Event::Late { .. } => {}
        }
    }
}

/// The engine's end of the server. Nothing in it waits: who is too slow misses something.
pub struct Hub(pub(crate) Arc<Shared>);

impl Tap for Hub {
    fn chunk(&mut self, chunk: &Chunk<'_>) {
        // An error says that nobody listens.
        self.0.chunks.send(Piece { frame: chunk.frame, wire: chunk.wire.clone() }).ok();
    }

    fn event(&mut self, event: &Event) {
        self.0.keep(event);
        self.0.events.send(event.clone()).ok();
        if let Event::Ended { frame } = *event {
            self.0.ended.store(true, Ordering::SeqCst);
            self.0.chunks.send(Piece { frame, wire: Bytes::new() }).ok();
        }
    }

    fn carries_on(&self) -> bool {
        true
    }
}
