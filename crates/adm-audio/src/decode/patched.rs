//! A file of which a few bytes read differently.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use symphonia::core::io::MediaSource;

/// Bytes to be read at an offset instead of the file's own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patch {
    pub(super) offset: u64,
    pub(super) bytes: [u8; 4],
}

/// A file with its patches.
pub(super) struct PatchedFile {
    file: File,
    length: u64,
    at: u64,
    patches: Vec<Patch>,
}

impl PatchedFile {
    /// `file`, `length` bytes long, from its start.
    pub(super) fn new(mut file: File, length: u64, patches: Vec<Patch>) -> io::Result<Self> {
        file.seek(SeekFrom::Start(0))?;
        Ok(Self { file, length, at: 0, patches })
    }
}

impl Read for PatchedFile {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(into)?;
        for patch in &self.patches {
            for (position, byte) in (patch.offset..).zip(patch.bytes) {
                let place = position.checked_sub(self.at).and_then(|place| usize::try_from(place).ok());
                if let Some(target) = place.and_then(|place| into[..count].get_mut(place)) {
                    *target = byte;
                }
            }
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for PatchedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

impl MediaSource for PatchedFile {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}
