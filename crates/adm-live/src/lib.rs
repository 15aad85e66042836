//! Music without end, heard while it is made.
//!
//! ```text
//! Board ──controls──▶ BarSource ─bars→ Engine ─┬→ Pipe, Recording, Playback     (sinks: the slowest sets the pace)
//!   ▲                                          └→ Server ─┬→ listeners          (taps: never waited for)
//!   └──────────────── POST /controls ─────────────────────┘
//! ```
//!
//! A [`BarSource`] makes one bar after another on a thread of its own; the [`Engine`] plays them end to end into
//! [`sinks`] and [`tap`]s, and repeats the last one in time where the next is late. What is asked for lies on the [`Board`].
//!
//! ```
//! use adm_core::{Frames, SampleRate, Silent};
//! use adm_live::{Bar, Board, Controls, Engine, EngineSettings, Format, Pace, Pipe, PipeFormat, Ranges};
//! use std::sync::Arc;
//!
//! struct Hum;
//! impl adm_live::BarSource for Hum {
//!     fn next_bar(&mut self, _: &Controls) -> Result<Bar, Box<dyn std::error::Error + Send + Sync>> {
//!         Ok(Bar { samples: vec![0.1; 8_000], bpm: 120.0, ..Bar::default() })
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let format = Format { rate: SampleRate::new(8_000)?, channels: 1 };
//! let settings = EngineSettings { stop_after: Some(Frames(20_000)), ..EngineSettings::new(format) };
//! let board = Arc::new(Board::new(Controls::default(), Ranges::default())?);
//! let pipe = Pipe::new(std::io::sink(), PipeFormat::S16le, format);
//! let report = Engine::new(settings, board)?.with_sink(pipe).run(Box::new(Hum), Pace::AsTaken, &Silent)?;
//! assert_eq!((report.frames, report.repeats), (20_000, 0));
//! # Ok(())
//! # }
//! ```

pub mod bar;
pub mod controls;
pub mod engine;
pub mod error;
pub mod server;
pub mod sinks;
pub mod tap;
mod wire;

pub use bar::{Bar, BarSource, BeatNote, Format};
pub use controls::{Asked, Board, Change, Controls, HIGHEST_SEED, Ranges};
pub use engine::{Engine, EngineSettings, LiveReport, Pace};
pub use error::LiveError;
pub use server::{Hub, Server, ServerSettings, parse_address};
#[cfg(feature = "playback")]
pub use sinks::Playback;
pub use sinks::{Flow, Pipe, PipeFormat, Recording, Sink};
pub use tap::{BarStart, Chunk, Event, Level, Repeat, State, Tap};
