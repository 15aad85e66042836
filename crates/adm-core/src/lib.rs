//! The vocabulary that every other crate of `adm` shares: units, seeds, progress, errors with hints, and files that
//! are either whole or absent.
//!
//! Nothing here knows about audio formats, tensors or models.

pub mod error;
pub mod lock;
pub mod nearest;
pub mod persist;
pub mod progress;
pub mod regular;
pub mod seeds;
pub mod units;

pub use error::Hint;
pub use nearest::{nearest, nearest_key};
pub use progress::{Observer, Silent};
pub use seeds::Seeds;
pub use units::{BEATS_PER_BAR, Bpm, Frames, SampleRate, Seconds};
