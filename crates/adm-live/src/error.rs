//! What can go wrong while music plays.

use adm_audio::AudioError;
use adm_core::Hint;
use adm_http::HttpError;
use std::error::Error;
use std::io;

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LiveError {
    /// The source could not go on.
    #[error("the music stopped: bar {bar} could not be made")]
    Source {
        /// The bar that failed, counted from 0.
        bar: u64,
        /// What the source said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The source gave something that is no bar of this stream.
    #[error("the music stopped: bar {bar} is not usable: {reason}")]
    BadBar {
        /// The bar, counted from 0.
        bar: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The source panicked.
    #[error("the music stopped: its maker gave up without a word at bar {bar}")]
    Panicked {
        /// The bar that it was making, counted from 0.
        bar: u64,
    },
    /// Channels or lengths outside of what can be streamed.
    #[error("{what} must be {expected}, got {actual}")]
    Setting {
        /// The setting.
        what: &'static str,
        /// What fits.
        expected: &'static str,
        /// What came.
        actual: usize,
    },
    /// Nobody would hear it.
    #[error("nothing takes the sound")]
    NoOutput,
    /// A pipe or a device would take no more, for another reason than having been closed.
    #[error("cannot write to {sink}")]
    Write {
        /// Where to.
        sink: String,
        /// Why not.
        source: io::Error,
    },
    /// A recording could not be written.
    #[error("the recording failed")]
    Record(#[source] AudioError),
    /// There is no serving.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The sound card would not play.
    #[error("the sound card cannot play: {reason}")]
    Playback {
        /// What the card's driver said.
        reason: String,
    },
    /// A thread could not be started.
    #[error("cannot start a thread")]
    Thread(#[source] io::Error),
}

impl Hint for LiveError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::NoOutput => {
                Some("say where the sound goes: --serve 127.0.0.1:8420, --out - or --record FILE".to_owned())
            }
            Self::Http(error) => error.hint(),
            Self::Record(error) => error.hint(),
            Self::Playback { .. } => Some("listen in a browser instead, with --serve 127.0.0.1:8420".to_owned()),
            _ => None,
        }
    }
}
