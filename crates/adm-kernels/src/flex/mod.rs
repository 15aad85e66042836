//! The operations on the CPU.
//!
//! Large arrays are split over rayon by rows or channels, so results do not depend on the number of threads: every sum
//! is taken by one thread in one order.

mod activation;
mod adam;
mod buffer;
mod cells;
mod columns;
mod convolution;
mod dilated;
mod dispatch;
mod dropout;
mod linear;
mod matrix;
mod norm;
mod pixels;
mod plan;
mod silu;
mod unfolded;
mod vector;
