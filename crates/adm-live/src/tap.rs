//! What looks on as the music plays and never holds it up: the server's listeners, and tests.

use crate::bar::{BeatNote, Format};
use crate::controls::Controls;
use bytes::Bytes;
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// Sees every chunk and event in order.
///
/// It is called on the thread that feeds the sinks, so it must neither wait nor work.
pub trait Tap: Send {
    /// The next piece of sound, at most about 20 ms.
    fn chunk(&mut self, chunk: &Chunk<'_>);

    /// Something that happens at the frame it names, in the stream's count.
    fn event(&mut self, event: &Event);

    /// Whether somebody hears it by this, so that the music goes on when no sink is heard any more.
    fn carries_on(&self) -> bool {
        false
    }
}

/// A piece of the stream.
#[derive(Debug)]
pub struct Chunk<'a> {
    /// The stream's frames before it.
    pub frame: u64,
    /// Interleaved samples, shape `[frames, channels]`.
    pub samples: &'a [f32],
    /// The same as 16-bit little-endian integers. A clone shares the bytes.
    pub wire: Bytes,
}

/// What happens in the stream. It is cheap to clone; serialised, it says its `type`.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// How things stand: after every change, and once a second.
    State(State),
    /// A bar begins.
    Bar(BarStart),
    /// How loud the last tenth of a second was.
    Level(Level),
    /// The next bar was not made in time, so the last one repeats.
    Late {
        /// Where the repeat begins.
        frame: u64,
        /// How many such repeats there have been.
        repeats: u64,
    },
    /// The stream is over.
    Ended {
        /// Its length.
        frame: u64,
    },
}

/// How things stand.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct State {
    /// Frames since the start.
    pub frame: u64,
    /// The stream's shape.
    pub format: Format,
    /// What is asked for.
    pub controls: Controls,
    /// Counts the changes of the controls.
    pub revision: u64,
    /// The revision that the bar which sounds was made with.
    pub heard: u64,
    /// Bars that were repeated because the next one was late.
    pub repeats: u64,
    /// From the start of the engine to the first frame, in milliseconds.
    pub first_sound_ms: u64,
}

/// A bar begins.
#[derive(Debug, Clone, Serialize)]
pub struct BarStart {
    /// Bars that were heard before, repeats included.
    pub index: u64,
    /// Where it begins, in the stream's frames.
    pub frame: u64,
    /// Its length in frames.
    pub frames: u64,
    /// Its tempo in beats a minute.
    pub bpm: f64,
    /// The stretch of the form that it belongs to.
    #[serde(serialize_with = "as_text")]
    pub section: Arc<str>,
    /// Its beats.
    #[serde(serialize_with = "as_list")]
    pub beats: Arc<[BeatNote]>,
    /// Why it is a repeat of the last one, if it is.
    pub repeat: Option<Repeat>,
    /// The revision of the controls that it was made with.
    pub revision: u64,
}

/// Why a bar repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// It was asked for.
    Held,
    /// The next one was not there in time.
    Late,
}

/// How loud it was, as linear amplitudes: 1 is full scale.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Level {
    /// Where the measured stretch ends.
    pub frame: u64,
    /// The largest amplitude of any channel.
    pub peak: f32,
    /// Root of the mean square over all channels.
    pub rms: f32,
}

fn as_text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

fn as_list<S: Serializer>(beats: &Arc<[BeatNote]>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(beats.iter())
}
