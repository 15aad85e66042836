//! Where the sound waits between the passes: in memory while it is short, in a nameless temporary file when it is not.

use crate::RenderError;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::SpooledTempFile;

/// Most bytes that wait in memory: 24 seconds of stereo at 44.1 kHz.
const IN_MEMORY: usize = 8 << 20;
/// Samples that are read back at once.
const BLOCK: usize = 8_192;

/// Samples that are written once and read back as often as needed.
#[derive(Debug)]
pub(super) struct Spool {
    folder: PathBuf,
    file: SpooledTempFile,
}

impl Spool {
    /// An empty spool whose file, if it needs one, lies in `folder`.
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), file: tempfile::spooled_tempfile_in(IN_MEMORY, folder) }
    }

    pub(super) fn write(&mut self, samples: &[f32]) -> Result<(), RenderError> {
        self.file.write_all(bytemuck::cast_slice(samples)).map_err(|source| self.failed(source))
    }

    /// Reads everything back from the start, block by block.
    pub(super) fn read_back(
        &mut self,
        mut visit: impl FnMut(&[f32]) -> Result<(), RenderError>,
    ) -> Result<(), RenderError> {
        self.file.seek(SeekFrom::Start(0)).map_err(|source| self.failed(source))?;
        let mut block = vec![0.0f32; BLOCK];
        loop {
            let bytes = fill(&mut self.file, bytemuck::cast_slice_mut(&mut block)).map_err(|e| self.failed(e))?;
            match &block[..bytes / size_of::<f32>()] {
                [] => return Ok(()),
                samples => visit(samples)?,
            }
        }
    }

    fn failed(&self, source: io::Error) -> RenderError {
        RenderError::Spool { folder: self.folder.clone(), source }
    }
}

/// Reads until the buffer is full or the file ends; returns the bytes read.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(bytes) => filled += bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
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
                    .read_back(|block| {
                        back.extend_from_slice(block);
                        Ok(())
                    })
                    .unwrap();
                assert_eq!(back, samples, "{count} samples");
            }
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
