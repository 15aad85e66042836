//! The one large array of a dataset: `[slices, frames, channels]`, int16, little-endian.
//!
//! It is written as a stream whose length nobody knows beforehand: the header has a fixed size and its shape is patched
//! at the end. It is read through a memory map, so opening costs nothing and only touched slices are ever in memory.

use super::header::{HEADER_BYTES, encode, shape_text};
use crate::error::DatasetError;
use memmap2::Mmap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Little-endian int16, the only element type of stored slices.
const DTYPE: &str = "<i2";
const _: () = assert!(cfg!(target_endian = "little"), "slices are mapped as they lie on disk, little-endian");

/// Linux maps up to this many bytes around a page that is touched.
#[cfg(unix)]
const MAPPED_AROUND: usize = 1 << 16;

/// Writes `slices.npy` from parts that are raw little-endian int16 samples.
pub struct SliceWriter {
    file: BufWriter<File>,
    path: PathBuf,
    frames: usize,
    channels: usize,
    slices: usize,
}

impl SliceWriter {
    /// Starts a file whose slices are `frames` long with `channels` channels; an existing file is replaced.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn create(path: &Path, frames: usize, channels: usize) -> Result<Self, DatasetError> {
        let file = File::create(path).map_err(DatasetError::writing(path))?;
        let mut writer =
            Self { file: BufWriter::with_capacity(1 << 20, file), path: path.to_owned(), frames, channels, slices: 0 };
        writer.put(&[0; HEADER_BYTES])?;
        Ok(writer)
    }

    /// Appends whole slices, interleaved.
    ///
    /// # Errors
    /// A length that is no multiple of a slice, and whatever the file system returns.
    pub fn append(&mut self, samples: &[i16]) -> Result<(), DatasetError> {
        let per_slice = self.frames * self.channels;
        if per_slice == 0 || !samples.len().is_multiple_of(per_slice) {
            let (expected, actual) = (shape_text(&[self.frames, self.channels]), shape_text(&[samples.len()]));
            return Err(DatasetError::WrongShape { path: self.path.clone(), expected, actual });
        }
        self.slices += samples.len() / per_slice;
        self.put(bytemuck::cast_slice(samples))
    }

    /// Appends exactly `slices` slices that `part` yields as raw samples.
    ///
    /// # Errors
    /// A part that ends early, and whatever the file system returns.
    pub fn append_part(&mut self, part: impl Read, part_path: &Path, slices: usize) -> Result<(), DatasetError> {
        let expected = (slices * self.frames * self.channels * 2) as u64;
        let copied = io::copy(&mut part.take(expected), &mut self.file).map_err(DatasetError::writing(&self.path))?;
        if copied != expected {
            return Err(DatasetError::WrongSize { path: part_path.to_owned(), expected, actual: copied });
        }
        self.slices += slices;
        Ok(())
    }

    /// Patches the shape into the header, brings everything to disk and returns the number of slices.
    ///
    /// # Errors
    /// Whatever the file system returns.
    pub fn finish(mut self) -> Result<usize, DatasetError> {
        let shape = [self.slices, self.frames, self.channels];
        let header = encode(DTYPE, &shape).unwrap_or([0; HEADER_BYTES]);
        self.file.seek(SeekFrom::Start(0)).map_err(DatasetError::writing(&self.path))?;
        self.put(&header)?;
        self.file.flush().and_then(|()| self.file.get_ref().sync_all()).map_err(DatasetError::writing(&self.path))?;
        Ok(self.slices)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), DatasetError> {
        self.file.write_all(bytes).map_err(DatasetError::writing(&self.path))
    }
}

/// `slices.npy`, memory-mapped.
#[derive(Debug)]
pub struct MappedSlices {
    map: Mmap,
    offset: usize,
    shape: [usize; 3],
}

impl MappedSlices {
    /// Maps a file of shape `[slices, frames, channels]`.
    ///
    /// # Errors
    /// An unreadable file; another element type, order or number of axes; a size on disk that differs from the header's.
    pub fn open(path: &Path) -> Result<Self, DatasetError> {
        let (file, header) = super::open(path, DTYPE)?;
        let wrong_shape = || DatasetError::WrongShape {
            path: path.to_owned(),
            expected: "(slices, frames, channels)".to_owned(),
            actual: shape_text(&header.shape),
        };
        let axes: Vec<usize> = header.shape.iter().filter_map(|&axis| usize::try_from(axis).ok()).collect();
        let shape = <[usize; 3]>::try_from(axes).map_err(|_| wrong_shape())?;
        #[expect(
            unsafe_code,
            reason = "a memory map of a file that is written once, renamed into place and never changed"
        )]
        // SAFETY: the map is read-only and private to this process; the file's size was checked above, and a dataset's
        // files are never written to under their final name.
        let map = unsafe { Mmap::map(&file) }.map_err(DatasetError::reading(path))?;
        let offset = header.data_offset as usize;
        let mapped = Self { map, offset, shape };
        // An odd header length would leave the samples unaligned; NumPy never writes one.
        if mapped.samples().is_none() {
            return Err(DatasetError::NotNpy {
                path: path.to_owned(),
                reason: "its data does not start at an even offset",
            });
        }
        Ok(mapped)
    }

    /// `[slices, frames, channels]`.
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// The interleaved samples of one slice, `None` past the end.
    pub fn slice(&self, index: usize) -> Option<&[i16]> {
        let per_slice = self.shape[1] * self.shape[2];
        let start = index.checked_mul(per_slice)?;
        self.samples()?.get(start..start.checked_add(per_slice)?).filter(|_| index < self.shape[0])
    }

    /// Hands the pages of one slice back to the system, which keeps them cached but no longer counts them as this
    /// process's memory. Reading the slice again just maps them again.
    pub fn release(&self, index: usize) {
        #[cfg(unix)]
        if let Some(samples) = self.slice(index) {
            // Touching a page maps its cached neighbours with it, so they are handed back too.
            let slice = samples.as_ptr() as usize - self.map.as_ptr() as usize;
            let start = slice.saturating_sub(MAPPED_AROUND);
            let end = (slice + size_of_val(samples) + MAPPED_AROUND).min(self.map.len());
            #[expect(unsafe_code, reason = "dropping pages of a shared read-only file map loses no data")]
            // SAFETY: the map is shared and read-only, so a dropped page comes back from the file with the same bytes;
            // slices borrowed elsewhere stay valid.
            let advised =
                unsafe { self.map.unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, start, end - start) };
            // Advice may be refused; the pages then simply stay.
            drop(advised);
        }
        #[cfg(not(unix))]
        let _ = index;
    }

    fn samples(&self) -> Option<&[i16]> {
        bytemuck::try_cast_slice(self.map.get(self.offset..)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn write(path: &Path, slices: &[[i16; 6]]) -> usize {
        let mut writer = SliceWriter::create(path, 3, 2).unwrap();
        for slice in slices {
            writer.append(slice).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn slices_read_back_and_numpy_s_format_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("slices.npy");
        assert_eq!(write(&path, &[[1, -2, 3, -4, 5, -6], [i16::MIN, i16::MAX, 0, 7, 8, 9]]), 2);
        let mapped = MappedSlices::open(&path).unwrap();
        assert_eq!(mapped.shape(), [2, 3, 2]);
        assert_eq!(mapped.slice(1).unwrap(), [i16::MIN, i16::MAX, 0, 7, 8, 9]);
        mapped.release(1);
        assert_eq!(mapped.slice(1).unwrap()[..2], [i16::MIN, i16::MAX], "a released slice is still there");
        assert!(mapped.slice(2).is_none() && mapped.slice(usize::MAX).is_none());
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes[10..128]);
        assert_eq!(text.trim_end(), "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3, 2), }");
    }

    #[test]
    fn an_empty_array_is_an_array() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("slices.npy");
        assert_eq!(write(&path, &[]), 0);
        let mapped = MappedSlices::open(&path).unwrap();
        assert_eq!(mapped.shape(), [0, 3, 2]);
        assert!(mapped.slice(0).is_none());
    }

    #[test]
    fn parts_are_appended_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("slices.npy");
        let part: Vec<u8> = (0..24).collect();
        let mut writer = SliceWriter::create(&path, 3, 2).unwrap();
        writer.append_part(&part[..], Path::new("part"), 2).unwrap();
        let error = writer.append_part(&part[..20], Path::new("part"), 2).unwrap_err();
        assert_eq!(error.to_string(), "part has 20 bytes, expected 24");
        assert!(writer.append(&[0; 5]).is_err(), "five samples are no slice");
    }

    #[test]
    fn a_cut_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("slices.npy");
        write(&path, &[[0; 6]; 4]);
        let bytes = fs::read(&path).unwrap();
        for length in [0, 5, 127, 128, bytes.len() - 1] {
            fs::write(&path, &bytes[..length]).unwrap();
            assert!(MappedSlices::open(&path).is_err(), "cut to {length} bytes");
        }
    }
}
