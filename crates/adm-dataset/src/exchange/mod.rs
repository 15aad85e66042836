//! Slices out of a dataset as files that other programs read, and tensors from elsewhere into a dataset.
//!
//! An export is a folder of one file a slice, named by the slice's index, beside a sidecar `export.json` that says what
//! the files are. Tensors are `.npy` files of the founding document's form (document 000, section 5.2): float32
//! `(bins, frames, 4)` in C order, depth order right-real, right-imaginary, left-real, left-imaginary; of mono
//! datasets `(bins, frames, 2)`.

mod export;
mod import;
mod plan;
mod sidecar;

pub use export::{ExportFormat, ExportReport, ExportSettings, export};
pub use import::{ImportReport, ImportSettings, import};
pub use sidecar::{SIDECAR_FILE, Sidecar};
