//! Sound into anything that takes bytes, standard output above all.

use super::{Flow, Sink};
use crate::LiveError;
use crate::bar::Format;
use crate::wire;
use std::io::{self, Write};
use std::time::Duration;

/// How samples go into a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PipeFormat {
    /// A WAV header that leaves the length open, then 16-bit integers. Players and encoders know what it is.
    #[default]
    Wav,
    /// 16-bit little-endian integers and nothing else.
    S16le,
    /// 32-bit little-endian floats and nothing else: not rounded, not clamped.
    F32le,
}

/// Writes interleaved samples. A reader that leaves ends it quietly.
pub struct Pipe {
    writer: Box<dyn Write + Send>,
    format: PipeFormat,
    stream: Format,
    bytes: Vec<u8>,
    begun: bool,
}

impl Pipe {
    /// A pipe for a stream of shape `stream`. `writer` should not gather more than a few milliseconds itself: it is flushed
    /// with every chunk.
    pub fn new(writer: impl Write + Send + 'static, format: PipeFormat, stream: Format) -> Self {
        Self { writer: Box::new(writer), format, stream, bytes: Vec::new(), begun: false }
    }

    fn encode(&mut self, samples: &[f32]) {
        self.bytes.clear();
        if !self.begun && self.format == PipeFormat::Wav {
            self.bytes.extend_from_slice(&endless_header(self.stream));
        }
        self.begun = true;
        match self.format {
            PipeFormat::Wav | PipeFormat::S16le => {
                self.bytes.extend(samples.iter().flat_map(|&value| wire::sample(value).to_le_bytes()));
            }
            PipeFormat::F32le => self.bytes.extend(samples.iter().flat_map(|value| value.to_le_bytes())),
        }
    }
}

impl Sink for Pipe {
    fn name(&self) -> String {
        "the pipe".to_owned()
    }

    fn write(&mut self, samples: &[f32]) -> Result<Flow, LiveError> {
        self.encode(samples);
        match self.writer.write_all(&self.bytes).and_then(|()| self.writer.flush()) {
            Ok(()) => Ok(Flow::Open),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Flow::Closed),
            Err(source) => Err(LiveError::Write { sink: self.name(), source }),
        }
    }

    fn finish(&mut self) -> Result<(), LiveError> {
        Ok(())
    }

    /// A reader that has stopped reading shall not keep the program from ending.
    fn patience(&self) -> Option<Duration> {
        Some(Duration::from_secs(1))
    }
}

/// The header of a 16-bit WAV file whose length nobody knows: both sizes are at their largest, which readers of streams
/// (`ffmpeg`, `sox`, `aplay`, browsers) take for "until it ends".
pub(crate) fn endless_header(format: Format) -> [u8; 44] {
    let channels = format.channels as u16;
    let rate = format.rate.hz();
    let frame = channels * 2;
    let mut header = [0; 44];
    let parts: [&[u8]; 13] = [
        b"RIFF",
        &u32::MAX.to_le_bytes(),
        b"WAVE",
        b"fmt ",
        &16u32.to_le_bytes(),
        &1u16.to_le_bytes(),
        &channels.to_le_bytes(),
        &rate.to_le_bytes(),
        &(rate * u32::from(frame)).to_le_bytes(),
        &frame.to_le_bytes(),
        &16u16.to_le_bytes(),
        b"data",
        &u32::MAX.to_le_bytes(),
    ];
    header.iter_mut().zip(parts.into_iter().flatten()).for_each(|(byte, part)| *byte = *part);
    header
}
