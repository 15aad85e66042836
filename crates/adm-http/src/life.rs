//! Signs of life of a connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// A client that takes nothing for so long has gone without a word.
const PATIENCE: Duration = Duration::from_secs(15);

/// When a connection last got anything done. It is closed when there is no [`Life::sign`] for 15 seconds.
#[derive(Clone)]
pub struct Life {
    start: Instant,
    last: Arc<AtomicU64>,
}

impl Life {
    pub(crate) fn new() -> Self {
        Self { start: Instant::now(), last: Arc::default() }
    }

    /// Something was sent or asked, or there is nothing to send.
    pub fn sign(&self) {
        self.last.store(self.start.elapsed().as_millis() as u64, Ordering::Relaxed);
    }

    /// Ends when there has been no sign for too long.
    pub(crate) async fn over(&self) {
        loop {
            let last = Duration::from_millis(self.last.load(Ordering::Relaxed));
            let quiet = self.start.elapsed().saturating_sub(last);
            if quiet >= PATIENCE {
                return;
            }
            sleep(PATIENCE - quiet).await;
        }
    }
}
