//! From beats to a finished WAV.
//!
//! ```text
//! seed ─walk, morph→ a latent vector for every beat              (what the generator is asked for)
//! slices ─stitch→ frames on the exact grid ─master→ WAV, stems   (what becomes of its answer)
//!           └ timeline: where every beat starts
//! slices ─stitch→ frames ─live master→ blocks                    (the same while it is heard)
//!           └ pulse: how long every beat is, at a tempo that changes
//! tokens, sections ─score→ MIDI file, cue sheet                  (what is played, for other programs)
//! ```
//!
//! [`render()`] composes the second row. Everything streams: the memory depends on the length of one slice, never on that
//! of the music. Audio is interleaved `f32`, shape `[frames, channels]`, with 1 or 2 channels.

pub mod crossfade;
pub mod error;
pub mod master;
pub mod material;
pub mod pulse;
pub mod render;
pub mod score;
pub mod stems;
pub mod timeline;
pub mod walk;

pub use crossfade::{Crossfade, LEAD_IN_MS, Parts, Slot, Stitcher};
pub use error::RenderError;
pub use master::{Level, LiveMaster, Master, MasterReport, MasterSettings};
pub use material::Material;
pub use pulse::Pulse;
pub use render::{RenderReport, RenderSettings, render};
pub use score::{KEYS, Note, Notes, Score, Section, check_cue, write_cue, write_midi};
pub use stems::{Stems, StemsReport};
pub use timeline::Timeline;
pub use walk::{Morph, MorphedWalk, Pattern, Walk, WalkSettings};
