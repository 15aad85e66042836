//! Small float32 arrays, read and written whole.

use super::header::{encode, shape_text};
use crate::error::DatasetError;
use adm_core::persist;
use std::io::{Read, Write};
use std::path::Path;

/// Little-endian float32, the only element type of exchanged tensors.
pub(super) const DTYPE: &str = "<f4";

/// Reads a C-order float32 array whose shape must be exactly `shape`, axes slowest first.
///
/// Memory is taken only after the file's own claims agree with `shape` and with its size on disk.
///
/// # Errors
/// An unreadable file; another element type, order, shape or size; a value that is not finite.
pub fn read_tensor(path: &Path, shape: &[usize]) -> Result<Vec<f32>, DatasetError> {
    let (mut file, header) = super::open(path, DTYPE)?;
    if header.shape.len() != shape.len() || header.shape.iter().zip(shape).any(|(&actual, &axis)| actual != axis as u64)
    {
        let (expected, actual) = (shape_text(shape), shape_text(&header.shape));
        return Err(DatasetError::WrongShape { path: path.to_owned(), expected, actual });
    }
    let mut values = vec![0f32; shape.iter().product()];
    file.read_exact(bytemuck::cast_slice_mut(&mut values)).map_err(DatasetError::reading(path))?;
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(values),
        Some(index) => Err(DatasetError::NotFinite { path: path.to_owned(), value: values[index], index }),
    }
}

/// Writes a C-order float32 array; the file is whole or absent.
///
/// # Errors
/// `values` that do not fill `shape`, and whatever the file system returns.
pub fn write_tensor(path: &Path, shape: &[usize], values: &[f32]) -> Result<(), DatasetError> {
    let header = encode(DTYPE, shape).filter(|_| shape.iter().product::<usize>() == values.len());
    let header = header.ok_or_else(|| DatasetError::WrongShape {
        path: path.to_owned(),
        expected: shape_text(shape),
        actual: shape_text(&[values.len()]),
    })?;
    persist::write_file(path, |file| {
        file.write_all(&header)?;
        file.write_all(bytemuck::cast_slice(values))
    })
    .map_err(DatasetError::writing(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const SHAPE: [usize; 3] = [4, 3, 2];

    fn values() -> Vec<f32> {
        (0..24).map(|index| index as f32 * 0.25 - 1.0).collect()
    }

    fn written() -> (tempfile::TempDir, std::path::PathBuf, Vec<u8>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("beat.npy");
        write_tensor(&path, &SHAPE, &values()).unwrap();
        let bytes = fs::read(&path).unwrap();
        (dir, path, bytes)
    }

    #[test]
    fn a_tensor_reads_back_bit_for_bit() {
        let (_dir, path, bytes) = written();
        assert_eq!(bytes.len(), 128 + 24 * 4);
        assert_eq!(read_tensor(&path, &SHAPE).unwrap(), values());
    }

    #[test]
    fn each_fault_is_named_with_what_was_expected() {
        let (_dir, path, whole) = written();
        let text = |bytes: &[u8], shape: &[usize]| {
            fs::write(&path, bytes).unwrap();
            read_tensor(&path, shape).unwrap_err().to_string().replace(&path.display().to_string(), "P")
        };
        let edited = |from: &str, to: &str| {
            let start = whole.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
            let mut bytes = whole.clone();
            bytes[start..start + to.len()].copy_from_slice(to.as_bytes());
            bytes
        };
        let mut not_a_number = whole.clone();
        not_a_number[128 + 5 * 4..128 + 6 * 4].copy_from_slice(&f32::NAN.to_le_bytes());
        assert_eq!(text(&whole, &[4, 3, 4]), "P has the shape (4, 3, 2), expected (4, 3, 4)");
        assert_eq!(text(&whole, &[24]), "P has the shape (4, 3, 2), expected (24,)");
        assert_eq!(text(&edited("<f4", "<f8"), &SHAPE), "P holds elements of type <f8, expected <f4");
        assert_eq!(text(&edited("False", "True "), &SHAPE), "P is in Fortran order, expected C order");
        assert_eq!(text(&whole[..200], &SHAPE), "P has 200 bytes, expected 224");
        assert_eq!(text(&not_a_number, &SHAPE), "P holds NaN at element 5");
        assert_eq!(text(b"", &SHAPE), "P is not a .npy file: the file ends inside its header");
    }

    #[test]
    fn values_must_fill_the_shape() {
        let dir = tempfile::tempdir().unwrap();
        let error = write_tensor(&dir.path().join("x.npy"), &[2, 2], &[0.0; 3]).unwrap_err();
        assert!(error.to_string().ends_with("has the shape (3,), expected (2, 2)"), "{error}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
