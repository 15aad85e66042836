//! A `.npy` file.

use crate::output::text::{Rows, bytes};
use adm_dataset::npy::{Header, read_tensor};
use anyhow::Context;
use serde::Serialize;
use std::fmt;
use std::path::Path;

/// The element type of tensors.
const FLOAT: &str = "<f4";
/// The element type of a dataset's slices.
const PCM: &str = "<i2";

/// Reads a `.npy` file's header, and the values of a tensor.
///
/// # Errors
/// A file that is no `.npy` file; one whose values cannot be read.
pub fn look(path: &Path) -> anyhow::Result<Found> {
    let header = header(path)?;
    let shape: Vec<usize> = header.shape.iter().filter_map(|&axis| usize::try_from(axis).ok()).collect();
    let readable = header.dtype == FLOAT && !header.fortran_order && shape.len() == header.shape.len();
    let values = if readable { Some(read_tensor(path, &shape)?) } else { None };
    Ok(Found {
        kind: "npy",
        path: path.display().to_string(),
        meaning: meaning(&header),
        dtype: header.dtype,
        fortran_order: header.fortran_order,
        bytes: path.metadata().map_or(0, |metadata| metadata.len()),
        shape: header.shape,
        peak: values.map(|values| values.iter().fold(0.0, |peak: f32, value| peak.max(value.abs()))),
    })
}

/// What a `.npy` file says of itself.
///
/// # Errors
/// An unreadable file, or one that is no `.npy` file.
pub fn header(path: &Path) -> anyhow::Result<Header> {
    let mut file = adm_core::regular::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    // What is wrong with a header is told in words where an array is read.
    let in_words = || match read_tensor(path, &[]) {
        Err(error) => anyhow::Error::from(error),
        Ok(_) => anyhow::anyhow!("{} changed while it was read", path.display()),
    };
    Header::read(&mut file).map_err(|_| in_words())
}

/// Bins, frames and channels, where a header is that of a tensor.
pub fn tensor_shape(header: &Header) -> Option<[usize; 3]> {
    let &[bins, frames, depth] = header.shape.as_slice() else { return None };
    let depth = usize::try_from(depth).ok().filter(|depth| matches!(depth, 2 | 4))?;
    (header.dtype == FLOAT).then_some([usize::try_from(bins).ok()?, usize::try_from(frames).ok()?, depth])
}

fn meaning(header: &Header) -> Option<String> {
    match (tensor_shape(header), header.shape.as_slice()) {
        (Some([bins, frames, 4]), _) => Some(format!("a stereo tensor of {bins} bins and {frames} frames")),
        (Some([bins, frames, _]), _) => Some(format!("a mono tensor of {bins} bins and {frames} frames")),
        (None, [slices, frames, 1 | 2]) if header.dtype == PCM => {
            Some(format!("the slices of a dataset: {slices} of {frames} frames; inspect its folder for more"))
        }
        _ => None,
    }
}

#[derive(Debug, Serialize)]
pub struct Found {
    kind: &'static str,
    path: String,
    meaning: Option<String>,
    dtype: String,
    fortran_order: bool,
    shape: Vec<u64>,
    bytes: u64,
    /// Largest magnitude.
    peak: Option<f32>,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let axes: Vec<String> = self.shape.iter().map(u64::to_string).collect();
        let order = if self.fortran_order { "Fortran order" } else { "C order" };
        let rows = Rows::default()
            .row("array", self.path.clone())
            .maybe("holds", self.meaning.clone())
            .row("shape", format!("({}) {}, {order}", axes.join(", "), self.dtype))
            .maybe("peak", self.peak.map(|peak| format!("{peak:.4}")))
            .row("size", bytes(self.bytes));
        write!(f, "{rows}")
    }
}
