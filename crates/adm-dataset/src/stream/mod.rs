//! What stands between a dataset and a training step: which slices a step sees, their tensors, and threads that make
//! them ahead of time.
//!
//! Everything here is a function of the step's number, so a training resumed at step `n` sees what an undisturbed one
//! would, and the number of threads changes nothing but the speed.

mod batch;
mod order;
mod prefetch;

pub use batch::{Batch, BatchMaker};
pub use order::Order;
pub use prefetch::Prefetch;
