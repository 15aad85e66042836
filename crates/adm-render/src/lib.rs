//! From beats to a finished WAV.
//!
//! ```text
//! seed ─walk→ a latent vector for every beat            (what the generator is asked for)
//! slices ─stitch→ frames on the exact grid ─master→ WAV (what becomes of its answer)
//!           └ timeline: where every beat starts
//! ```
//!
//! [`render()`] composes the lower row. Everything streams: the memory depends on the length of one slice, never on that
//! of the music. Audio is interleaved `f32`, shape `[frames, channels]`, with 1 or 2 channels.

pub mod crossfade;
pub mod error;
pub mod master;
pub mod material;
pub mod render;
pub mod score;
pub mod stems;
pub mod timeline;
pub mod walk;

pub use crossfade::{Crossfade, Parts, Stitcher};
pub use error::RenderError;
pub use master::{Level, Master, MasterReport, MasterSettings};
pub use material::Material;
pub use render::{RenderReport, RenderSettings, render};
pub use score::{Note, Notes, Score, Section, write_cue, write_midi};
pub use stems::{Stems, StemsReport};
pub use timeline::Timeline;
pub use walk::{Morph, MorphedWalk, Pattern, Walk, WalkSettings};
