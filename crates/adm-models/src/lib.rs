//! The families of models, each a folder with the same rooms:
//!
//! ```text
//! config.rs      every setting, from a preset or the user's TOML
//! generator.rs … modules and forward passes, a file a network (a folder where there are many); pure
//! objective.rs   losses and gradients; pure
//! trainee.rs     what the training loop asks for: step, preview, judge, save, load
//! sample.rs      checkpoint + noise → tensors → slices, or checkpoint + seed → tokens
//! ```
//!
//! `nn/` holds the blocks that families share, one a file. Families never import each other. Presets of all of them are read by [`presets`].

pub mod caw;
pub mod config;
mod error;
mod families;
pub mod frontend;
pub mod gan;
pub mod mdn;
pub mod nn;
pub mod presets;
pub mod provenance;
mod ranges;
pub mod sequencer;

pub use error::ModelError;
pub use families::Family;
