//! Sound into WAV files, whole or absent.

use super::{Flow, Sink};
use crate::LiveError;
use crate::bar::Format;
use adm_audio::{WavFormat, WavWriter};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bytes of samples that one file takes. WAV counts to 4 GiB; 2 GiB is what careless readers can take.
const MOST_BYTES: u64 = (1 << 31) - (1 << 16);

/// Records the stream.
///
/// A file appears under its name when it is complete: at the end of the stream, however it ends, or when it has grown to
/// 2 GiB (3.4 hours of stereo at 44,100 Hz and 16 bits). Then the recording goes on, with the very next frame, in
/// `NAME-2.wav`, `NAME-3.wav` and so on. Only a crash or a power cut loses the file that is being written.
pub struct Recording {
    path: PathBuf,
    format: WavFormat,
    stream: Format,
    writer: Option<WavWriter>,
    part: u32,
    samples: u64,
    most_samples: u64,
}

impl Recording {
    /// Begins a recording at `path`; folders on the way are made, a file that is there already is replaced at the end.
    ///
    /// # Errors
    /// [`LiveError::Record`] where no file can be made.
    pub fn create(path: &Path, format: WavFormat, stream: Format) -> Result<Self, LiveError> {
        let bytes = match format {
            WavFormat::Pcm16 => 2,
            WavFormat::Pcm24 => 3,
            WavFormat::Float32 => 4,
        };
        let writer = Some(begin(path, format, stream)?);
        let most_samples = MOST_BYTES / bytes / stream.channels as u64 * stream.channels as u64;
        Ok(Self { path: path.to_owned(), format, stream, writer, part: 1, samples: 0, most_samples })
    }

    fn append(&mut self, samples: &[f32]) -> Result<(), LiveError> {
        let room = usize::try_from(self.most_samples - self.samples).unwrap_or(usize::MAX);
        let (now, later) = samples.split_at(room.min(samples.len()));
        if let Some(writer) = &mut self.writer {
            writer.write(now).map_err(LiveError::Record)?;
            self.samples += now.len() as u64;
        }
        if later.is_empty() { Ok(()) } else { self.turn_over().and_then(|()| self.append(later)) }
    }

    /// Completes a file and begins the next.
    fn turn_over(&mut self) -> Result<(), LiveError> {
        self.finish()?;
        self.part += 1;
        self.samples = 0;
        self.writer = Some(begin(&self.part_path(), self.format, self.stream)?);
        Ok(())
    }

    fn part_path(&self) -> PathBuf {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        let extension = self.path.extension().map(|end| format!(".{}", end.to_string_lossy())).unwrap_or_default();
        self.path.with_file_name(format!("{stem}-{}{extension}", self.part))
    }
}

fn begin(path: &Path, format: WavFormat, stream: Format) -> Result<WavWriter, LiveError> {
    WavWriter::create(path, stream.rate, stream.channels, format).map_err(LiveError::Record)
}

impl Sink for Recording {
    fn name(&self) -> String {
        format!("the recording {}", self.path.display())
    }

    fn write(&mut self, samples: &[f32]) -> Result<Flow, LiveError> {
        self.append(samples).map(|()| Flow::Open)
    }

    fn finish(&mut self) -> Result<(), LiveError> {
        self.writer.take().map_or(Ok(()), |writer| writer.finish().map(|_| ()).map_err(LiveError::Record))
    }

    /// A disk that is busy for a few seconds shall not be heard.
    fn slack(&self) -> Duration {
        Duration::from_secs(8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::SampleRate;

    #[test]
    fn a_long_recording_goes_on_in_further_files_without_a_gap() {
        let folder = tempfile::tempdir().unwrap();
        let stream = Format { rate: SampleRate::CD, channels: 2 };
        let mut recording = Recording::create(&folder.path().join("set.wav"), WavFormat::Float32, stream).unwrap();
        recording.most_samples = 700;
        let samples = (0..2_000).map(|sample| sample as f32).collect::<Vec<_>>();
        for chunk in samples.chunks(300) {
            assert_eq!(recording.write(chunk).unwrap(), Flow::Open);
        }
        assert!(folder.path().join("set-2.wav").exists() && !folder.path().join("set-3.wav").exists());
        recording.finish().unwrap();
        let read = |name: &str| hound::WavReader::open(folder.path().join(name)).unwrap().into_samples::<f32>();
        let all = ["set.wav", "set-2.wav", "set-3.wav"].into_iter().flat_map(read).map(Result::unwrap);
        assert!(all.eq(samples));
    }
}
