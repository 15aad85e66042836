//! Sound into WAV files, whole or absent.

use super::place::{settle, unfinished};
use super::{Flow, Sink};
use crate::LiveError;
use crate::bar::Format;
use adm_audio::{AudioError, WavFormat, WavWriter};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bytes of samples that one file takes. WAV counts to 4 GiB; 2 GiB is what careless readers can take.
const MOST_BYTES: u64 = (1 << 31) - (1 << 16);

/// Records the stream.
///
/// A file appears under its name when it is complete: at the end of the stream, however it ends, or when it has grown to
/// 2 GiB (3.4 hours of stereo at 44,100 Hz and 16 bits). Then the recording goes on, with the very next frame, in
/// `NAME-2.wav`, `NAME-3.wav` and so on. No file is ever replaced: a name that is taken when a file is complete is passed
/// over, so that it is the next free number. Only a crash or a power cut loses the file that is being written.
pub struct Recording {
    path: PathBuf,
    format: WavFormat,
    stream: Format,
    part: Option<Part>,
    /// The number that the next file has at least.
    number: u32,
    most_samples: u64,
}

/// The file that is being written.
struct Part {
    writer: WavWriter,
    /// Its name until it has one that is known to be free.
    unfinished: PathBuf,
    samples: u64,
}

impl Recording {
    /// Begins a recording at `path`; folders on the way are made.
    ///
    /// # Errors
    /// [`LiveError::Record`] where no file can be made.
    pub fn create(path: &Path, format: WavFormat, stream: Format) -> Result<Self, LiveError> {
        let bytes = match format {
            WavFormat::Pcm16 => 2,
            WavFormat::Pcm24 => 3,
            WavFormat::Float32 => 4,
        };
        let most_samples = MOST_BYTES / bytes / stream.channels as u64 * stream.channels as u64;
        let mut recording = Self { path: path.to_owned(), format, stream, part: None, number: 1, most_samples };
        recording.begin()?;
        Ok(recording)
    }

    fn begin(&mut self) -> Result<(), LiveError> {
        let unfinished = unfinished(&self.path);
        let writer = WavWriter::create(&unfinished, self.stream.rate, self.stream.channels, self.format)
            .map_err(|error| self.failed(error))?;
        self.part = Some(Part { writer, unfinished, samples: 0 });
        Ok(())
    }

    fn append(&mut self, samples: &[f32]) -> Result<(), LiveError> {
        let Some(part) = &mut self.part else { return Ok(()) };
        let room = usize::try_from(self.most_samples - part.samples).unwrap_or(usize::MAX);
        let (now, later) = samples.split_at(room.min(samples.len()));
        part.samples += now.len() as u64;
        let written = part.writer.write(now);
        written.map_err(|error| self.failed(error))?;
        if later.is_empty() { Ok(()) } else { self.turn_over().and_then(|()| self.append(later)) }
    }

    /// Completes a file and begins the next.
    fn turn_over(&mut self) -> Result<(), LiveError> {
        self.finish()?;
        self.begin()
    }

    /// The failure of a file as one of the recording, under the name that the user knows.
    fn failed(&self, error: AudioError) -> LiveError {
        LiveError::Record(match error {
            AudioError::Write { source, .. } => AudioError::Write { path: self.path.clone(), source },
            other => other,
        })
    }
}

impl Sink for Recording {
    fn name(&self) -> String {
        format!("the recording {}", self.path.display())
    }

    fn write(&mut self, samples: &[f32]) -> Result<Flow, LiveError> {
        self.append(samples).map(|()| Flow::Open)
    }

    fn finish(&mut self) -> Result<(), LiveError> {
        let Some(Part { writer, unfinished, .. }) = self.part.take() else { return Ok(()) };
        writer.finish().map_err(|error| self.failed(error))?;
        let unnamed = |source| LiveError::Record(AudioError::Write { path: unfinished.clone(), source });
        let number = settle(&unfinished, &self.path, self.number).map_err(unnamed)?;
        self.number = number.saturating_add(1);
        Ok(())
    }

    fn is_heard(&self) -> bool {
        false
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

    #[test]
    fn files_of_older_recordings_stay_whenever_they_came_to_be() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let stream = Format { rate: SampleRate::CD, channels: 2 };
        let mut recording = Recording::create(&at("set.wav"), WavFormat::Float32, stream).unwrap();
        recording.most_samples = 700;
        for name in ["set.wav", "set-3.wav"] {
            std::fs::write(at(name), "old").unwrap();
        }
        assert_eq!(recording.write(&[0.25; 800]).unwrap(), Flow::Open);
        recording.finish().unwrap();
        for (name, length) in [("set-2.wav", 350), ("set-4.wav", 50)] {
            assert_eq!(hound::WavReader::open(at(name)).unwrap().duration(), length, "{name}");
        }
        for name in ["set.wav", "set-3.wav"] {
            assert_eq!(std::fs::read_to_string(at(name)).unwrap(), "old", "{name}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4, "nothing else is left");
    }
}
