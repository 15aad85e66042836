//! Bodies without end: the sound and the events.

use super::hub::{Piece, Shared};
use super::life::Life;
use crate::sinks::endless_header;
use crate::tap::Event;
use bytes::Bytes;
use http_body_util::channel::{Channel, Sender};
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// Pieces that wait in a body; hyper's and the system's buffers come on top.
const WAITING: usize = 4;

/// How the sound is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// An endless WAV file, for players.
    Wav,
    /// Packets that say where in the stream they belong, for the page: the first frame's number (u64), the bytes that
    /// follow (u32), then as many bytes of 16-bit samples; all little-endian. A gap in the numbers is a skip.
    Packets,
}

/// A body that sends the sound from now on.
pub(crate) fn sound(shared: Arc<Shared>, framing: Framing, life: Life) -> Channel<Bytes> {
    let (mut sender, body) = Channel::new(WAITING);
    if let Some(chunks) = shared.listen() {
        tokio::spawn(async move {
            shared.listeners.fetch_add(1, Ordering::Relaxed);
            // An error is a listener that has left.
            send_sound(&mut sender, chunks, &shared, framing, &life).await.ok();
            shared.listeners.fetch_sub(1, Ordering::Relaxed);
        });
    }
    body
}

type Gone = http_body_util::channel::SendError;

async fn send_sound(
    sender: &mut Sender<Bytes>,
    mut chunks: Receiver<Piece>,
    shared: &Shared,
    framing: Framing,
    life: &Life,
) -> Result<(), Gone> {
    if framing == Framing::Wav {
        sender.send_data(Bytes::copy_from_slice(&endless_header(shared.format))).await?;
    }
    loop {
        match chunks.recv().await {
            Ok(piece) if piece.wire.is_empty() => return Ok(()),
            Ok(piece) => {
                if framing == Framing::Packets {
                    sender.send_data(packet_head(&piece)).await?;
                }
                sender.send_data(piece.wire).await?;
                life.sign();
            }
            Err(RecvError::Lagged(_)) => {
                shared.skips.fetch_add(1, Ordering::Relaxed);
                // The end may be among what was missed.
                let Some(new) = shared.listen() else { return Ok(()) };
                chunks = new;
            }
            Err(RecvError::Closed) => return Ok(()),
        }
    }
}

fn packet_head(piece: &Piece) -> Bytes {
    let mut head = [0; 12];
    head[..8].copy_from_slice(&piece.frame.to_le_bytes());
    head[8..].copy_from_slice(&(piece.wire.len() as u32).to_le_bytes());
    Bytes::copy_from_slice(&head)
}

/// A body of server-sent events: the last bar and state, then all that happens.
pub(crate) fn events(shared: Arc<Shared>, life: Life) -> Channel<Bytes> {
    let (mut sender, body) = Channel::new(WAITING);
    tokio::spawn(async move {
        let (last, events) = shared.watch();
        send_events(&mut sender, last, events, &shared, &life).await.ok();
    });
    body
}

async fn send_events(
    sender: &mut Sender<Bytes>,
    last: Vec<Event>,
    mut events: Receiver<Event>,
    shared: &Shared,
    life: &Life,
) -> Result<(), Gone> {
    for event in &last {
        sender.send_data(told(event, shared)).await?;
    }
    loop {
        match events.recv().await {
            Ok(event) => {
                sender.send_data(told(&event, shared)).await?;
                life.sign();
                if matches!(event, Event::Ended { .. }) {
                    return Ok(());
                }
            }
            Err(RecvError::Lagged(_)) => {
                let last;
                (last, events) = shared.watch();
                for event in &last {
                    sender.send_data(told(event, shared)).await?;
                }
                // The end may be among what was missed.
                if last.iter().any(|event| matches!(event, Event::Ended { .. })) {
                    return Ok(());
                }
            }
            Err(RecvError::Closed) => return Ok(()),
        }
    }
}

/// An event with what only the server knows.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    event: &'a Event,
    listeners: usize,
    skips: u64,
}

fn told(event: &Event, shared: &Shared) -> Bytes {
    let (listeners, skips) = (shared.listeners.load(Ordering::Relaxed), shared.skips.load(Ordering::Relaxed));
    // Plain data always serialises; were it not so, an empty event says nothing wrong.
    let json = serde_json::to_string(&Told { event, listeners, skips }).unwrap_or_else(|_| "{}".to_owned());
    format!("data: {json}\n\n").into()
}
