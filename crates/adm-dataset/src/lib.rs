//! Datasets: slices of one length on disk, with all that is known about where they came from.
//!
//! ```text
//! recordings ─prepare→ dataset ─┬─stream→ batches of tensors for a training
//!   (files of tensors) ─import→ ┘└export→ files of slices or tensors
//! ```
//!
//! A dataset is a folder of two files:
//!
//! - `slices.npy`, 16-bit PCM `[slices, frames, channels]`, which NumPy reads and which is memory-mapped here, so that a
//!   dataset is never held in memory ([`npy`], [`Dataset`]);
//! - `dataset.json`, which says how recordings were cut ([`Recipe`]), what was kept, what was left out and why
//!   ([`Manifest`]), and which slices train, validate and test ([`Splits`]).
//!
//! Beside datasets there are files of plain [`Vectors`], which no slice stands behind.
//!
//! Tensors are computed from the slices as they are needed ([`stream`]); they are never the stored form.

pub mod error;
pub mod exchange;
mod folder;
mod jobs;
pub mod manifest;
pub mod npy;
mod panics;
pub mod prepare;
pub mod recipe;
pub mod splits;
pub mod store;
pub mod stream;
pub mod vectors;

pub use error::DatasetError;
pub use manifest::Manifest;
pub use prepare::{Failure, Grids, PrepareReport, PrepareSettings, prepare};
pub use recipe::{Fit, GridChoice, Recipe, Slicing};
pub use splits::{Split, SplitRule, Splits};
pub use store::{Dataset, Origin};
pub use vectors::Vectors;
