//! The families of models, each a folder with the same rooms:
//!
//! ```text
//! config.rs      every setting, from a preset or the user's TOML
//! generator.rs … modules and forward passes, a file a network (a folder where there are many); pure
//! objective.rs   losses and gradients; pure
//! trainee.rs     what the training loop asks for: step, preview, judge, save, load
//! sample.rs      checkpoint + noise → tensors, or checkpoint + seed → tokens, rows
//! ```
//!
//! `nn/` holds the blocks that families share, one a file. Families never import each other. Presets of all of them are read by [`presets`];
//! what makes beats of noise is a [`Maker`], and everybody who plays it knows its [`Sampler`] alone.

pub mod autoencoder;
mod beats;
pub mod caw;
pub mod config;
pub mod diffusion;
mod error;
mod families;
pub mod frontend;
pub mod gan;
pub mod labels;
mod learning;
mod made_up;
pub mod mdn;
pub mod nn;
pub mod noise;
mod onlookers;
pub mod presets;
pub mod provenance;
mod ranges;
mod sampler;
pub mod sequencer;
mod slice;
#[cfg(test)]
mod testing;

pub use beats::{BeatConfig, BeatTrainee, Length};
pub use error::ModelError;
pub use families::Family;
pub use learning::AdamConfig;
pub use made_up::MadeUp;
pub use onlookers::{AnyError, Judge, Onlookers, WritePreview};
pub use sampler::{Maker, Sampler};
pub use slice::{SliceConfig, SliceSettings};
