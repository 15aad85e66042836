//! Recordings through the whole crate, from bytes on disk.

mod damage;
mod formats;
mod golden;
mod grid;
mod refused;
mod resample;
mod slice;
mod support;
mod wav;
