//! Where the sound goes on this machine: a pipe, a recording, the sound card.
//!
//! A sink may block as long as it likes. It has a thread of its own, and the slowest of them sets the pace of the stream;
//! those that listen over the network are no sinks and never do (see [`crate::tap`]).

mod pipe;
mod place;
#[cfg(feature = "playback")]
mod playback;
mod record;

pub(crate) use pipe::endless_header;
pub use pipe::{Pipe, PipeFormat};
#[cfg(feature = "playback")]
pub use playback::Playback;
pub use record::Recording;

use crate::LiveError;
use std::time::Duration;

/// Whether a sink takes more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// It does.
    Open,
    /// Its reader has left: that is an end, not a failure.
    Closed,
}

/// Takes the sound, in order and without gaps.
pub trait Sink: Send {
    /// What messages call it.
    fn name(&self) -> String;

    /// Takes interleaved samples, shape `[frames, channels]`; at most about 20 ms of them. It may wait for its reader.
    ///
    /// # Errors
    /// What keeps it from taking them; it is not called again then, save for [`Sink::finish`].
    fn write(&mut self, samples: &[f32]) -> Result<Flow, LiveError>;

    /// Completes what has been written. It is called once, also after an error and after an interruption.
    ///
    /// # Errors
    /// What keeps it from being whole.
    fn finish(&mut self) -> Result<(), LiveError>;

    /// Whether somebody hears it as it plays. The stream is over when the last sink that was heard has been closed or has
    /// failed; a recording, which nobody hears as it is made, is completed then and does not go on alone.
    fn is_heard(&self) -> bool {
        true
    }

    /// How much sound may wait for it. More lets it be slow for longer before all others wait; with a pipe or a card it
    /// is also how late the music is heard.
    fn slack(&self) -> Duration {
        Duration::from_millis(160)
    }

    /// At the end, how long it may take nothing before it is left behind; `None` for as long as it needs.
    fn patience(&self) -> Option<Duration> {
        None
    }
}
