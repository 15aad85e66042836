//! The command line as its users meet it: exit codes, what is said where, and what is on disk afterwards.
//!
//! Every test has a folder of its own, runs the built `adm` in it with relative paths, and makes its own data.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod caw;
mod compare;
mod composer;
mod conformance;
mod devices;
mod diffusion;
mod evaluate;
mod grids;
mod inspect;
mod interruption;
mod live;
mod models;
mod morph;
mod plan;
mod prepare;
mod rows;
mod streams;
mod support;
mod survey;
mod tensors;
mod trained;
mod usage;
