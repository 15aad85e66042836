//! WAV files, whole or absent.

use crate::AudioError;
use crate::loudness::check_frames;
use crate::remix::check_channels;
use adm_core::seeds::{Rng, StreamRng};
use adm_core::{Frames, SampleRate, Seeds};
use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// Most bytes of samples: the header counts them, itself and a little more with 32 bits.
const MOST_BYTES: u64 = u32::MAX as u64 - 128;

/// How samples are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WavFormat {
    /// 16-bit integers: 96 dB of range.
    Pcm16,
    /// 24-bit integers: 144 dB of range.
    Pcm24,
    /// 32-bit floats: nothing is rounded or clamped.
    Float32,
}

impl WavFormat {
    fn bits(self) -> u16 {
        match self {
            Self::Pcm16 => 16,
            Self::Pcm24 => 24,
            Self::Float32 => 32,
        }
    }

    /// Says before a file is begun at `path` that it could not hold so many frames.
    ///
    /// # Errors
    /// [`AudioError::TooLong`].
    pub fn check_length(self, path: &Path, channels: usize, frames: u64) -> Result<(), AudioError> {
        let bytes = u64::from(self.bits() / 8) * channels as u64;
        match frames.saturating_mul(bytes) > MOST_BYTES {
            true => Err(AudioError::TooLong { path: path.to_owned() }),
            false => Ok(()),
        }
    }

    fn spec(self, rate: SampleRate, channels: usize) -> hound::WavSpec {
        let float = self == Self::Float32;
        let sample_format = if float { hound::SampleFormat::Float } else { hound::SampleFormat::Int };
        let channels = channels as u16;
        hound::WavSpec { channels, sample_rate: rate.hz(), bits_per_sample: self.bits(), sample_format }
    }
}

/// Writes a WAV file beside its final name and renames it when it is whole.
///
/// Dropped unfinished, it takes its temporary file with it.
pub struct WavWriter {
    path: PathBuf,
    rate: SampleRate,
    channels: usize,
    format: WavFormat,
    dither: Option<StreamRng>,
    samples: u64,
    most_bytes: u64,
    encoder: hound::WavWriter<BufWriter<File>>,
    file: File,
    temporary: TempPath,
}

impl WavWriter {
    /// Begins a file at `path` with 1 or 2 channels; folders on the way are made.
    ///
    /// # Errors
    /// [`AudioError::Write`] where the folder does not take a file, [`AudioError::WrongShape`] for other channels.
    pub fn create(path: &Path, rate: SampleRate, channels: usize, format: WavFormat) -> Result<Self, AudioError> {
        check_channels(channels)?;
        let (file, temporary) = temporary_beside(path).map_err(AudioError::writing(path))?;
        let buffered = BufWriter::with_capacity(1 << 18, file.try_clone().map_err(AudioError::writing(path))?);
        let encoder = hound::WavWriter::new(buffered, format.spec(rate, channels)).map_err(refused(path))?;
        let (path, dither, samples, most_bytes) = (path.to_owned(), None, 0, MOST_BYTES);
        Ok(Self { path, rate, channels, format, dither, samples, most_bytes, encoder, file, temporary })
    }

    /// Adds Pcm16 dither: triangular noise of ±1 step, drawn from `seeds`. It trades the distortion of very quiet
    /// passages for a little hiss at −93 dBFS. Without it samples are rounded plainly. Other formats ignore it.
    #[must_use]
    pub fn with_dither(mut self, seeds: Seeds) -> Self {
        self.dither = (self.format == WavFormat::Pcm16).then(|| seeds.stream("wav-dither", 0));
        self
    }

    /// Says early what would be said after so many frames: that the file cannot hold them.
    ///
    /// # Errors
    /// [`AudioError::TooLong`].
    pub fn expect(&self, frames: u64) -> Result<(), AudioError> {
        self.format.check_length(&self.path, self.channels, frames)
    }

    /// Appends interleaved samples, shape `[frames, channels]`. Integer formats clamp to full scale.
    ///
    /// # Errors
    /// [`AudioError::NotFinite`], [`AudioError::TooLong`], [`AudioError::Write`], or [`AudioError::WrongShape`] for a
    /// part of a frame. Nothing of a refused block is written.
    pub fn write(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        check_frames(samples, self.channels)?;
        let count = self.samples + samples.len() as u64;
        if count.saturating_mul(u64::from(self.format.bits() / 8)) > self.most_bytes {
            return Err(AudioError::TooLong { path: self.path.clone() });
        }
        if let Some(bad) = samples.iter().position(|sample| !sample.is_finite()) {
            let at = Frames((self.samples + bad as u64) / self.channels as u64).seconds(self.rate);
            return Err(AudioError::NotFinite { path: self.path.clone(), at });
        }
        self.samples = count;
        samples.iter().try_for_each(|&sample| self.encode(sample)).map_err(refused(&self.path))
    }

    fn encode(&mut self, sample: f32) -> hound::Result<()> {
        match self.format {
            WavFormat::Float32 => self.encoder.write_sample(sample),
            WavFormat::Pcm16 => {
                let noise = self.dither.as_mut().map_or(0.0, triangular);
                self.encoder.write_sample(quantised(sample, 16, noise))
            }
            WavFormat::Pcm24 => self.encoder.write_sample(quantised(sample, 24, 0.0)),
        }
    }

    /// Completes the header, puts the file on disk and renames it; returns its length.
    ///
    /// # Errors
    /// [`AudioError::Write`].
    pub fn finish(self) -> Result<Frames, AudioError> {
        self.encoder.finalize().map_err(refused(&self.path))?;
        self.file.sync_all().map_err(AudioError::writing(&self.path))?;
        self.temporary.persist(&self.path).map_err(|failed| AudioError::writing(&self.path)(failed.error))?;
        Ok(Frames(self.samples / self.channels as u64))
    }
}

/// The nearest integer of `bits` bits: full scale is `2^(bits−1)`, of which the positive side is clamped by one step.
fn quantised(sample: f32, bits: i32, noise: f64) -> i32 {
    let scale = f64::from(1u32 << (bits - 1));
    (f64::from(sample) * scale + noise).round().clamp(-scale, scale - 1.0) as i32
}

/// The difference of two uniform numbers: between −1 and 1, most often near 0.
fn triangular(random: &mut StreamRng) -> f64 {
    let mut uniform = || f64::from(random.next_u32()) / f64::from(u32::MAX);
    uniform() - uniform()
}

fn temporary_beside(path: &Path) -> io::Result<(File, TempPath)> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".adm-").suffix(".partial");
    if let Some(permissions) = readable() {
        builder.permissions(permissions);
    }
    Ok(builder.tempfile_in(parent)?.into_parts())
}

/// Temporary files are private to the user by default; what becomes of this one is as readable as any other file.
#[cfg(unix)]
fn readable() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable() -> Option<Permissions> {
    None
}

fn refused(path: &Path) -> impl Fn(hound::Error) -> AudioError {
    move |error| {
        let source = match error {
            hound::Error::IoError(error) => error,
            other => io::Error::other(other.to_string()),
        };
        AudioError::Write { path: path.to_owned(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Hint;

    #[test]
    fn a_file_that_would_outgrow_its_header_is_refused_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.wav");
        let mut writer = WavWriter::create(&path, SampleRate::CD, 2, WavFormat::Pcm24).unwrap();
        writer.most_bytes = 6 * 100;
        writer.write(&[0.0; 200]).unwrap();
        let error = writer.write(&[0.0; 2]).unwrap_err();
        assert_eq!(error.to_string(), format!("{} would pass the 4 GiB that a WAV file can hold", path.display()));
        assert!(error.hint().unwrap().contains("--seconds"));
        drop(writer);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_full_disk_is_named_with_the_path() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let error = refused(Path::new("a/b.wav"))(hound::Error::IoError(full));
        assert_eq!(error.to_string(), "cannot write a/b.wav");
        assert!(error.hint().unwrap().contains("free some space"));
    }
}
