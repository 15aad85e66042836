//! From what was typed to what is meant: one validated struct a command.
//!
//! This is the only place that knows both flags and library types. Whatever is refused here is refused before anything
//! was read or written, with exit code 2.

mod grid;
mod model;
mod prepare;
mod session;
mod slice;
mod tensor;
mod usage;

pub use grid::GridSettings;
pub use model::{
    DemoSettings, GenerateSettings, Length, Start, TrainSettings, Until, demo, generate, train, until_or_preset,
};
pub use prepare::prepare;
pub use session::{Session, Verbosity};
pub use slice::{AnalyzeSettings, RenderSettings, analyze, export, import, render, representation_beside, wider};
pub use usage::Usage;
