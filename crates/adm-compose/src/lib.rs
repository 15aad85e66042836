//! The composer: an order of tokens from a sequencer, and a beat for each from a generator or a dataset.
//!
//! ```text
//! sequencer run ─TokenStream┐                                      ┌─ Generated: the generator's beats, kept by token in a Bank
//!   sections, form ─────────┴ Planner ─Beat→ BeatSource ─┬─────────┤
//!                                                        │         └─ Recorded: the dataset's own, going on where they went on
//!                             (token, place, section)    └─Sound→ Arranger ─Material→ adm-render's file, or a Band's live bars
//! ```
//!
//! A token keeps its beat for eight bars: what makes a groove is that the same beat comes back. After that another of the
//! same token takes its place.

pub mod arranger;
pub mod bank;
pub mod conditional;
pub mod corpus;
pub mod ensemble;
mod error;
pub mod generated;
mod kept;
pub mod live;
pub mod planner;
pub mod recorded;
pub mod run;
pub mod sound;
pub mod walked;

pub use arranger::{Arranger, Wishes};
pub use bank::{Bank, BankSettings};
pub use conditional::Conditional;
pub use ensemble::{Ensemble, EnsembleSettings, Given, Region, SourceChoice};
pub use error::ComposeError;
pub use generated::Generated;
pub use live::Band;
pub use planner::{Beat, Letters, Plan, Planner};
pub use recorded::Recorded;
pub use run::{BOOK, Players, RunKind, SequencerRun, has_dataset};
pub use sound::{BeatSource, Likeness, Mixed, Sound, at_rate};
pub use walked::Walked;
