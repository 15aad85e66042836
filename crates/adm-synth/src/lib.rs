//! A DJ set out of nothing: the demo's music, and the truth that beat trackers are judged by.
//!
//! ```text
//! SetSettings ─plan→ tempo, slots ─compose→ tracks ─notes→ decks ─mix→ blocks of samples ─→ WAV
//!                          └────────────────────────────────────────→ annotations (exact beats) ─→ JSON
//! ```
//!
//! A *track* draws its key, patterns, sounds and taste once and keeps them; its *arrangement* (intro, groove, break,
//! drop, outro) says who plays in each bar, and slow *drifts* move every sound from beat to beat, so that no two beats of
//! a set are alike. A *deck* plays a track: notes become *voices*, voices go through channel strips that pan, duck under
//! the kick and send to a delay and a reverb. Two decks overlap while one track is mixed into the next. Kick and bass are
//! mono in the middle; everything else has a left and a right of its own.
//!
//! Every random number comes from [`adm_core::Seeds`], a stream for each track and beat: the same settings give the same
//! bytes. What sounds on a beat starts at the frame nearest to the beat's exact time.

pub mod annotations;
pub mod arrange;
pub mod band;
pub mod deck;
pub mod drift;
pub mod dsp;
pub mod error;
pub mod mix;
pub mod pattern;
pub mod plan;
pub mod render;
pub mod set;
pub mod tempo;
pub mod track;
pub mod voices;
pub mod write;

pub use annotations::{Annotations, SectionSpan};
pub use arrange::SectionKind;
pub use error::SynthError;
pub use pattern::Style;
pub use render::Renderer;
pub use set::{DjSet, SetSettings};
pub use tempo::{TempoMap, TempoPlan, TempoRegion};
