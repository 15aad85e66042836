//! Where the sound waits between the passes: in memory while it is short, in a nameless temporary file when it is not.

use crate::RenderError;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use tempfile::SpooledTempFile;

/// Most bytes that wait in memory: 24 seconds of stereo at 44.1 kHz.
const IN_MEMORY: usize = 8 << 20;
/// Samples that are read back at once.
const BLOCK: usize = 8_192;

/// Samples that are written once and read back as often as needed.
#[derive(Debug)]
pub(crate) struct Spool {
    folder: PathBuf,
    file: SpooledTempFile,
    samples: u64,
}

impl Spool {
    /// An empty spool whose file, if it needs one, lies in `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), file: tempfile::spooled_tempfile_in(IN_MEMORY, folder), samples: 0 }
    }

    pub(crate) fn write(&mut self, samples: &[f32]) -> Result<(), RenderError> {
        self.samples += samples.len() as u64;
        self.file.write_all(bytemuck::cast_slice(samples)).map_err(|source| self.failed(source))
    }

    /// Samples that were written.
    pub(super) fn samples(&self) -> u64 {
        self.samples
    }

    /// Reads samples of a range back, block by block.
    pub(super) fn read_back(
        &mut self,
        range: Range<u64>,
        mut visit: impl FnMut(&[f32]) -> Result<(), RenderError>,
    ) -> Result<(), RenderError> {
        let mut block = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let count = (range.end - at).min(BLOCK as u64);
            self.read(at, count as usize, &mut block)?;
            visit(&block)?;
            at += count;
        }
        Ok(())
    }

    /// Replaces `block` by `count` samples from sample `at` on.
    pub(crate) fn read(&mut self, at: u64, count: usize, block: &mut Vec<f32>) -> Result<(), RenderError> {
        block.resize(count, 0.0);
        let start = SeekFrom::Start(at * size_of::<f32>() as u64);
        let read = self.file.seek(start).and_then(|_| self.file.read_exact(bytemuck::cast_slice_mut(block)));
        read.map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> RenderError {
        RenderError::Spool { folder: self.folder.clone(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_come_back_as_often_as_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        for count in [0, 1, BLOCK, BLOCK + 1, IN_MEMORY / 4 + 1_000] {
            let samples: Vec<f32> = (0..count).map(|n| n as f32).collect();
            let mut spool = Spool::new(folder.path());
            samples.chunks(1_000).for_each(|chunk| spool.write(chunk).unwrap());
            for _ in 0..2 {
                let mut back = Vec::new();
                spool
                    .read_back(0..count as u64, |block| {
                        back.extend_from_slice(block);
                        Ok(())
                    })
                    .unwrap();
                assert_eq!(back, samples, "{count} samples");
            }
            let (from, mut part) = (count / 3, Vec::new());
            spool.read(from as u64, count / 2, &mut part).unwrap();
            assert_eq!(part, samples[from..from + count / 2]);
            assert!(spool.read(count as u64, 1, &mut part).is_err(), "past the end");
            assert_eq!(spool.file.is_rolled(), count * 4 > IN_MEMORY);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
    }

    #[test]
    fn a_folder_that_takes_no_file_is_named() {
        let mut spool = Spool::new(Path::new("/nowhere/at/all"));
        let error = spool.write(&vec![0.0; IN_MEMORY / 4 + 1]).unwrap_err();
        assert_eq!(error.to_string(), "cannot keep the unmastered sound in /nowhere/at/all");
    }
}
