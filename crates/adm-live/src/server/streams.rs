//! Bodies without end: the sound and the events.

use super::hub::{Piece, Shared};
use crate::sinks::endless_header;
use crate::tap::Event;
use adm_http::{Bytes, Life};
use http_body_util::channel::{Channel, Sender};
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;

/// Pieces that wait in a body; hyper's and the system's buffers come on top.
const WAITING: usize = 4;

/// How often waiting for the music is noted as a sign of life; far less than a client's patience.
const BREATH: Duration = Duration::from_secs(2);

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
        match next(&mut chunks, life).await {
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
    tokio::spawn(async move { send_events(&mut sender, &shared, &life).await.ok() });
    body
}

async fn send_events(sender: &mut Sender<Bytes>, shared: &Shared, life: &Life) -> Result<(), Gone> {
    // Who comes, and who was too slow, hears how things stand first. The end may be among that.
    loop {
        let (last, mut events) = shared.watch();
        for event in &last {
            if tell(sender, event, shared, life).await? {
                return Ok(());
            }
        }
        loop {
            match next(&mut events, life).await {
                Ok(event) => {
                    if tell(sender, &event, shared, life).await? {
                        return Ok(());
                    }
                }
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return Ok(()),
            }
        }
    }
}

/// Sends one event; whether it is the last one.
async fn tell(sender: &mut Sender<Bytes>, event: &Event, shared: &Shared, life: &Life) -> Result<bool, Gone> {
    sender.send_data(told(event, shared)).await?;
    life.sign();
    Ok(matches!(event, Event::Ended { .. }))
}

/// The next piece or event. As long as there is none, it is not the client who takes nothing.
async fn next<T: Clone>(from: &mut Receiver<T>, life: &Life) -> Result<T, RecvError> {
    loop {
        match timeout(BREATH, from.recv()).await {
            Ok(received) => return received,
            Err(_) => life.sign(),
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
