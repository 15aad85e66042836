//! Recordings through the whole crate, from bytes on disk.

#![expect(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

mod damage;
mod fit;
mod formats;
mod golden;
mod grid;
mod grid_odd;
mod refused;
mod resample;
mod slice;
mod support;
mod wav;
