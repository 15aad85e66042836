//! Sizes in the headers of WAV and AIFF files, put right before the demuxer sees them.
//!
//! A RIFF header states how long its audio is. Recorders that crashed leave 0 there, streams leave the largest 32-bit
//! number, cut files state what they once had, and RF64/BW64 (EBU Tech 3306) keep the true 64-bit size in a chunk of its
//! own. A demuxer that trusts these numbers reads nothing, fails, or reads the chunks behind the audio as audio. So the
//! header is walked here, and the few fields that contradict the file are replaced while the file is read.

use super::patched::Patch;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// A size that says "until the end of the file".
const UNKNOWN: u32 = u32::MAX;
/// No real header has more chunks before its audio.
const MOST_CHUNKS: usize = 1024;

/// Where the audio of a RIFF file lies.
#[derive(Debug, Default)]
pub(super) struct Riff {
    /// Sizes to show the demuxer instead of the file's own.
    pub(super) patches: Vec<Patch>,
    /// Length of the audio in bytes; `None` for files that are not RIFF.
    pub(super) audio_bytes: Option<u64>,
    /// Bytes that the header claims beyond the end of the file.
    pub(super) missing_bytes: u64,
    /// Channels by the header. The demuxer calculates with them before anybody could refuse, and not carefully.
    pub(super) channels: Option<u16>,
}

/// The two families of headers.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Wave,
    Aiff,
}

impl Form {
    fn audio_chunk(self) -> &'static [u8; 4] {
        match self {
            Self::Wave => b"data",
            Self::Aiff => b"SSND",
        }
    }

    fn to_u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Wave => u32::from_le_bytes(bytes),
            Self::Aiff => u32::from_be_bytes(bytes),
        }
    }

    fn to_bytes(self, value: u32) -> [u8; 4] {
        match self {
            Self::Wave => value.to_le_bytes(),
            Self::Aiff => value.to_be_bytes(),
        }
    }
}

impl Riff {
    /// Walks the header of `file`, which is `length` bytes long. Files of other formats give an empty result.
    pub(super) fn inspect(file: &mut File, length: u64) -> io::Result<Self> {
        let mut head = [0; 12];
        file.seek(SeekFrom::Start(0))?;
        if length < 12 || file.read_exact(&mut head).is_err() {
            return Ok(Self::default());
        }
        let [a, b, c, d, size @ .., e, f, g, h] = head;
        match (&[a, b, c, d], &[e, f, g, h]) {
            (b"RIFF" | b"RF64" | b"BW64", b"WAVE") => Self::walk(file, length, Form::Wave, size),
            (b"FORM", b"AIFF" | b"AIFC") => Self::walk(file, length, Form::Aiff, size),
            _ => Ok(Self::default()),
        }
    }

    fn walk(file: &mut File, length: u64, form: Form, size: [u8; 4]) -> io::Result<Self> {
        let (mut riff, mut at, mut long_size) = (Self::default(), 12, None);
        for _ in 0..MOST_CHUNKS {
            let mut header = [0; 8];
            file.seek(SeekFrom::Start(at))?;
            if at + 8 > length || file.read_exact(&mut header).is_err() {
                break;
            }
            let [a, b, c, d, chunk_size @ ..] = header;
            let chunk_size = form.to_u32(chunk_size);
            match &[a, b, c, d] {
                id if id == form.audio_chunk() => {
                    let whole = u64::from(form.to_u32(size)) + 8 == length;
                    riff.found(form, length, at + 8, Claim { chunk_size, long_size, whole });
                    break;
                }
                b"ds64" if form == Form::Wave => long_size = read_ds64(file)?,
                b"fmt " | b"COMM" => riff.read_layout(file, form, at + 8),
                _ => {}
            }
            at += 8 + u64::from(chunk_size) + u64::from(chunk_size % 2);
        }
        Ok(riff)
    }

    /// Reads channels from the chunk whose payload starts at `offset`, where `file` stands.
    fn read_layout(&mut self, file: &mut File, form: Form, offset: u64) {
        const EXTENSIBLE: [u8; 2] = [0xfe, 0xff];
        let mut head = [0; 4];
        if file.read_exact(&mut head).is_err() {
            return;
        }
        let [a, b, c, d] = head;
        let channels = if form == Form::Aiff { u16::from_be_bytes([a, b]) } else { u16::from_le_bytes([c, d]) };
        self.channels = self.channels.max(Some(channels));
        if form == Form::Wave && [a, b] == EXTENSIBLE {
            // Which speakers the one or two channels belong to matters to nobody here, and may be nonsense.
            let bytes = if channels == 1 { [4, 0, 0, 0] } else { [3, 0, 0, 0] };
            self.patches.push(Patch { offset: offset + 20, bytes });
        }
    }

    fn found(&mut self, form: Form, length: u64, start: u64, claim: Claim) {
        let available = length - start;
        let claimed = claim.bytes(available);
        let actual = claimed.min(available);
        let shown = u32::try_from(actual).unwrap_or(UNKNOWN);
        let size = match form {
            Form::Wave => UNKNOWN,
            // Chunks behind the audio are only looked for where the file still has them.
            Form::Aiff => u32::try_from(length - 8).unwrap_or(UNKNOWN),
        };
        self.patches.push(Patch { offset: start - 4, bytes: form.to_bytes(shown) });
        self.patches.push(Patch { offset: 4, bytes: form.to_bytes(size) });
        if form == Form::Wave {
            self.patches.push(Patch { offset: 0, bytes: *b"RIFF" });
        }
        // An AIFF sound chunk begins with eight bytes of its own.
        let own = if form == Form::Aiff { 8 } else { 0 };
        self.audio_bytes = Some(actual.saturating_sub(own));
        self.missing_bytes = claimed - actual;
    }
}

/// What a header says about the size of the audio chunk.
struct Claim {
    chunk_size: u32,
    long_size: Option<u64>,
    /// Whether the outer size fits the file, so that an audio chunk of no bytes is meant to be one.
    whole: bool,
}

impl Claim {
    fn bytes(&self, available: u64) -> u64 {
        match (self.chunk_size, self.long_size) {
            (UNKNOWN, Some(bytes)) => bytes,
            (UNKNOWN, None) => available,
            (0, _) if !self.whole => available,
            (bytes, _) => u64::from(bytes),
        }
    }
}

/// The size of the data chunk in a `ds64` chunk whose header was just read: RIFF size, data size, frame count.
fn read_ds64(file: &mut File) -> io::Result<Option<u64>> {
    let mut sizes = [0; 16];
    match file.read_exact(&mut sizes) {
        Ok(()) => {
            let [_, _, _, _, _, _, _, _, data @ ..] = sizes;
            Ok(Some(u64::from_le_bytes(data)))
        }
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}
