//! NumPy's `.npy` files: the form in which a dataset stores its slices and exchanges its tensors.
//!
//! `header` knows the format, `slices` holds the one large array of a dataset (written as a stream, read through a
//! memory map), `tensor` the small float arrays of an export.

mod header;
mod slices;
mod tensor;

pub use header::{HEADER_BYTES, Header};
pub use slices::{MappedSlices, SliceWriter};
pub use tensor::{read_tensor, write_tensor};

use crate::error::DatasetError;
use header::HeaderFault;
use std::fs::File;
use std::path::Path;

/// Opens a `.npy` file, leaves it at its data, and checks element type, order and size on disk, in this order.
fn open(path: &Path, dtype: &'static str) -> Result<(File, Header), DatasetError> {
    let mut file = adm_core::regular::open(path).map_err(DatasetError::reading(path))?;
    let header = Header::read(&mut file).map_err(|fault| match fault {
        HeaderFault::Io(source) => DatasetError::Read { path: path.to_owned(), source },
        HeaderFault::Malformed(reason) => DatasetError::NotNpy { path: path.to_owned(), reason },
    })?;
    if header.dtype != dtype {
        return Err(DatasetError::WrongDtype { path: path.to_owned(), expected: dtype, actual: header.dtype });
    }
    if header.fortran_order {
        return Err(DatasetError::WrongOrder { path: path.to_owned() });
    }
    check_size(&file, path, &header, if dtype == tensor::DTYPE { 4 } else { 2 })?;
    Ok((file, header))
}

fn check_size(file: &File, path: &Path, header: &Header, element_bytes: u64) -> Result<(), DatasetError> {
    let actual = file.metadata().map_err(DatasetError::reading(path))?.len();
    let data = header.elements().and_then(|elements| elements.checked_mul(element_bytes));
    let expected = data.and_then(|data| data.checked_add(header.data_offset));
    let reason = "its shape is larger than any file";
    let expected = expected.ok_or_else(|| DatasetError::NotNpy { path: path.to_owned(), reason })?;
    if expected == actual { Ok(()) } else { Err(DatasetError::WrongSize { path: path.to_owned(), expected, actual }) }
}
