//! What blocks: work on threads of its own, and files.

use crate::life::Life;
use crate::reply::{self, Refusal, Response};
use bytes::Bytes;
use http_body_util::channel::{Channel, Sender};
use hyper::StatusCode;
use hyper::header::{CONTENT_LENGTH, HeaderValue};
use std::fs::File;
use std::io::{self, Read};
use tokio::task::spawn_blocking;

/// Bytes of a file that are read and sent at a time. What is under way when the last sign of life is given must reach a slow
/// client within its patience: some three pieces, so 3 KiB a second are enough.
const PIECE: u64 = 16 * 1024;

/// Pieces that wait in a body.
const WAITING: usize = 1;

/// Does what takes time, such as writing to a disk, without holding up others.
///
/// # Errors
/// 500 for work that panics.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    let failed = |_| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong here");
    spawn_blocking(work).await.map_err(failed)
}

/// The first `length` bytes of a file, read as they are sent, so that large files and slow clients take no memory. A file that
/// turns out to be shorter breaks the connection off, by which clients know.
pub fn file(kind: &'static str, file: File, length: u64, life: Life) -> Response {
    let (mut sender, body) = Channel::new(WAITING);
    tokio::spawn(async move { send(&mut sender, file, length, &life).await });
    sized(reply::stream(kind, body), length)
}

/// What [`file()`] would be, to those who only ask.
pub fn file_head(kind: &'static str, length: u64) -> Response {
    sized(reply::endless(kind), length)
}

fn sized(mut response: Response, length: u64) -> Response {
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// Ends early where the file or the client does.
async fn send(sender: &mut Sender<Bytes>, file: File, length: u64, life: &Life) -> Option<()> {
    let (mut file, mut left) = (file, length);
    while left > 0 {
        let most = left.min(PIECE);
        let read = spawn_blocking(move || (piece(&file, most), file)).await.ok()?;
        let piece = read.0.ok().filter(|piece| !piece.is_empty())?;
        (file, left) = (read.1, left - piece.len() as u64);
        sender.send_data(piece).await.ok()?;
        life.sign();
    }
    Some(())
}

fn piece(file: &File, most: u64) -> io::Result<Bytes> {
    let mut bytes = Vec::with_capacity(most as usize);
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes.into())
}
