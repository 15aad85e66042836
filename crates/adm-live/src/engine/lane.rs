//! A sink on a thread of its own, fed through a bounded queue of buffers that go round.

use crate::LiveError;
use crate::sinks::{Flow, Sink};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often waiting is interrupted to see whether the user has asked to stop.
const GLANCE: Duration = Duration::from_millis(50);

/// The player's side of a sink. All buffers are made at the start; a chunk is one copy into one of them.
pub(crate) struct Lane {
    name: String,
    heard: bool,
    patience: Option<Duration>,
    full: SyncSender<Vec<f32>>,
    empty: Receiver<Vec<f32>>,
    thread: JoinHandle<Result<(), LiveError>>,
}

/// What became of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushed {
    Taken,
    /// The sink's thread is over: it was closed, or failed.
    Over,
    /// The user asked to stop while the sink was full.
    Stopped,
}

impl Lane {
    /// Starts the thread of `sink`, with chunks of up to `samples` samples that last `lasts`.
    pub(crate) fn start(mut sink: Box<dyn Sink>, samples: usize, lasts: Duration) -> Result<Self, LiveError> {
        let buffers = (sink.slack().as_secs_f64() / lasts.as_secs_f64()).ceil().max(2.0) as usize;
        let (full, filled) = sync_channel::<Vec<f32>>(buffers);
        let (emptied, empty) = sync_channel(buffers);
        (0..buffers).for_each(|_| emptied.send(Vec::with_capacity(samples)).unwrap_or_default());
        let (name, heard, patience) = (sink.name(), sink.is_heard(), sink.patience());
        let work = move || {
            let written = feed(sink.as_mut(), &filled, &emptied);
            let finished = sink.finish();
            written.and(finished)
        };
        let thread = thread::Builder::new().name("adm-sink".to_owned()).spawn(work).map_err(LiveError::Thread)?;
        Ok(Self { name, heard, patience, full, empty, thread })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// See [`Sink::is_heard`].
    pub(crate) fn is_heard(&self) -> bool {
        self.heard
    }

    /// Hands a chunk over, as soon as the sink has a buffer free.
    pub(crate) fn push(&self, samples: &[f32], stop: &dyn Fn() -> bool) -> Pushed {
        let mut buffer = loop {
            match self.empty.recv_timeout(GLANCE) {
                Ok(buffer) => break buffer,
                Err(RecvTimeoutError::Disconnected) => return Pushed::Over,
                Err(RecvTimeoutError::Timeout) if stop() => return Pushed::Stopped,
                Err(RecvTimeoutError::Timeout) => {}
            }
        };
        buffer.clear();
        buffer.extend_from_slice(samples);
        if self.full.send(buffer).is_err() { Pushed::Over } else { Pushed::Taken }
    }

    /// Lets the sink write what it still has, and complete it.
    ///
    /// # Errors
    /// What the sink failed at, then or before.
    pub(crate) fn finish(self) -> Result<(), LiveError> {
        drop(self.full);
        // Each buffer that comes back is progress.
        while let Some(patience) = self.patience
            && !self.thread.is_finished()
        {
            match self.empty.recv_timeout(patience) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => return Ok(()),
            }
        }
        let panicked = |_| LiveError::Write { sink: self.name, source: std::io::Error::other("its thread gave up") };
        self.thread.join().map_err(panicked)?
    }
}

fn feed(sink: &mut dyn Sink, filled: &Receiver<Vec<f32>>, emptied: &SyncSender<Vec<f32>>) -> Result<(), LiveError> {
    while let Ok(buffer) = filled.recv() {
        if sink.write(&buffer)? == Flow::Closed {
            break;
        }
        // The player is gone at the end, while there is still something to write.
        emptied.send(buffer).ok();
    }
    Ok(())
}
